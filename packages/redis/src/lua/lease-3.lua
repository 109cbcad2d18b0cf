--[[
Takes or renews a lease, or only reads. Returns all leases in any case. Redis provides the time, so the clocks
of nodes do not matter.

A renewal revives an expired lease that was not declared over. No node has acted on its end, and after an
outage of Redis all leases have expired though the nodes are healthy.

KEYS[1] leases  zset incarnation -> end of the lease, Unix ms
KEYS[2] nodes   hash incarnation -> NodeInfo JSON
KEYS[3] over    hash incarnation -> number of declarations, until it is reaped

ARGV[1] 'take', 'renew' or 'read'
ARGV[2] incarnation
ARGV[3] TTL, ms
ARGV[4] NodeInfo, JSON

Returns {1 if the incarnation holds a lease else 0, now in Unix ms, [incarnation, end, …], [incarnation,
number, …]}
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = ARGV[1] == 'take' or redis.call('ZSCORE', KEYS[1], ARGV[2])
if held and ARGV[1] ~= 'read' then
  redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[3]), ARGV[2])
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])
end
return {
  held and 1 or 0,
  string.format('%.0f', now),
  redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES'),
  redis.call('HGETALL', KEYS[3]),
}
