--[[
Claims a name for a room. `ARGV[3]` may name the present holder, whose claim is void.

KEYS[1] hash name -> room   KEYS[2] order of names
ARGV[1] name   ARGV[2] room   ARGV[3] '' or the holder whose claim is void
Returns the room that holds the name now
]]
local holder = redis.call('HGET', KEYS[1], ARGV[1])
if holder and holder ~= ARGV[3] then return holder end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], 0, ARGV[1])
return ARGV[2]
