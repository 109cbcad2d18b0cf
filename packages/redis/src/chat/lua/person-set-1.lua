--[[
Writes the record of a person if its revision is the expected one.

KEYS[1] string `<rev> <JSON>`   ARGV[1] expected rev   ARGV[2] `<rev> <JSON>`   ARGV[3] TTL, seconds
Returns 1 if written else 0
]]
local known = redis.call('GET', KEYS[1])
local rev = known and string.sub(known, 1, string.find(known, ' ', 1, true) - 1) or '0'
if rev ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
