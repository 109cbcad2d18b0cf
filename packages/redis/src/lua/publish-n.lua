--[[
Publishes to channels with history, one publication after the other, each as publish-5.lua does without an
idempotency key. For one server only: keys of a Redis Cluster are spread over several.

KEYS     stream and meta of the channel of each publication; then the common epoch (common-epoch.lua)

ARGV[1]  epoch for a channel with a new witness, or if a new common epoch begins
ARGV[2]  history size, publications
ARGV[3]  history TTL, seconds
ARGV[4]  meta TTL, seconds
ARGV[5]  witness of this server
ARGV[6]  '1': the caller has just read the witness
ARGV[…]  for each publication: envelope, bus channel

Returns offset and epoch of each, or -1 and its error. If all publications failed with the same error, it
concerns the server (a replica, a full memory): the script replies with that error, and nothing was delivered.
]]
local results, opened = {}, {}
-- The error of every publication so far; '' after a success or a different error.
local shared

-- Returns the offset and epoch of the publication, or nil and the error.
local function publish(stream, meta, envelope, bus)
  local to = opened[meta]
  if not to then
    local former
    to, former = open(stream, meta, KEYS[#KEYS], ARGV[1], ARGV[5], ARGV[6], ARGV[4])
    if not to then return nil, former end
  end
  local place = append(to, envelope, ARGV[2])
  opened[meta] = to
  redis.call('PUBLISH', bus, 'p' .. place .. ':' .. to.epoch .. ':' .. envelope)
  return to.offset, to.epoch
end

for at = 1, #KEYS - 1, 2 do
  local ok, offset, epoch = pcall(publish, KEYS[at], KEYS[at + 1], ARGV[at + 6], ARGV[at + 7])
  local why = ''
  if ok and offset then
    results[at], results[at + 1] = offset, epoch
  else
    -- pcall returns the error in place of the offset.
    why = ok and epoch or (type(offset) == 'table' and offset.err or tostring(offset))
    results[at], results[at + 1] = -1, why
  end
  if at == 1 then shared = why elseif why ~= shared then shared = '' end
end
-- In any case: an entry whose offset is not counted would block all later ones.
for _, to in pairs(opened) do close(to, ARGV[3], ARGV[4]) end
if shared ~= '' and not string.find(shared, '^FORMERLIFE') then return redis.error_reply(shared) end
return results
