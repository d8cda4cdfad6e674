-- Gives a dialog that was laid to rest (rest.lua) its packed fields back, before one of them is changed. What was written since then is
-- newer and stays.
--
-- KEYS  1 dialog
-- ARGV  1 how many fields it is packed into  2… their names and values by turns, as they were read; then those that were packed
local dialog, count = KEYS[1], tonumber(ARGV[1])
local packed = {}
for i = 0, count - 1 do
  local name = ARGV[2 + 2 * i]
  if redis.call('HGET', dialog, name) ~= ARGV[3 + 2 * i] then return 0 end
  packed[#packed + 1] = name
end
for i = 2 + 2 * count, #ARGV, 2 do redis.call('HSETNX', dialog, ARGV[i], ARGV[i + 1]) end
redis.call('HDEL', dialog, unpack(packed))
return 1
