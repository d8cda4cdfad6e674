-- Says that a dialog's events before a seq are no longer to be had; before they go. Never down, and never past the mark.
--
-- KEYS  1 dialog
-- ARGV  1 the first seq that stays
-- Returns 1 if everything before that seq may go: no archiver is still to count on it
local fields = redis.call('HMGET', KEYS[1], 'archived', 'floor', 'handoff')
if not fields[3] then return 1 end
local floor = tonumber(ARGV[1])
if floor > tonumber(string.match(fields[1] or '0 ', '^(%d+) ')) + 1 then return 0 end
if floor > tonumber(fields[2] or '1') then redis.call('HSET', KEYS[1], 'floor', ARGV[1]) end
return 1
