--[[
Reads the clients of a channel from the parts of incarnations that are alive. Suspected users are those in
their grace period, and those of dead incarnations that are not reaped yet.

KEYS[1]  incarnations  set of those with a part
KEYS[2]  users         hash user key -> connections over all parts
KEYS[3]  graces        hash user key -> grace (see entry.lua)
KEYS[4…] part          hash client -> entry (see entry.lua), of each incarnation in ARGV[4…]

ARGV[1]  'list' or 'stats'
ARGV[2]  '1': include suspected users
ARGV[3]  prefix of the keys of parts; the incarnation follows
ARGV[4…] incarnations that are alive

Returns {incarnations with a part, entries of each that is alive, infos of suspected users}
     or {incarnations with a part, connections, users}
]]
local present = redis.call('SMEMBERS', KEYS[1])
local live, dead = {}, {}
for at = 4, #ARGV do live[ARGV[at]] = true end
for _, uid in ipairs(present) do
  if not live[uid] then dead[#dead + 1] = uid end
end

-- Entries are returned unparsed: to parse 10,000 blocks Redis for 40 ms. With a dead incarnation they are
-- parsed, to count users and to find suspected users that are connected elsewhere.
local apart = #dead > 0 and (ARGV[1] == 'stats' or ARGV[2] == '1')
local parts = {}
if ARGV[1] == 'list' or apart then
  for at = 4, #KEYS do parts[#parts + 1] = redis.call('HVALS', KEYS[at]) end
end
local seen, users = {}, 0
if apart then
  for _, entries in ipairs(parts) do
    for _, value in ipairs(entries) do
      local user = entry(value).user
      if not seen[user] then
        seen[user] = true
        users = users + 1
      end
    end
  end
elseif ARGV[1] == 'stats' then
  users = redis.call('HLEN', KEYS[2])
end

local suspected = {}
if ARGV[2] == '1' then
  local time = now()
  for _, value in ipairs(redis.call('HVALS', KEYS[3])) do
    local one = grace(value)
    if one.till > time then suspected[#suspected + 1] = one.info end
  end
  for _, uid in ipairs(dead) do
    for _, value in ipairs(redis.call('HVALS', ARGV[3] .. uid)) do
      local one = entry(value)
      if one.grace > 0 and not seen[one.user] then
        seen[one.user] = true
        suspected[#suspected + 1] = one.info
      end
    end
  end
end

if ARGV[1] == 'list' then return {present, parts, suspected} end
local clients = 0
for at = 4, #KEYS do clients = clients + redis.call('HLEN', KEYS[at]) end
return {present, clients + #suspected, users + #suspected}
