--[[
The room has its name: it stays.

KEYS as of room-create-3
Returns 1 if the room is there else 0
]]
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
for _, key in ipairs(KEYS) do redis.call('PERSIST', key) end
return 1
