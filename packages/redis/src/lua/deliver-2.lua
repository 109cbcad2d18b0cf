--[[
Publishes to a channel without history: idempotency check, delivery.

KEYS[1] once        string `0:`: the idempotency key is known
KEYS[2] sessions    hash client -> `<incarnation> <record>`, of the user of a personal channel

ARGV[1] message, finished
ARGV[2] bus channel
ARGV[3] TTL of the idempotent result, seconds; 0: no idempotency key
ARGV[4] '' or, for a personal channel, the address that precedes the message on a node's bus channel
ARGV[5] what precedes an incarnation in the name of its bus channel

Returns {1 if the idempotency key was known else 0, messages to be sent by the caller}
]]
if ARGV[3] ~= '0' and not redis.call('SET', KEYS[1], '0:', 'NX', 'EX', ARGV[3]) then return {1, untold} end
tell(ARGV[1], ARGV[2], KEYS[2], ARGV[4], ARGV[5])
return {0, untold}
