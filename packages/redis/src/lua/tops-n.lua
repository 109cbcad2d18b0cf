--[[
Reads the last positions of streams. Creates a missing epoch, and extends its TTL, as `history-2.lua` does for
one.

KEYS    meta of each channel  hash: `e` epoch, `o` offset, `w` witness, `b` earlier epochs; see append.lua

ARGV[1] witness of this server
ARGV[…] for each channel: epoch for a channel without one, meta TTL in seconds

Returns {offset, epoch, earlier epochs as stored} of each, or {-1, error, ''} if Redis has no memory for a new
one
]]
local tops = {}
for at, key in ipairs(KEYS) do
  local meta = redis.call('HMGET', key, 'e', 'o', 'b')
  local epoch, failed = meta[1], false
  if not epoch then
    epoch = ARGV[at * 2]
    local made = redis.pcall('HSET', key, 'e', epoch, 'w', ARGV[1])
    failed = type(made) == 'table' and made.err
    if failed and not string.find(failed, 'OOM', 1, true) then return made end
  end
  if failed then
    tops[at] = {-1, failed, ''}
  else
    redis.call('EXPIRE', key, ARGV[at * 2 + 1])
    tops[at] = {tonumber(meta[2]) or 0, epoch, meta[3] or ''}
  end
end
return tops
