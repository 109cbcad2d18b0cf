--[[
Reads the last positions of streams, and extends the TTL of their meta, as `history-n.lua` does for one.

KEYS    meta of each channel  hash: `e` epoch, `o` offset, `w` witness, `b` earlier epochs; see append.lua
        the common epoch of each meta TTL  hash; see common-epoch.lua

ARGV[1] witness of this server
ARGV[2] number of meta TTLs
ARGV[…] for each meta TTL: seconds, epoch if a new common epoch begins
ARGV[…] for each channel: number of its meta TTL, from 1

Returns {offset, epoch, earlier epochs as stored} of each, or {-1, error, ''} if Redis has no memory for a new
common epoch
]]
local kinds = tonumber(ARGV[2])
local count = #KEYS - kinds
local commons, tops = {}, {}
for at = 1, count do
  local meta = redis.call('HMGET', KEYS[at], 'e', 'o', 'b')
  local kind = tonumber(ARGV[2 + kinds * 2 + at])
  local metaTtl, new = ARGV[1 + kind * 2], ARGV[2 + kind * 2]
  if meta[1] then
    redis.call('EXPIRE', KEYS[at], metaTtl)
    tops[at] = {tonumber(meta[2]) or 0, meta[1], meta[3] or ''}
  else
    if not commons[kind] then
      local epoch, before = commonEpoch(KEYS[count + kind], new, ARGV[1], tonumber(metaTtl))
      if not epoch and not string.find(before, 'OOM', 1, true) then return redis.error_reply(before) end
      commons[kind] = epoch and {0, epoch, before} or {-1, before, ''}
    end
    tops[at] = commons[kind]
  end
end
return tops
