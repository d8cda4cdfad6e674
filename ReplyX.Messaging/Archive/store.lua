-- Stores a sealed segment. The same segment again changes nothing. A script torn by a crash leaves what the repeat completes:
-- a segment counts only once the dialog's mark says so, and the account's segments by age, where the sweep of old ones looks, know it
-- before anything else does.
--
-- KEYS  1 the dialog's segments  2 their index by last seq
-- ARGV  1 last seq  2 segment
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[1], ARGV[1])
return 1
