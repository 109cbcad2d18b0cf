--[[
What `tell.lua` is, for a Redis Cluster: the channel's bus channel is in the slot of its keys, but a node's bus channel may be
anywhere. What is for nodes is returned, and the caller sends it, in order.

message   finished
channel   bus channel
sessions  key of the hash client -> `<incarnation> <record>`
address   '' or, for a personal channel, what precedes the message on a node's bus channel
node      what precedes an incarnation in the name of its bus channel

untold    messages that the caller has to send: bus channel, message, …
]]
local untold = {}
local function tell(message, channel, sessions, address, node)
  if address == '' then
    redis.call('SPUBLISH', channel, message)
    return
  end
  local told = {}
  for _, session in ipairs(redis.call('HVALS', sessions)) do
    local uid = string.sub(session, 1, string.find(session, ' ', 1, true) - 1)
    if not told[uid] then
      told[uid] = true
      untold[#untold + 1] = node .. uid
      untold[#untold + 1] = address .. message
    end
  end
end
