--[[
Reads a page of the stream of a channel together with its last position, and extends the TTL of the meta. A
channel without a stream has the position of the common epoch (common-epoch.lua); nothing is written for it.

KEYS[1] stream
KEYS[2] meta        hash: `e` epoch, `o` offset, `w` witness, `b` earlier epochs; see append.lua
KEYS[3] common      hash: the common epoch; see common-epoch.lua. Absent: a channel without a stream has
                    the epoch ''

ARGV[1] epoch if a new common epoch begins
ARGV[2] meta TTL, seconds
ARGV[3] '1': newest first
ARGV[4] start id, in the order of reading
ARGV[5] end id, in the order of reading
ARGV[6] maximum number of entries; 0: none; -1: all
ARGV[7] witness of this server

Returns {offset, epoch, entries as XRANGE returns them, earlier epochs as stored}
]]
local meta = redis.call('HMGET', KEYS[2], 'e', 'o', 'b')
local epoch = meta[1]
if not epoch then
  -- The rest of a channel that has lost its meta: no position of its former epoch is valid.
  if redis.call('EXISTS', KEYS[1]) == 1 then return {0, ARGV[1], {}, ''} end
  if not KEYS[3] then return {0, '', {}, ''} end
  local common, before = commonEpoch(KEYS[3], ARGV[1], ARGV[7], tonumber(ARGV[2]))
  if not common then return redis.error_reply(before) end
  return {0, common, {}, before}
end
redis.call('EXPIRE', KEYS[2], ARGV[2])
local offset = tonumber(meta[2]) or 0
local before = meta[3] or ''
if offset == 0 or ARGV[6] == '0' then return {offset, epoch, {}, before} end

local read = {ARGV[3] == '1' and 'XREVRANGE' or 'XRANGE', KEYS[1], ARGV[4], ARGV[5]}
if ARGV[6] ~= '-1' then
  read[5] = 'COUNT'
  read[6] = ARGV[6]
end
return {offset, epoch, redis.call(unpack(read)), before}
