--[[
Part of the scripts that read presence (see scripts.ts).

An entry is `<1 announced, else 0><grace, ms>.<order><user key>\n<info JSON>`; a user key does not begin with
a digit. The order counts the commands of the incarnation. A removal that was delayed in a lost connection is
older than an entry that was added again, and does not remove it.

A grace is `<its end, Unix ms> <1 announced, else 0><info JSON>`.
]]
local function entry(value)
  local stop = string.find(value, '\n', 1, true)
  local grace, order, user = string.match(string.sub(value, 2, stop - 1), '^(%d*)%.?(%d*)(.*)$')
  return {
    announced = string.sub(value, 1, 1) == '1',
    grace = tonumber(grace) or 0,
    order = tonumber(order) or 0,
    user = user,
    info = string.sub(value, stop + 1),
  }
end

local function grace(value)
  local stop = string.find(value, ' ', 1, true)
  return {
    till = tonumber(string.sub(value, 1, stop - 1)),
    announced = string.sub(value, stop + 1, stop + 1) == '1',
    info = string.sub(value, stop + 2),
  }
end

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
