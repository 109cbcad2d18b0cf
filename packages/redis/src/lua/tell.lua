--[[
Part of every script that publishes (see scripts.ts): a message goes to the channel's listeners, or, for a personal channel, to
each node that holds a session of the user.

message   finished
channel   bus channel
sessions  key of the hash client -> `<incarnation> <record>`
address   '' or, for a personal channel, what precedes the message on a node's bus channel
node      what precedes an incarnation in the name of its bus channel

untold    messages that the caller has to send: none, here
]]
local untold = {}
local function tell(message, channel, sessions, address, node)
  if address == '' then
    redis.call('PUBLISH', channel, message)
    return
  end
  local told = {}
  for _, session in ipairs(redis.call('HVALS', sessions)) do
    local uid = string.sub(session, 1, string.find(session, ' ', 1, true) - 1)
    if not told[uid] then
      told[uid] = true
      redis.call('PUBLISH', node .. uid, address .. message)
    end
  end
end
