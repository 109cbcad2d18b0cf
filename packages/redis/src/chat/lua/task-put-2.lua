--[[
Stores a task; a known one keeps its payload.

KEYS[1] zset by time   KEYS[2] payloads
ARGV[1] id   ARGV[2] Unix ms   ARGV[3] payload
Returns 1 if it is new else 0
]]
local new = redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[3])
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
return new
