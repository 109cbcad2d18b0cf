--[[
Adds a room to the rooms of a user, up to a maximum.

KEYS[1] set   ARGV[1] room   ARGV[2] maximum, or 'inf'
Returns 1 if the set has the room now else 0
]]
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 1 then return 1 end
if redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('SADD', KEYS[1], ARGV[1])
return 1
