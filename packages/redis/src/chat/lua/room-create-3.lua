--[[
Creates the record of a room with a TTL for the claim of its name; see room-names.ts. A known room stays as it
is.

KEYS[1] room hash   KEYS[2] roles   KEYS[3] members
ARGV[1] owner   ARGV[2] `<role> <joinedAt>`   ARGV[3] TTL, seconds   ARGV[4...] fields and values of the room
Returns 1 if created else 0
]]
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 4))
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[3], 0, ARGV[1])
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[3]) end
return 1
