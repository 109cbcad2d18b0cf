--[[
Publishes to a channel without history: idempotency check, delivery.

KEYS[1] once        string `0:`: the idempotency key is known
KEYS[2] sessions    hash client -> `<incarnation> <record>`, of the user of a personal channel

ARGV[1] complete message
ARGV[2] bus channel
ARGV[3] TTL of the idempotent result, seconds; 0: no idempotency key
ARGV[4] '' or, for a personal channel, the prefix of the message on the bus channel of a node
ARGV[5] prefix of the bus channels of nodes; the incarnation follows

Returns {1 if the idempotency key was known else 0, messages that the caller must publish}
]]
if ARGV[3] ~= '0' and not redis.call('SET', KEYS[1], '0:', 'NX', 'EX', ARGV[3]) then return {1, nodeMessages} end
notify(ARGV[1], ARGV[2], KEYS[2], ARGV[4], ARGV[5])
return {0, nodeMessages}
