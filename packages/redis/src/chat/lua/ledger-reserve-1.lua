--[[
Reserves the id of a call, or returns the reservation of an earlier call.

KEYS[1] hash: `id`, `at`, `result`
ARGV[1] id   ARGV[2] at   ARGV[3] TTL, seconds

Returns {id, at, result or '', 1 if it was known else 0}
]]
local known = redis.call('HMGET', KEYS[1], 'id', 'at', 'result')
if known[1] then return {known[1], known[2], known[3] or '', 1} end
redis.call('HSET', KEYS[1], 'id', ARGV[1], 'at', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return {ARGV[1], ARGV[2], '', 0}
