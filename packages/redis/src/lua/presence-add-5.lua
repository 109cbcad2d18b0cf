--[[
Puts a connection into a channel. Repeating it changes nothing but the stored entry. A user who was missed and is back within
the grace is told to nobody.

KEYS[1] part          hash client -> entry (see entry.lua), of one incarnation
KEYS[2] incarnations  set of those with a part
KEYS[3] users         hash user key -> connections over all parts
KEYS[4] missed        hash user key -> who is missed (see entry.lua)
KEYS[5] sessions      hash client -> `<incarnation> <record>`, of the user of a personal channel

ARGV[1] client
ARGV[2] user key: without newline
ARGV[3] info, JSON
ARGV[4] incarnation
ARGV[5] '1': announce the user's first connection
ARGV[6] grace that is given if the incarnation ends, ms; `.`; order (see entry.lua)
ARGV[7] bus channel
ARGV[8] '' or, for a personal channel, the address that precedes the message on a node's bus channel
ARGV[9] what precedes an incarnation in the name of its bus channel

Returns {1 if the connection is new else 0, messages to be sent by the caller}
]]
local value = ARGV[5] .. ARGV[6] .. ARGV[2] .. '\n' .. ARGV[3]
if redis.call('HSET', KEYS[1], ARGV[1], value) == 0 then return {0, untold} end
redis.call('SADD', KEYS[2], ARGV[4])
if redis.call('HINCRBY', KEYS[3], ARGV[2], 1) == 1 then
  local back = redis.call('HDEL', KEYS[4], ARGV[2])
  if back == 0 and ARGV[5] == '1' then tell('j' .. redis.call('HLEN', KEYS[3]) .. ARGV[3], ARGV[7], KEYS[5], ARGV[8], ARGV[9]) end
end
return {1, untold}
