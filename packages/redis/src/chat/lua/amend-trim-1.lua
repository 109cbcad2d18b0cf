--[[
Removes the amendments of messages before an offset.

KEYS[1] hash, see amend-1   ARGV[1] offset
Returns the number of removed amendments
]]
local before = tonumber(ARGV[1])
local gone = 0
for _, offset in ipairs(redis.call('HKEYS', KEYS[1])) do
  if tonumber(offset) < before then gone = gone + redis.call('HDEL', KEYS[1], offset) end
end
return gone
