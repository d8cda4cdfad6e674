-- What leads a guest to a dialog lives on from now: visit.lua's part where the dialog is spread.
--
-- KEYS  1 the guest's open dialog  2 the guest's dialogs
-- ARGV  1 dialog  2 seconds
-- Returns 1
local function prolong(key, seconds)
  local left = redis.call('TTL', key)
  if left >= 0 and left < seconds then redis.call('EXPIRE', key, seconds) end
end

-- Never shorter than it lives already: one set leads to all of a guest's dialogs.
local seconds = tonumber(ARGV[2])
if redis.call('GET', KEYS[1]) == ARGV[1] then prolong(KEYS[1], seconds) end
prolong(KEYS[2], seconds)
return 1
