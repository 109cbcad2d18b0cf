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
of the server ends the script; it is the first write's, so that nothing was done.
]]
local results = {}
for at = 1, #KEYS, 2 do
  local envelope, bus = ARGV[at + 6], ARGV[at + 7]
  local ok, offset, epoch, place =
    pcall(append, KEYS[at], KEYS[at + 1], envelope, ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6])
  if ok and offset then
    results[at], results[at + 1] = offset, epoch
    redis.call('PUBLISH', bus, 'p' .. place .. ':' .. epoch .. ':' .. envelope)
  else
    -- Of a failed call it is what it threw.
    local why = ok and epoch or (type(offset) == 'table' and offset.err or tostring(offset))
    if not string.find(why, '^FORMERLIFE') and not string.find(why, '^WRONGTYPE') and not string.find(why, '^ERR') then
      return redis.error_reply(why)
    end
    results[at], results[at + 1] = -1, why
  end
end
return results
