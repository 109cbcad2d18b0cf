--[[
Takes connections of one incarnation out of a channel: one that is named, or, to reap an incarnation, any of them. Publishes
one leave for each user whose last connection went.

KEYS[1] part          hash client -> `<0|1 announced><user key>\n<info JSON>`, of one incarnation
KEYS[2] incarnations  set of those with a part
KEYS[3] users         hash user key -> connections over all parts
KEYS[4] sessions      hash client -> `<incarnation> <record>`, of the user of a personal channel

ARGV[1] client; '' to reap
ARGV[2] how many at most, to reap
ARGV[3] incarnation
ARGV[4] '1': announce; '0': do not; '': as each entry says (to reap)
ARGV[5] bus channel
ARGV[6] '' or, for a personal channel, the address that precedes the message on a node's bus channel
ARGV[7] what precedes an incarnation in the name of its bus channel

Returns how many connections are left in the part
]]
local going
if ARGV[1] ~= '' then
  local value = redis.call('HGET', KEYS[1], ARGV[1])
  going = value and {ARGV[1], value} or {}
else
  going = redis.call('HRANDFIELD', KEYS[1], ARGV[2], 'WITHVALUES')
end

for at = 1, #going, 2 do
  local value = going[at + 1]
  local stop = string.find(value, '\n', 1, true)
  local user = string.sub(value, 2, stop - 1)
  redis.call('HDEL', KEYS[1], going[at])
  if redis.call('HINCRBY', KEYS[3], user, -1) <= 0 then
    redis.call('HDEL', KEYS[3], user)
    local announce = ARGV[4] == '1' or (ARGV[4] == '' and string.sub(value, 1, 1) == '1')
    if announce then tell('l' .. string.sub(value, stop + 1), ARGV[5], KEYS[4], ARGV[6], ARGV[7]) end
  end
end

local left = redis.call('HLEN', KEYS[1])
if left == 0 then redis.call('SREM', KEYS[2], ARGV[3]) end
return left
