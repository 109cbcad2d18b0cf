--[[
Removes an incarnation without entries, unless it was declared over again during the reaping.

KEYS[1] over     hash incarnation -> number of declarations, until it is reaped
KEYS[2] reaping  string: lock of the reaper

ARGV[1] incarnation
ARGV[2] number of declarations at the beginning of the reaping

Returns 1 if removed else 0
]]
redis.call('DEL', KEYS[2])
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[1])
