--[[
Where streams end. Makes the epoch of a channel where there is none, and keeps it alive; `history-2.lua` does the same for one.

KEYS    meta of each channel  hash: `e` epoch, `o` offset, `w` witness, `b` earlier epochs; see publish-4.lua

ARGV[1] witness of this server's life
ARGV[…] for each channel: epoch to take if it has none, meta TTL in seconds

Returns {offset, epoch, earlier epochs as they stand} of each, or {-1, error, ''} where Redis has no memory for a new one
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
