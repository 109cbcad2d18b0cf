--[[
Part of every script that reads or appends to a stream (see scripts.ts). All channels without a stream share
one position: offset 0 of the common epoch. A read therefore writes nothing for its channel, and the first
publication of a channel adopts the epoch that its subscribers have.

A stream must not adopt an epoch that an expired stream of the same channel has had. A stream lives at least
for the meta TTL after its birth, and a common epoch is adopted for a quarter of that. The epochs of the
quarter before are still valid at offset 0: no stream of theirs can have expired yet. A new witness ends the
common epoch as it ends that of a stream (append.lua).

common    a hash: `e` epoch, `w` witness, `t` begin of the quarter, Unix s; earlier epochs of this quarter
          `b` and of the quarter before `p`, spelled as in append.lua. One for each meta TTL
new       epoch if a new one begins
life      witness of this server; '' if unknown
metaTtl   seconds
certain   as in append.lua; nil: a read, which does not compare witnesses

Returns the common epoch and the earlier ones, or nil and an error
]]
local function newest(lives)
  local _, count = string.gsub(lives, ' ', '')
  if count > 16 then return string.sub(lives, string.find(lives, ' ', 1, true) + 1) end
  return lives
end

local function commonEpoch(common, new, life, metaTtl, certain)
  local known = redis.call('HMGET', common, 'e', 'w', 't', 'b', 'p')
  local epoch, witness, since = known[1], known[2] or '', tonumber(known[3]) or 0
  local before, previous = known[4] or '', known[5] or ''
  local time = redis.call('TIME')
  local now = time[1] + time[2] / 1000000
  local age, quarter = now - since, metaTtl / 4
  local aged = not epoch or age < 0 or age > quarter
  local reborn = epoch and certain and life ~= '' and witness ~= life
  if not aged and not reborn then return epoch, previous .. before end
  if reborn and certain ~= '1' and string.find(previous .. before, ':' .. life .. ' ', 1, true) then
    return nil, 'FORMERLIFE of this server'
  end
  if epoch then before = newest(before .. epoch .. ':0:' .. witness .. ' ') end
  if aged then
    previous = age >= 0 and age <= quarter * 2 and before or ''
    before, since = '', now
  end
  local made = redis.pcall(
    'HSET', common, 'e', new, 'w', life, 't', string.format('%.6f', since), 'b', before, 'p', previous
  )
  if type(made) == 'table' then return nil, made.err end
  redis.call('EXPIRE', common, metaTtl)
  return new, previous .. before
end

