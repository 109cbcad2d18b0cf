--[[
Stores a direct conversation; removes the oldest beyond the maximum.

KEYS[1] zset by time   ARGV[1] other user   ARGV[2] Unix ms   ARGV[3] maximum number
Returns 1
]]
redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - tonumber(ARGV[3]))
return 1
