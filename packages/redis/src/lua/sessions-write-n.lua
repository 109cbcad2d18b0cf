--[[
Writes and removes sessions of one incarnation, each with its place in the incarnation's index.

KEYS[1]  index     hash client -> user, of the incarnation
KEYS[2…] sessions  hash client -> `<incarnation> <record>`, of the user of each session in ARGV

ARGV     for each session: client, user, `<incarnation> <record>`; '' in place of the last to remove it

An error in one session, as where Redis has no memory left, keeps none of the others back, least of all a removal.

Returns nothing, or the last error
]]
local refused
for at = 2, #KEYS do
  local first = (at - 2) * 3
  local client, user, record = ARGV[first + 1], ARGV[first + 2], ARGV[first + 3]
  if record == '' then
    redis.call('HDEL', KEYS[at], client)
    redis.call('HDEL', KEYS[1], client)
  else
    -- The index first: what is not in it would never be reaped.
    local reply = redis.pcall('HSET', KEYS[1], client, user)
    if type(reply) ~= 'table' then reply = redis.pcall('HSET', KEYS[at], client, record) end
    if type(reply) == 'table' then refused = reply end
  end
end
return refused
