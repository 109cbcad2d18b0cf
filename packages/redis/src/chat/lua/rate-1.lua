--[[
Takes a token from a bucket.

KEYS[1] hash: `tokens`, `at`
ARGV[1] burst   ARGV[2] tokens per second   ARGV[3] now, Unix ms
Returns 0, or the ms until the next token
]]
local burst, rate, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(bucket[1] or burst), tonumber(bucket[2] or now)
-- The clocks of nodes differ: the stored time never decreases.
at = math.max(at, now)
tokens = math.min(burst, tokens + (at - tonumber(bucket[2] or now)) * rate / 1000)
local wait = 0
if tokens < 1 then wait = math.ceil((1 - tokens) * 1000 / rate) else tokens = tokens - 1 end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', string.format('%.0f', at))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst * 1000 / rate) + 1000)
return wait
