--[[
`notify.lua` for a Redis Cluster. The bus channel of the channel is in the slot of its keys, but the bus
channel of a node may be on another server. The script returns messages for nodes, and the caller publishes
them in order.

message   complete message
channel   bus channel
sessions  key of the hash client -> `<incarnation> <record>`
address   '' or, for a personal channel, the prefix of the message on the bus channel of a node
node      prefix of the bus channels of nodes; the incarnation follows

nodeMessages  messages that the caller must publish: bus channel, message, …
]]
local nodeMessages = {}
local function notify(message, channel, sessions, address, node)
  if address == '' then
    redis.call('SPUBLISH', channel, message)
    return
  end
  local notified = {}
  for _, session in ipairs(redis.call('HVALS', sessions)) do
    local uid = string.sub(session, 1, string.find(session, ' ', 1, true) - 1)
    if not notified[uid] then
      notified[uid] = true
      nodeMessages[#nodeMessages + 1] = node .. uid
      nodeMessages[#nodeMessages + 1] = address .. message
    end
  end
end
