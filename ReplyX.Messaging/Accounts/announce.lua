-- Tells the nodes that credentials of an account were taken back.
--
-- The changes are a sorted set of accounts by the version of their last change, so that a node asks only for what is above what
-- it saw. The latest entry is never trimmed: the version is its score, and a counter beside it could be torn from it.
--
-- KEYS  1 changes  2 begun
-- ARGV  1 the account  2 the change that is completed, or ''  3 the most accounts to keep  4 the channel
-- Returns the version
local changes, begun = KEYS[1], KEYS[2]
local account, completed, most, channel = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]

local latest = redis.call('ZREVRANGE', changes, 0, 0, 'WITHSCORES')
local version = string.format('%.0f', tonumber(latest[2] or '0') + 1)
redis.call('ZADD', changes, version, account)
redis.call('ZREMRANGEBYRANK', changes, 0, -(most + 1))
if completed ~= '' then redis.call('ZREM', begun, completed) end
redis.call('PUBLISH', channel, version)
return version
