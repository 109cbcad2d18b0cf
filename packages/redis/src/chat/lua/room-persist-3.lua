--[[
Removes the TTL of a room that has claimed its name.

KEYS as of room-create-3
Returns 1 if the room exists else 0
]]
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
for _, key in ipairs(KEYS) do redis.call('PERSIST', key) end
return 1
