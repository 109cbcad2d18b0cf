--[[
Changes the role of a member, unless the room would have no owner.

KEYS[1] roles   ARGV[1] user   ARGV[2] role
Returns 'set', 'absent' or 'last_owner'
]]
local role = redis.call('HGET', KEYS[1], ARGV[1])
if not role then return 'absent' end
if string.sub(role, 1, 5) == 'owner' and ARGV[2] ~= 'owner' then
  local owners = 0
  for _, other in ipairs(redis.call('HVALS', KEYS[1])) do
    if string.sub(other, 1, 5) == 'owner' then owners = owners + 1 end
  end
  if owners == 1 then return 'last_owner' end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. string.sub(role, string.find(role, ' ', 1, true), -1))
return 'set'
