--[[
Part of every script that appends to a channel's stream (see scripts.ts): open it, append entries, close it. Nothing is
delivered that was not written: an error in a write ends it, or the item of a batch. The entry goes in before the offset is
counted, so that a failed append leaves no hole; what belongs to the channel is written once, when it is closed.

A stream is written in one life of a server after the other: a failover, or a restart, begins a new one. What was acknowledged
at the end of a life may be missing in the next, and must not be replaced unnoticed. So the first publication of a life begins
a new epoch, and the meta remembers where the one before ended as this server knows it: a position up to there is still good,
and one beyond it is of publications that were lost.

MAXLEN is exact: the size is a promise that recovery and history answer for. Against `~`, which keeps up to a hundred entries
more, it costs 1.5 us of the script's 9 (Redis 7.0, 1000 entries of 100 bytes).

KEYS      a stream: entries `<offset>-0`, field `e`: the envelope
          its meta, a hash: `e` epoch, `o` offset, `w` witness of the life, `b` earlier epochs, oldest first:
          `<epoch>:<last offset>:<witness> ` each
]]

--[[
new       epoch to take for a new one
life      witness of this server's life, as the caller knows it; '': not known
certain   '1': the caller has just made sure of it

Returns the open stream, or nil and the error FORMERLIFE: the witness is of a life before that of the last publication, and the
caller has to make sure
]]
local function open(stream, meta, new, life, certain)
  local known = redis.call('HMGET', meta, 'e', 'o', 'w')
  local epoch, offset, witness = known[1], tonumber(known[2]) or 0, known[3] or ''
  local fields = {}
  if not epoch then
    epoch = new
    fields = {'e', epoch, 'w', life}
  elseif witness ~= life and life ~= '' then
    local before = redis.call('HGET', meta, 'b') or ''
    if certain ~= '1' and string.find(before, ':' .. life .. ' ', 1, true) then
      return nil, 'FORMERLIFE of this server'
    end
    before = before .. epoch .. ':' .. string.format('%.0f', offset) .. ':' .. witness .. ' '
    local _, lives = string.gsub(before, ' ', '')
    if lives > 16 then before = string.sub(before, string.find(before, ' ', 1, true) + 1) end
    epoch = new
    fields = {'e', epoch, 'w', life, 'b', before}
  end
  return {stream = stream, meta = meta, epoch = epoch, offset = offset, place = '0', fields = fields}
end

-- `size` of the history, publications. Returns the offset as text; the open stream has it as a number.
local function append(to, envelope, size)
  local offset = to.offset + 1
  local place = string.format('%.0f', offset)
  -- A stream without its meta belongs to a life that is over.
  if offset == 1 then redis.call('DEL', to.stream) end
  redis.call('XADD', to.stream, 'MAXLEN', '=', size, place .. '-0', 'e', envelope)
  to.offset, to.place = offset, place
  return place
end

-- Both TTLs in seconds.
local function close(to, ttl, metaTtl)
  redis.call('HSET', to.meta, 'o', to.place, unpack(to.fields))
  redis.call('EXPIRE', to.stream, ttl)
  redis.call('EXPIRE', to.meta, metaTtl)
end
