--[[
Moves a cursor forward: within an epoch by offset, across epochs by the time of the message.

KEYS[1] hash conversation -> `<offset> <at> <epoch>`
ARGV[1] conversation   ARGV[2] offset   ARGV[3] at   ARGV[4] epoch   ARGV[5] TTL, seconds
Returns {1 if it moved else 0, the cursor now}
]]
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then
  local offset, at, epoch = string.match(known, '^(%d+) (%d+) (.*)$')
  local beyond
  if epoch == ARGV[4] then beyond = tonumber(ARGV[2]) > tonumber(offset)
  else beyond = tonumber(ARGV[3]) > tonumber(at) end
  if not beyond then return {0, known} end
end
local cursor = ARGV[2] .. ' ' .. ARGV[3] .. ' ' .. ARGV[4]
redis.call('HSET', KEYS[1], ARGV[1], cursor)
redis.call('EXPIRE', KEYS[1], ARGV[5])
return {1, cursor}
