--[[
Adds a dead letter once.

KEYS[1] stream   KEYS[2] string: this letter was added
ARGV[1] letter   ARGV[2] maximum number of letters   ARGV[3] TTL of KEYS[2], seconds
Returns 1 if it is new else 0
]]
if not redis.call('SET', KEYS[2], '1', 'NX', 'EX', ARGV[3]) then return 0 end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'l', ARGV[1])
return 1
