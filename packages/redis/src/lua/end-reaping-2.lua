--[[
Forgets an incarnation of which nothing is left, unless it was declared over again meanwhile.

KEYS[1] over     hash incarnation -> times declared over: those being reaped
KEYS[2] reaping  string: who reaps it

ARGV[1] incarnation
ARGV[2] times declared over, as they were when the reaping began

Returns 1 if forgotten else 0
]]
redis.call('DEL', KEYS[2])
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[1])
