--[[
Redeems an invitation. As many users as it has uses can redeem it, each any number of times.

KEYS[1] hash: `invite` JSON, `user`, `expiresAt`, `uses`, `used` (count), `by:<user>` of each redeemer
ARGV[1] user   ARGV[2] now, Unix ms
Returns the JSON, or 'used', 'expired', 'not_yours'
]]
local invite = redis.call('HMGET', KEYS[1], 'invite', 'user', 'expiresAt', 'uses', 'used', 'by:' .. ARGV[1])
if not invite[1] then return 'expired' end
if invite[6] then return invite[1] end
if tonumber(invite[5] or 0) >= tonumber(invite[4] or 1) then return 'used' end
if tonumber(invite[3]) <= tonumber(ARGV[2]) then return 'expired' end
if invite[2] and invite[2] ~= ARGV[1] then return 'not_yours' end
redis.call('HSET', KEYS[1], 'by:' .. ARGV[1], 1)
redis.call('HINCRBY', KEYS[1], 'used', 1)
return invite[1]
