-- Deletes some of a dialog's oldest segments. Their places in the account's index are the caller's to delete, behind this.
--
-- KEYS  1 the dialog's segments  2 their index by last seq
-- ARGV  1 the last seq to go  2 most segments
-- Returns the last seqs of those that there were
local ends = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, last in ipairs(ends) do
  redis.call('ZREM', KEYS[2], last)
  redis.call('HDEL', KEYS[1], last)
end
-- One that a crash left in the account's index alone.
if #ends == 0 then redis.call('HDEL', KEYS[1], ARGV[1]) end
return ends
