--[[
Part of every script that appends to the stream of a channel (see scripts.ts): open the stream, append
entries, close it. A publication that is not written is not delivered: an error in a write ends the script, or
the item of a batch. The entry precedes its offset, so that a failed append leaves no gap. The fields of the
channel are written once, on close.

The witness identifies the data set of a server. It changes with a failover and with a restart, after which
the end of the stream may be missing. Lost offsets must not be reused silently: the first publication with a
new witness starts a new epoch. The meta keeps the last offset of each earlier epoch. A position up to it is
valid, a later one is of a lost publication.

MAXLEN is exact, since recovery and history promise the size. Against `~`, which keeps up to a hundred entries
more, it costs 1.5 us of the script's 9 (Redis 7.0, 1000 entries of 100 bytes).

KEYS      a stream: entries `<offset>-0`, field `e`: the envelope
          its meta, a hash: `e` epoch, `o` offset, `w` witness, `b` earlier epochs, oldest first:
          `<epoch>:<last offset>:<witness> ` each
]]

--[[
common    key of the common epoch (common-epoch.lua)
new       epoch for a channel with a new witness, or if a new common epoch begins
life      witness of this server; '' if unknown
certain   '1': the caller has just read the witness
metaTtl   seconds

Returns the open stream, or nil and the error FORMERLIFE: the witness is older than that of the last
publication, and the caller must read it again
]]
local function open(stream, meta, common, new, life, certain, metaTtl)
  local known = redis.call('HMGET', meta, 'e', 'o', 'w')
  local epoch, offset, witness = known[1], tonumber(known[2]) or 0, known[3] or ''
  local fields = {}
  if not epoch then
    local before = ''
    -- A stream without meta is the rest of a channel that has lost it: its positions must not become valid.
    if redis.call('EXISTS', stream) == 1 then
      epoch = new
    else
      epoch, before = commonEpoch(common, new, life, tonumber(metaTtl), certain)
      if not epoch then return nil, before end
    end
    fields = {'e', epoch, 'w', life, 'b', before}
  elseif witness ~= life and life ~= '' then
    local before = redis.call('HGET', meta, 'b') or ''
    if certain ~= '1' and string.find(before, ':' .. life .. ' ', 1, true) then
      return nil, 'FORMERLIFE of this server'
    end
    before = before .. epoch .. ':' .. string.format('%.0f', offset) .. ':' .. witness .. ' '
    epoch = new
    fields = {'e', epoch, 'w', life, 'b', newest(before)}
  end
  return {stream = stream, meta = meta, epoch = epoch, offset = offset, place = '0', fields = fields}
end

-- `size` of the history, publications. Returns the offset as text; the open stream has it as a number.
local function append(to, envelope, size)
  local offset = to.offset + 1
  local place = string.format('%.0f', offset)
  -- A stream without meta is the rest of a channel that has expired.
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
