--[[
Ends the grace of those who are missed and did not come back: each has left.

KEYS[1] missed    hash user key -> who is missed (see entry.lua)
KEYS[2] sessions  hash client -> `<incarnation> <record>`, of the user of a personal channel
KEYS[3] users     hash user key -> connections over all parts

ARGV[1] '1': the grace of all is over, whatever the time
ARGV[2] bus channel
ARGV[3] '' or, for a personal channel, the address that precedes the message on a node's bus channel
ARGV[4] what precedes an incarnation in the name of its bus channel

Returns {ms until the next grace ends, -1: nobody is missed, messages to be sent by the caller}
]]
local time, next = now(), -1
local all = redis.call('HGETALL', KEYS[1])
for at = 1, #all, 2 do
  local one = missed(all[at + 1])
  if ARGV[1] == '1' or one.till <= time then
    redis.call('HDEL', KEYS[1], all[at])
    if one.announced then tell('l' .. redis.call('HLEN', KEYS[3]) .. one.info, ARGV[2], KEYS[2], ARGV[3], ARGV[4]) end
  elseif next < 0 or one.till - time < next then
    next = one.till - time
  end
end
return {next, untold}
