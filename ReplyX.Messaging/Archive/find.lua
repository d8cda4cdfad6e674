-- Finds the segment that reaches a seq: the one that ends first of those that do not end before it.
--
-- KEYS  1 the dialog's segments  2 their index by last seq
-- ARGV  1 seq
local last = redis.call('ZRANGEBYSCORE', KEYS[2], ARGV[1], '+inf', 'LIMIT', 0, 1)[1]
return last and redis.call('HGET', KEYS[1], last) or false
