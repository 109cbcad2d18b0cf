--[[
Stores the time of the last message of a conversation, which never decreases.

KEYS[1] string   ARGV[1] Unix ms   ARGV[2] TTL, seconds
Returns OK
]]
local known = tonumber(redis.call('GET', KEYS[1]) or '0')
local at = math.max(known, tonumber(ARGV[1]))
redis.call('SET', KEYS[1], string.format('%.0f', at), 'EX', ARGV[2])
return 1
