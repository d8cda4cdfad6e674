-- Deletes some of a dialog's oldest segments. The account's index goes last, so that the next sweep finishes what a crash tore.
--
-- KEYS  1 the account's segments by age  2 the dialog's segments  3 their index by last seq
-- ARGV  1 dialog id  2 the last seq to go  3 most segments
-- Returns how many there were
local ends = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ARGV[2], 'LIMIT', 0, ARGV[3])
for _, last in ipairs(ends) do
  redis.call('ZREM', KEYS[3], last)
  redis.call('HDEL', KEYS[2], last)
  redis.call('ZREM', KEYS[1], ARGV[1] .. ':' .. last)
end
-- One that a crash left in the account's index alone.
if #ends == 0 then
  redis.call('HDEL', KEYS[2], ARGV[2])
  redis.call('ZREM', KEYS[1], ARGV[1] .. ':' .. ARGV[2])
end
return #ends
