--[[
Stores a device; removes the oldest beyond the maximum.

KEYS[1] hash device -> JSON   KEYS[2] zset by time
ARGV[1] device   ARGV[2] JSON   ARGV[3] Unix ms   ARGV[4] maximum number   ARGV[5] TTL, seconds
Returns 1
]]
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
while redis.call('ZCARD', KEYS[2]) > tonumber(ARGV[4]) do
  redis.call('HDEL', KEYS[1], redis.call('ZPOPMIN', KEYS[2])[1])
end
redis.call('EXPIRE', KEYS[1], ARGV[5])
redis.call('EXPIRE', KEYS[2], ARGV[5])
return 1
