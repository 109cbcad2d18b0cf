--[[
Puts a connection into a channel. Repeating it changes nothing but the stored info.

KEYS[1] part          hash client -> `<0|1 announced><user key>\n<info JSON>`, of one incarnation
KEYS[2] incarnations  set of those with a part
KEYS[3] users         hash user key -> connections over all parts
KEYS[4] sessions      hash client -> `<incarnation> <record>`, of the user of a personal channel

ARGV[1] client
ARGV[2] user key: without newline
ARGV[3] info, JSON
ARGV[4] incarnation
ARGV[5] '1': announce the user's first connection
ARGV[6] bus channel
ARGV[7] '' or, for a personal channel, the address that precedes the message on a node's bus channel
ARGV[8] what precedes an incarnation in the name of its bus channel

Returns 1 if the connection is new else 0
]]
local new = redis.call('HSET', KEYS[1], ARGV[1], ARGV[5] .. ARGV[2] .. '\n' .. ARGV[3])
if new == 0 then return 0 end
redis.call('SADD', KEYS[2], ARGV[4])
if redis.call('HINCRBY', KEYS[3], ARGV[2], 1) == 1 and ARGV[5] == '1' then
  tell('j' .. ARGV[3], ARGV[6], KEYS[4], ARGV[7], ARGV[8])
end
return 1
