--[[
Reads who is in a channel, from the parts of incarnations that are alive.

KEYS[1]  incarnations  set of those with a part
KEYS[2]  users         hash user key -> connections over all parts
KEYS[3…] part          hash client -> `<0|1 announced><user key>\n<info JSON>`, of each incarnation in ARGV[2…]

ARGV[1]  'list' or 'stats'
ARGV[2…] incarnations that are alive

Returns {incarnations with a part, values of the parts} or {incarnations with a part, connections, users}
]]
local present = redis.call('SMEMBERS', KEYS[1])
if ARGV[1] == 'list' then
  local values = {}
  for at = 3, #KEYS do
    for _, value in ipairs(redis.call('HVALS', KEYS[at])) do values[#values + 1] = value end
  end
  return {present, values}
end

local clients = 0
for at = 3, #KEYS do clients = clients + redis.call('HLEN', KEYS[at]) end
local live = {}
for at = 2, #ARGV do live[ARGV[at]] = true end
local ghosts = false
for _, uid in ipairs(present) do ghosts = ghosts or not live[uid] end
if not ghosts then return {present, clients, redis.call('HLEN', KEYS[2])} end

-- The counts include parts of the dead until they are reaped: count the living by hand.
local seen, users = {}, 0
for at = 3, #KEYS do
  for _, value in ipairs(redis.call('HVALS', KEYS[at])) do
    local user = string.sub(value, 2, string.find(value, '\n', 1, true) - 1)
    if not seen[user] then
      seen[user] = true
      users = users + 1
    end
  end
end
return {present, clients, users}
