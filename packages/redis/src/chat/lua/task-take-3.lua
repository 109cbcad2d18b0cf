--[[
Takes tasks that are due.

KEYS[1] zset by time   KEYS[2] payloads   KEYS[3] attempts
ARGV[1] now, Unix ms   ARGV[2] time of the next attempt, Unix ms   ARGV[3] maximum number
Returns {id, payload, attempts, ...}
]]
local taken = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[3])) do
  local payload = redis.call('HGET', KEYS[2], id)
  if payload then
    redis.call('ZADD', KEYS[1], ARGV[2], id)
    for _, value in ipairs({id, payload, redis.call('HINCRBY', KEYS[3], id, 1)}) do taken[#taken + 1] = value end
  else
    redis.call('ZREM', KEYS[1], id)
  end
end
return taken
