-- Moves a participant's read mark forward and tells everybody who watches the dialog. It never moves back.
--
-- KEYS  1 log  2 read marks
-- ARGV  1 participant  2 seq  3 channel  4 the event as it is published
-- Returns 1 if the mark stands at seq or beyond, 0 if the log has no such event
local last = redis.call('LINDEX', KEYS[1], -1)
local seq = tonumber(ARGV[2])
if not last or seq > tonumber(string.match(last, '^(%d+) ')) then return 0 end
if seq > tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or '0') then
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])

  -- The marks of a dialog that expires go with it.
  local seconds = redis.call('TTL', KEYS[1])
  if seconds > 0 then redis.call('EXPIRE', KEYS[2], seconds) end
  redis.call('PUBLISH', ARGV[3], ARGV[4])
end
return 1
