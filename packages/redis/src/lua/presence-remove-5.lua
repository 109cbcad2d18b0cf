--[[
Removes connections of one incarnation from a channel: a named one or, to reap the incarnation, any. With the
last connection of a user, the grace period of the user begins, or a leave is published.

KEYS[1] part          hash client -> entry (see entry.lua), of one incarnation
KEYS[2] incarnations  set of those with a part
KEYS[3] users         hash user key -> connections over all parts
KEYS[4] graces        hash user key -> grace (see entry.lua)
KEYS[5] sessions      hash client -> `<incarnation> <record>`, of the user of a personal channel

ARGV[1] client; '' to reap
ARGV[2] maximum number of connections, to reap; otherwise the order (see entry.lua)
ARGV[3] incarnation
ARGV[4] '1': announce; '0': do not; '': as each entry says (to reap)
ARGV[5] grace period, ms; '': as each entry says (to reap)
ARGV[6] bus channel
ARGV[7] '' or, for a personal channel, the prefix of the message on the bus channel of a node
ARGV[8] prefix of the bus channels of nodes; the incarnation follows

Returns {connections left in the part, users in their grace period in the channel, messages that the caller
must publish}
]]
local going
if ARGV[1] ~= '' then
  local value = redis.call('HGET', KEYS[1], ARGV[1])
  going = value and entry(value).order < tonumber(ARGV[2]) and {ARGV[1], value} or {}
else
  going = redis.call('HRANDFIELD', KEYS[1], ARGV[2], 'WITHVALUES')
end

for at = 1, #going, 2 do
  local one = entry(going[at + 1])
  redis.call('HDEL', KEYS[1], going[at])
  if redis.call('HINCRBY', KEYS[3], one.user, -1) <= 0 then
    redis.call('HDEL', KEYS[3], one.user)
    local announce = ARGV[4] == '1' or (ARGV[4] == '' and one.announced)
    local period = ARGV[5] == '' and one.grace or tonumber(ARGV[5])
    if period > 0 then
      local till = string.format('%.0f', now() + period)
      redis.call('HSET', KEYS[4], one.user, till .. ' ' .. (announce and '1' or '0') .. one.info)
      -- The node that counts the grace removes it. The TTL covers the loss of all indexes in Redis.
      redis.call('PEXPIRE', KEYS[4], period + 3600000)
    elseif announce then
      notify('l' .. redis.call('HLEN', KEYS[3]) .. one.info, ARGV[6], KEYS[5], ARGV[7], ARGV[8])
    end
  end
end

local left = redis.call('HLEN', KEYS[1])
if left == 0 then redis.call('SREM', KEYS[2], ARGV[3]) end
return {left, redis.call('HLEN', KEYS[4]), nodeMessages}
