-- Moves a dialog's archived mark over a segment that the archive has stored, unless another archiver moved it first.
--
-- KEYS  1 dialog
-- ARGV  1 the mark's seq as the archiver found it  2 the segment's last seq  3 that event's nonce
-- Returns 1 if the mark moved
local fields = redis.call('HMGET', KEYS[1], 'listed', 'archived')
if fields[1] ~= '1' then return 0 end
if string.match(fields[2] or '0 ', '^(%d+) ') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'archived', ARGV[2] .. ' ' .. ARGV[3])
return 1
