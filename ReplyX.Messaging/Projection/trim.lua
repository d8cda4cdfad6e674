-- Takes out of an outbox what was told. Somebody else may have done so with some of it: each note is there once, but for what a rollback
-- has brought back.
--
-- KEYS  1 outbox
-- ARGV  the notes, in their order
-- Returns how many are left
local outbox, count = KEYS[1], #ARGV
if redis.call('LINDEX', outbox, 0) == ARGV[1] and redis.call('LINDEX', outbox, count - 1) == ARGV[count] then
  redis.call('LTRIM', outbox, count, -1)
else
  for i = 1, count do redis.call('LREM', outbox, 1, ARGV[i]) end
end
return redis.call('LLEN', outbox)
