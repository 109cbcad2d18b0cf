--[[
Part of every script that publishes (see scripts.ts). A message goes to the bus channel of its channel or, for
a personal channel, to each node that holds a session of the user.

message   complete message
channel   bus channel
sessions  key of the hash client -> `<incarnation> <record>`
address   '' or, for a personal channel, the prefix of the message on the bus channel of a node
node      prefix of the bus channels of nodes; the incarnation follows

nodeMessages  messages that the caller must publish: none here
]]
local nodeMessages = {}
local function notify(message, channel, sessions, address, node)
  if address == '' then
    redis.call('PUBLISH', channel, message)
    return
  end
  local notified = {}
  for _, session in ipairs(redis.call('HVALS', sessions)) do
    local uid = string.sub(session, 1, string.find(session, ' ', 1, true) - 1)
    if not notified[uid] then
      notified[uid] = true
      redis.call('PUBLISH', node .. uid, address .. message)
    end
  end
end
