--[[
Reads a page of the stream of a channel together with its last position. Creates a missing epoch, and extends
its TTL.

KEYS[1] stream
KEYS[2] meta        hash: `e` epoch, `o` offset, `w` witness, `b` earlier epochs; see append.lua

ARGV[1] epoch for a channel without one
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
  epoch = ARGV[1]
  redis.call('HSET', KEYS[2], 'e', epoch, 'w', ARGV[7])
end
redis.call('EXPIRE', KEYS[2], ARGV[2])
local offset = tonumber(meta[2]) or 0
local before = meta[3] or ''
-- Without an offset, the stream is the rest of a channel that has expired.
if offset == 0 or ARGV[6] == '0' then return {offset, epoch, {}, before} end

local read = {ARGV[3] == '1' and 'XREVRANGE' or 'XRANGE', KEYS[1], ARGV[4], ARGV[5]}
if ARGV[6] ~= '-1' then
  read[5] = 'COUNT'
  read[6] = ARGV[6]
end
return {offset, epoch, redis.call(unpack(read)), before}
