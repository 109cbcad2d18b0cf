--[[
Removes a member, unless the room would keep members but no owner.

KEYS[1] roles   KEYS[2] members   ARGV[1] user
Returns 'left', 'absent' or 'last_owner'
]]
local role = redis.call('HGET', KEYS[1], ARGV[1])
if not role then return 'absent' end
if string.sub(role, 1, 5) == 'owner' and redis.call('ZCARD', KEYS[2]) > 1 then
  local owners = 0
  for _, other in ipairs(redis.call('HVALS', KEYS[1])) do
    if string.sub(other, 1, 5) == 'owner' then owners = owners + 1 end
  end
  if owners == 1 then return 'last_owner' end
end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 'left'
