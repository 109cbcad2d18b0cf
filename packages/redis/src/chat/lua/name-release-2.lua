--[[
Releases the name of a room.

KEYS as of name-claim-2   ARGV[1] name   ARGV[2] room
Returns 1 if the room held it else 0
]]
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
