--[[
Changes fields of an existing room.

KEYS[1] room hash   ARGV field, value, ...; an empty value removes the field
Returns 1 if the room exists else 0
]]
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
for at = 1, #ARGV, 2 do
  if ARGV[at + 1] == '' then redis.call('HDEL', KEYS[1], ARGV[at])
  else redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1]) end
end
return 1
