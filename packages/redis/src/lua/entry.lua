--[[
Part of the scripts that read presence (see scripts.ts).

An entry is `<1 announced, else 0><grace, ms>.<order><user key>\n<info JSON>`; a user key begins with no digit. The order
counts what the incarnation has asked: a removal that arrives late, since it waited in a connection that was given up, is
older than an entry that was put in again, and leaves it alone.
Somebody who is missed is `<end of the grace, Unix ms> <1 announced, else 0><info JSON>`.
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

local function missed(value)
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
