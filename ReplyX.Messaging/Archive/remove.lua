-- Deletes one segment that is stored elsewhere by now, unless it has become another one. Its place in the account's index is the caller's to
-- delete, behind this: what a crash leaves of it the next move finds.
--
-- KEYS  1 the dialog's segments  2 their index by last seq
-- ARGV  1 last seq  2 the segment
-- Returns 1 if it is gone
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held and held ~= ARGV[2] then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[1], ARGV[1])
return 1
