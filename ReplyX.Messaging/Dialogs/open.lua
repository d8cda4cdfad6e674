-- Returns a guest's open dialog of one site and mode, or starts it with the site's welcome as its first event. What leads the
-- guest to it lives no longer than it does while it is unlisted: a page view leaves nothing behind. append.lua prolongs that when
-- it lists the dialog, and visit.lua at every visit.
--
-- Nothing is started for who was erased: their token may be good for a year.
--
-- KEYS  1 the guest's open dialog  2 dialog  3 log  4 the guest's dialogs  5 what stands for a guest who was erased
--       6 what stands for an account that is erased
-- ARGV  1 id  2 an id known to be gone, or ''  3 now  4 site  5 mode  6 guest  7 nonce  8 head  9 tail ('' for no welcome)
--       10 seconds that an unlisted dialog lives
-- Returns {'open' | 'created' | 'taken' | 'guest_erased' | 'account_erased', id}
local open, dialog, log, guest_dialogs = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, gone, now, tail = ARGV[1], ARGV[2], ARGV[3], ARGV[9]

if redis.call('EXISTS', KEYS[6]) == 1 then return { 'account_erased', '' } end
if redis.call('EXISTS', KEYS[5]) == 1 then return { 'guest_erased', '' } end

local current = redis.call('GET', open)
if current and current ~= gone then return { 'open', current } end
if redis.call('EXISTS', dialog) == 1 then return { 'taken', id } end

redis.call('HSET', dialog, 'site', ARGV[4], 'mode', ARGV[5], 'guest', ARGV[6], 'created', now, 'handoff', 'none', 'listed', '0')
redis.call('EXPIRE', dialog, ARGV[10])
if tail ~= '' then
  local nonce = ARGV[7]
  redis.call('RPUSH', log, '1 ' .. nonce .. ' ' .. now .. ' -\n' .. ARGV[8]
    .. '"id":1,"seq":1,"cursor":"1-' .. nonce .. '",' .. tail)
  redis.call('EXPIRE', log, ARGV[10])
end
if gone ~= '' then redis.call('ZREM', guest_dialogs, gone) end
redis.call('ZADD', guest_dialogs, now, id)
if redis.call('TTL', guest_dialogs) < tonumber(ARGV[10]) then redis.call('EXPIRE', guest_dialogs, ARGV[10]) end
redis.call('SET', open, id, 'EX', ARGV[10])
return { 'created', id }
