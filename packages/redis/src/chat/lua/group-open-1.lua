--[[
Creates a consumer group that begins with the next entry, with the number of earlier entries: without it,
Redis could not compute the lag. Removes idle consumers without pending entries, which belong to dead nodes.
One step, since the removal of a consumer removes its pending entries.

KEYS[1] stream   ARGV[1] group   ARGV[2] minimum idle time of a removed consumer, ms
Returns 1 if the group is new else 0
]]
local function row(flat)
  local found = {}
  for at = 1, #flat, 2 do found[flat[at]] = flat[at + 1] end
  return found
end

local known = false
local added = 0
if redis.call('EXISTS', KEYS[1]) == 1 then
  added = row(redis.call('XINFO', 'STREAM', KEYS[1]))['entries-added']
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
    if row(group).name == ARGV[1] then known = true end
  end
end
if not known then
  redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[1], '$', 'MKSTREAM', 'ENTRIESREAD', added)
  return 1
end
for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = row(flat)
  if consumer.pending == 0 and consumer.idle >= tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer.name)
  end
end
return 0
