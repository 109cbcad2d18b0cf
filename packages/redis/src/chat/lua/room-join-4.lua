--[[
Adds a member.

KEYS[1] room hash   KEYS[2] roles   KEYS[3] members   KEYS[4] bans: user -> JSON
ARGV[1] user   ARGV[2] `<role> <joinedAt>`   ARGV[3] joinedAt   ARGV[4] maximum number of members
Returns 'joined', 'already', 'full', 'banned' or 'unknown'
]]
if redis.call('EXISTS', KEYS[1]) == 0 then return 'unknown' end
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 'already' end
local ban = redis.call('HGET', KEYS[4], ARGV[1])
if ban then
  local till = cjson.decode(ban)['until']
  if not till or till > tonumber(ARGV[3]) then return 'banned' end
end
if redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[4]) then return 'full' end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[3], 0, ARGV[1])
return 'joined'
