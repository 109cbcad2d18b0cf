--[[
Ends expired grace periods: each of their users has left.

KEYS[1] graces    hash user key -> grace (see entry.lua)
KEYS[2] sessions  hash client -> `<incarnation> <record>`, of the user of a personal channel
KEYS[3] users     hash user key -> connections over all parts

ARGV[1] '1': end all grace periods, expired or not
ARGV[2] bus channel
ARGV[3] '' or, for a personal channel, the prefix of the message on the bus channel of a node
ARGV[4] prefix of the bus channels of nodes; the incarnation follows

Returns {ms until the next grace ends, -1 if there is none, messages that the caller must publish}
]]
local time, next = now(), -1
local all = redis.call('HGETALL', KEYS[1])
for at = 1, #all, 2 do
  local one = grace(all[at + 1])
  if ARGV[1] == '1' or one.till <= time then
    redis.call('HDEL', KEYS[1], all[at])
    if one.announced then notify('l' .. redis.call('HLEN', KEYS[3]) .. one.info, ARGV[2], KEYS[2], ARGV[3], ARGV[4]) end
  elseif next < 0 or one.till - time < next then
    next = one.till - time
  end
end
return {next, nodeMessages}
