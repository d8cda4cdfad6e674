-- A dialog's guest is there: what would expire lives on from now.
--
-- KEYS  1 the guest's open dialog  2 dialog  3 log  4 read marks  5 the guest's dialogs
-- ARGV  1 id  2 seconds that an unlisted dialog lives  3 seconds that a guest is remembered
-- Returns 1, or 0 if there is no such dialog any more
local open, dialog, log, read_marks, guest_dialogs = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, unlisted_seconds, guest_seconds = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local listed = redis.call('HGET', dialog, 'listed')
if not listed then return 0 end

-- Never shorter than it lives already: one set leads to all of a guest's dialogs.
local function prolong(key, seconds)
  local left = redis.call('TTL', key)
  if left >= 0 and left < seconds then redis.call('EXPIRE', key, seconds) end
end

if listed ~= '1' then
  prolong(log, unlisted_seconds)
  prolong(read_marks, unlisted_seconds)
  prolong(dialog, unlisted_seconds)
end
local seconds = listed == '1' and guest_seconds or unlisted_seconds
if redis.call('GET', open) == id then prolong(open, seconds) end
prolong(guest_dialogs, seconds)
return 1
