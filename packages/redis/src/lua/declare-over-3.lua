--[[
Declares an incarnation over: it cannot renew its lease any more, and its entries are reaped. Another
declaration makes a reaper in progress start again.

KEYS[1] leases  zset incarnation -> end of the lease, Unix ms
KEYS[2] nodes   hash incarnation -> NodeInfo JSON
KEYS[3] over    hash incarnation -> number of declarations, until it is reaped

ARGV[1] incarnation
ARGV[2] minimum time since the end of its lease, ms; '': none, even with a valid lease

Returns 1 if it is over now, 0 if its lease is valid
]]
if ARGV[2] ~= '' then
  local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  if score and score + ARGV[2] > now then return 0 end
end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HINCRBY', KEYS[3], ARGV[1], 1)
return 1
