-- Deletes one segment that is stored elsewhere by now, unless it has become another one. Torn by a crash, what is left is its entry by
-- age at most, and the next move finds that.
--
-- KEYS  1 the account's segments by age  2 the dialog's segments  3 their index by last seq
-- ARGV  1 dialog id  2 last seq  3 the segment
-- Returns 1 if it is gone
local held = redis.call('HGET', KEYS[2], ARGV[2])
if held and held ~= ARGV[3] then return 0 end
redis.call('ZREM', KEYS[3], ARGV[2])
redis.call('HDEL', KEYS[2], ARGV[2])
redis.call('ZREM', KEYS[1], ARGV[1] .. ':' .. ARGV[2])
return 1
