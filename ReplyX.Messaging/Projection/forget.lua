-- Takes away up to where a dialog has been told of, since its log was rolled back behind that.
--
-- KEYS  1 the account's marks
-- ARGV  1 dialog  2 the mark that is known to be wrong
-- Returns 1, or 0 if it is another one by now
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[1])
