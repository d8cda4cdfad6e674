-- Makes a spread dialog with the site's welcome as its first event. It expires unless its guest is led to it (claim_open.lua) and writes.
--
-- KEYS  1 dialog  2 log
-- ARGV  1 now  2 site  3 mode  4 guest  5 nonce  6 head  7 tail ('' for no welcome)  8 seconds that an unlisted dialog lives
--       9 whose it is, in one field
-- Returns {1}, or {0} if there is a dialog of that id
local dialog, log, now, tail = KEYS[1], KEYS[2], ARGV[1], ARGV[7]
if redis.call('EXISTS', dialog) == 1 then return { 0 } end
redis.call('HSET', dialog, 'handoff', 'none', 'who', ARGV[9], 'listed', '0', 'guest', ARGV[4], 'site', ARGV[2], 'mode', ARGV[3], 'created', now)
redis.call('EXPIRE', dialog, ARGV[8])
if tail ~= '' then
  local nonce = ARGV[5]
  redis.call('RPUSH', log, '1 ' .. nonce .. ' ' .. now .. ' -\n' .. ARGV[6] .. '"id":1,"seq":1,"cursor":"1-' .. nonce .. '",' .. tail)
  redis.call('EXPIRE', log, ARGV[8])
end
return { 1 }
