--[[
Writes and removes sessions of one incarnation, each with its entry in the index of the incarnation.

KEYS[1]  index     hash client -> user, of the incarnation
KEYS[2…] sessions  hash client -> `<incarnation> <record>`, of the user of each session in ARGV

ARGV     for each session: client, user, and `<incarnation> <record>`, '' to remove the session

An error in one session, such as a full memory, does not affect the others, in particular no removal.

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
    -- The index first: the reaper would not find a session that is missing in it.
    local reply = redis.pcall('HSET', KEYS[1], client, user)
    if type(reply) ~= 'table' then reply = redis.pcall('HSET', KEYS[at], client, record) end
    if type(reply) == 'table' then refused = reply end
  end
end
return refused
