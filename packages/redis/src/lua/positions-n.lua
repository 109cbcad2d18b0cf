--[[
Reads the last positions of streams. Writes nothing.

KEYS  meta of each channel  hash: `e` epoch, `o` offset; see append.lua

Returns offset and epoch of each, in one list; nil for a missing field
]]
local found = {}
for at, key in ipairs(KEYS) do
  local meta = redis.call('HMGET', key, 'o', 'e')
  found[at * 2 - 1], found[at * 2] = meta[1], meta[2]
end
return found
