--[[
Declares an incarnation over: from here on it cannot renew its lease, and its entries are reaped. Declaring it again makes a
reaping that is under way look once more.

KEYS[1] leases  zset incarnation -> end of the lease, Unix ms
KEYS[2] nodes   hash incarnation -> NodeInfo JSON
KEYS[3] over    hash incarnation -> times declared over: those being reaped

ARGV[1] incarnation
ARGV[2] how long its lease must have run out, ms; '': whatever its lease says

Returns 1 if it is over now, 0 if its lease lives
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
