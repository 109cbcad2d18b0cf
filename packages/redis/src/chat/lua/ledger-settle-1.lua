--[[
Adds the result to an existing reservation.

KEYS[1] hash, see ledger-reserve-1   ARGV[1] result
Returns 1 if there was one else 0
]]
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'result', ARGV[1])
return 1
