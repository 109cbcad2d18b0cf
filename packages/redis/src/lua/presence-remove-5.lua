--[[
Takes connections of one incarnation out of a channel: one that is named, or, to reap an incarnation, any of them. A user whose
last connection went is missed for the time of the grace, or has left: one leave is published for each.

KEYS[1] part          hash client -> entry (see entry.lua), of one incarnation
KEYS[2] incarnations  set of those with a part
KEYS[3] users         hash user key -> connections over all parts
KEYS[4] missed        hash user key -> who is missed (see entry.lua)
KEYS[5] sessions      hash client -> `<incarnation> <record>`, of the user of a personal channel

ARGV[1] client; '' to reap
ARGV[2] how many at most, to reap; the order (see entry.lua) otherwise
ARGV[3] incarnation
ARGV[4] '1': announce; '0': do not; '': as each entry says (to reap)
ARGV[5] grace, ms; '': as each entry says (to reap)
ARGV[6] bus channel
ARGV[7] '' or, for a personal channel, the address that precedes the message on a node's bus channel
ARGV[8] what precedes an incarnation in the name of its bus channel

Returns {connections left in the part, users missed in the channel, messages to be sent by the caller}
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
    local grace = ARGV[5] == '' and one.grace or tonumber(ARGV[5])
    if grace > 0 then
      local till = string.format('%.0f', now() + grace)
      redis.call('HSET', KEYS[4], one.user, till .. ' ' .. (announce and '1' or '0') .. one.info)
      -- Whoever counts the grace removes it; this is for the case that all of Redis forgot who that is.
      redis.call('PEXPIRE', KEYS[4], grace + 3600000)
    elseif announce then
      tell('l' .. redis.call('HLEN', KEYS[3]) .. one.info, ARGV[6], KEYS[5], ARGV[7], ARGV[8])
    end
  end
end

local left = redis.call('HLEN', KEYS[1])
if left == 0 then redis.call('SREM', KEYS[2], ARGV[3]) end
return {left, redis.call('HLEN', KEYS[4]), untold}
