--[[
Publishes to channels with history, one publication after the other, each as publish-4.lua does it without an idempotency key.
For one server: keys of a Redis Cluster are spread over several.

KEYS     stream and meta of each publication's channel

ARGV[1]  epoch to take for a new one
ARGV[2]  history size, publications
ARGV[3]  history TTL, seconds
ARGV[4]  meta TTL, seconds
ARGV[5]  witness of this server's life
ARGV[6]  '1': the caller has just made sure of it
ARGV[…]  for each publication: envelope, bus channel

Returns offset and epoch of each, or -1 and its error: FORMERLIFE, or what was wrong with this one. Where all were refused with the
same error, it is the server's (of a replica, of a full memory), and the script's answer; nothing was delivered then.
]]
local results, opened = {}, {}
-- What every one of them was refused with; '' where one was done, or refused with something else.
local shared

-- The publication's offset and epoch, or nil and why not.
local function publish(stream, meta, envelope, bus)
  local to = opened[meta]
  if not to then
    local former
    to, former = open(stream, meta, ARGV[1], ARGV[5], ARGV[6])
    if not to then return nil, former end
  end
  local place = append(to, envelope, ARGV[2])
  opened[meta] = to
  redis.call('PUBLISH', bus, 'p' .. place .. ':' .. to.epoch .. ':' .. envelope)
  return to.offset, to.epoch
end

for at = 1, #KEYS, 2 do
  local ok, offset, epoch = pcall(publish, KEYS[at], KEYS[at + 1], ARGV[at + 6], ARGV[at + 7])
  local why = ''
  if ok and offset then
    results[at], results[at + 1] = offset, epoch
  else
    -- Of a failed call it is what it threw.
    why = ok and epoch or (type(offset) == 'table' and offset.err or tostring(offset))
    results[at], results[at + 1] = -1, why
  end
  if at == 1 then shared = why elseif why ~= shared then shared = '' end
end
-- Whatever happened: an entry whose offset is not counted would be in the way of all that follow.
for _, to in pairs(opened) do close(to, ARGV[3], ARGV[4]) end
if shared ~= '' and not string.find(shared, '^FORMERLIFE') then return redis.error_reply(shared) end
return results
