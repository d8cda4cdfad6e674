-- Moves a participant's read mark forward, and with it the mark of their side, and tells everybody who watches the dialog, and the
-- account's lists. Marks never move back. The side's mark is moved first, so that a script torn by a crash is completed by the next
-- try: it finds the participant's where it was.
--
-- KEYS  1 log  2 read marks  3 dialog
-- ARGV  1 participant  2 seq  3 the side's field of the dialog  4 the dialog's channel  5 the event as it is published
--       6 the feed's channel; '' where that lies in another slot  7 the event as lists hear it, without its end
-- Returns {1} if the mark stands at seq or beyond, with what is still to be published there, {0} if the log has no such event
local log, read_marks, dialog, participant, side = KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[3]
local last, seq = redis.call('LINDEX', log, -1), tonumber(ARGV[2])
local fields = redis.call('HMGET', dialog, 'listed', side, 'read_manager', 'archived')
local last_seq = tonumber(string.match(last or fields[4] or '0 ', '^(%d+) '))
if not fields[1] or seq > last_seq then return { 0 } end

-- Of what was in a dialog when it was laid to rest the side's mark alone is known.
local mark = redis.call('HGET', read_marks, participant)
if not mark and fields[4] and seq <= tonumber(string.match(fields[4], '^(%d+) ')) then mark = fields[2] end
if seq <= tonumber(mark or '0') then return { 1 } end

local team = tonumber(fields[3] or '0')
if seq > tonumber(fields[2] or '0') then
  redis.call('HSET', dialog, side, ARGV[2])
  if side == 'read_manager' then team = seq end
end
redis.call('HSET', read_marks, participant, ARGV[2])

-- The marks of a dialog that expires go with it.
local seconds = redis.call('TTL', log)
if seconds > 0 then redis.call('EXPIRE', read_marks, seconds) end
redis.call('PUBLISH', ARGV[4], ARGV[5])
if fields[1] == '1' then
  local news = ARGV[7] .. ',"unread":' .. string.format('%.0f', math.max(0, last_seq - team)) .. '}'
  if ARGV[6] == '' then return { 1, news } end
  redis.call('PUBLISH', ARGV[6], news)
end
return { 1 }
