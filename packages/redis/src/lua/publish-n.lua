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

Returns offset and epoch of each, or -1 and its error: FORMERLIFE, or what is wrong with the keys of this channel alone. An error
of the server ends the script; as a rule it is the first write's, so that nothing was done.
]]
local results, opened, refused = {}, {}, nil

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
  if ok and offset then
    results[at], results[at + 1] = offset, epoch
  else
    -- Of a failed call it is what it threw.
    local why = ok and epoch or (type(offset) == 'table' and offset.err or tostring(offset))
    if not string.find(why, '^FORMERLIFE') and not string.find(why, '^WRONGTYPE') and not string.find(why, '^ERR') then
      refused = why
      break
    end
    results[at], results[at + 1] = -1, why
  end
end
-- Whatever happened: an entry whose offset is not counted would be in the way of all that follow.
for _, to in pairs(opened) do close(to, ARGV[3], ARGV[4]) end
return refused and redis.error_reply(refused) or results
