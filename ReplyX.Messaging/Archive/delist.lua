-- Takes a dialog that is gone out of its account's list, and tells lists that are open.
--
-- KEYS  1 the account's index of dialogs  2 the marks of its spread dialogs  3 who of them asks (both: project.lua)
-- ARGV  1 dialog  2 the latest time that its last event may have  3 the feed's channel  4 what lists hear
-- Returns 1 if it was there
local time = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not time or tonumber(time) > tonumber(ARGV[2]) then return 0 end
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1
