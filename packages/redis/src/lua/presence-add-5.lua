--[[
Adds a connection to a channel. A repetition changes only the stored entry. A user who returns within the
grace period is not announced.

KEYS[1] part          hash client -> entry (see entry.lua), of one incarnation
KEYS[2] incarnations  set of those with a part
KEYS[3] users         hash user key -> connections over all parts
KEYS[4] graces        hash user key -> grace (see entry.lua)
KEYS[5] sessions      hash client -> `<incarnation> <record>`, of the user of a personal channel

ARGV[1] client
ARGV[2] user key: without newline
ARGV[3] info, JSON
ARGV[4] incarnation
ARGV[5] '1': announce the first connection of the user
ARGV[6] grace period at the end of the incarnation, ms; `.`; order (see entry.lua)
ARGV[7] bus channel
ARGV[8] '' or, for a personal channel, the prefix of the message on the bus channel of a node
ARGV[9] prefix of the bus channels of nodes; the incarnation follows

Returns {1 if the connection is new else 0, messages that the caller must publish}
]]
local value = ARGV[5] .. ARGV[6] .. ARGV[2] .. '\n' .. ARGV[3]
if redis.call('HSET', KEYS[1], ARGV[1], value) == 0 then return {0, nodeMessages} end
redis.call('SADD', KEYS[2], ARGV[4])
if redis.call('HINCRBY', KEYS[3], ARGV[2], 1) == 1 then
  local back = redis.call('HDEL', KEYS[4], ARGV[2])
  if back == 0 and ARGV[5] == '1' then notify('j' .. redis.call('HLEN', KEYS[3]) .. ARGV[3], ARGV[7], KEYS[5], ARGV[8], ARGV[9]) end
end
return {1, nodeMessages}
