-- A spread dialog's guest is there: what would expire of the dialog lives on from now.
--
-- KEYS  1 dialog  2 log  3 read marks
-- ARGV  1 seconds that an unlisted dialog lives
-- Returns 2 if it is listed, 1 if not, or 0 if there is no such dialog any more
local seconds = tonumber(ARGV[1])
local listed = redis.call('HGET', KEYS[1], 'listed')
if not listed then return 0 end
if listed == '1' then return 2 end
for _, key in ipairs({ KEYS[2], KEYS[3], KEYS[1] }) do
  local left = redis.call('TTL', key)
  if left >= 0 and left < seconds then redis.call('EXPIRE', key, seconds) end
end
return 1
