--[[
Writes the amendments of a message if their version is the expected one.

KEYS[1] hash offset -> `<version> <state>`
ARGV[1] offset   ARGV[2] expected version   ARGV[3] `<version> <state>`   ARGV[4] TTL, seconds
Returns 1 if written else 0
]]
local known = redis.call('HGET', KEYS[1], ARGV[1])
local version = known and string.sub(known, 1, string.find(known, ' ', 1, true) - 1) or '0'
if version ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
