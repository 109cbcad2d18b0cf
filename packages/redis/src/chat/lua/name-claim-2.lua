--[[
Claims a name for a room, from `holder` if that has it.

KEYS[1] hash name -> room   KEYS[2] order of names
ARGV[1] name   ARGV[2] room   ARGV[3] '' or the room whose claim is void
Returns the room that holds the name now
]]
local holder = redis.call('HGET', KEYS[1], ARGV[1])
if holder and holder ~= ARGV[3] then return holder end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], 0, ARGV[1])
return ARGV[2]
