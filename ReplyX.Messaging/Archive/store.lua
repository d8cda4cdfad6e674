-- Stores a sealed segment. The same segment again changes nothing. A script torn by a crash leaves what the repeat completes:
-- a segment counts only once the dialog's mark says so, and the sweep of old segments knows it before anything else does.
--
-- KEYS  1 the account's segments by age  2 the dialog's segments  3 their index by last seq
-- ARGV  1 dialog id  2 last seq  3 newest event's time  4 segment
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1] .. ':' .. ARGV[2])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[2])
return 1
