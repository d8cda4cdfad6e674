-- Takes a dialog away whose last event has reached its age, or whatever its age is, where somebody is erased. From the RENAME on there is no
-- such dialog for anybody; what is left under the other name tells who finishes this what else leads to it. Torn by a crash, the repeat goes
-- on from there.
--
-- KEYS  1 dialog  2 the dialog that is going  3 log  4 flat idempotency keys  5 read marks  6 where rest.lua puts its new form together
--       7… the buckets of keys that may still be there
-- ARGV  1 the latest time that its last event may have  2 the dialog's channel  3 an event behind all others, by which those who follow the
--       dialog see that they have missed something, and find that there is no log any more
--       4 '1' to take it whatever its age, also if nobody has written in it
-- Returns 1 if there is no such dialog any more, 0 if it stays
local dialog, going, log = KEYS[1], KEYS[2], KEYS[3]
local goes = redis.call('EXISTS', dialog) == 1
local listed, idle_since = unpack(redis.call('HMGET', dialog, 'listed', 'idle_since'))
if goes then
  local last = redis.call('LINDEX', log, -1)
  local time = last and string.match(last, '^%d+ %x+ (%d+) ') or idle_since or '0'
  if ARGV[4] ~= '1' and (listed ~= '1' or tonumber(time) > tonumber(ARGV[1])) then return 0 end
  redis.call('RENAME', dialog, going)
end
for i = 3, #KEYS do redis.call('DEL', KEYS[i]) end
if goes then redis.call('PUBLISH', ARGV[2], ARGV[3]) end
return 1
