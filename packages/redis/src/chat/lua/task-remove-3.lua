--[[
Removes a task.

KEYS as of task-take-3   ARGV[1] id
Returns 1 if it existed else 0
]]
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
return redis.call('ZREM', KEYS[1], ARGV[1])
