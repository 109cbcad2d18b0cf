--[[
Publishes to a channel with history, as one step: idempotency check, append (append.lua), delivery.

KEYS[1] stream
KEYS[2] meta
KEYS[3] once        string `<offset>:<epoch>`: the first result of an idempotency key
KEYS[4] sessions    hash client -> `<incarnation> <record>`, of the user of a personal channel
KEYS[5] common      hash: the common epoch; see common-epoch.lua

ARGV[1]  envelope
ARGV[2]  epoch for a channel with a new witness, or if a new common epoch begins
ARGV[3]  history size, publications
ARGV[4]  history TTL, seconds
ARGV[5]  meta TTL, seconds
ARGV[6]  bus channel
ARGV[7]  TTL of the idempotent result, seconds; 0: no idempotency key
ARGV[8]  '' or, for a personal channel, the prefix of the message on the bus channel of a node
ARGV[9]  prefix of the bus channels of nodes; the incarnation follows
ARGV[10] witness of this server
ARGV[11] '1': the caller has just read the witness

Returns {offset, epoch, 1 if the idempotency key was known else 0, messages that the caller must publish}, or
the error FORMERLIFE
]]
if ARGV[7] ~= '0' then
  local known = redis.call('GET', KEYS[3])
  if known then
    -- A write, so that a WAIT behind this reply also covers the first publish.
    redis.call('EXPIRE', KEYS[3], ARGV[7])
    local at = string.find(known, ':', 1, true)
    return {tonumber(string.sub(known, 1, at - 1)), string.sub(known, at + 1), 1, nodeMessages}
  end
end

local to, former = open(KEYS[1], KEYS[2], KEYS[5], ARGV[2], ARGV[10], ARGV[11], ARGV[5])
if not to then return redis.error_reply(former) end
local place = append(to, ARGV[1], ARGV[3])
close(to, ARGV[4], ARGV[5])
if ARGV[7] ~= '0' then redis.call('SET', KEYS[3], place .. ':' .. to.epoch, 'EX', ARGV[7]) end
notify('p' .. place .. ':' .. to.epoch .. ':' .. ARGV[1], ARGV[6], KEYS[4], ARGV[8], ARGV[9])
return {to.offset, to.epoch, 0, nodeMessages}
