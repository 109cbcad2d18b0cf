--[[
Redeems an invitation. One user can redeem it, any number of times.

KEYS[1] hash: `invite` JSON, `user`, `expiresAt`, `usedBy`
ARGV[1] user   ARGV[2] now, Unix ms
Returns the JSON, or 'used', 'expired', 'not_yours'
]]
local invite = redis.call('HMGET', KEYS[1], 'invite', 'user', 'expiresAt', 'usedBy')
if not invite[1] then return 'expired' end
if invite[4] then
  if invite[4] == ARGV[1] then return invite[1] end
  return 'used'
end
if tonumber(invite[3]) <= tonumber(ARGV[2]) then return 'expired' end
if invite[2] and invite[2] ~= ARGV[1] then return 'not_yours' end
redis.call('HSET', KEYS[1], 'usedBy', ARGV[1])
return invite[1]
