-- Leads a guest to a dialog that was just made, unless another one is open for the guest already.
--
-- KEYS  1 the guest's open dialog  2 the guest's dialogs  3 what stands for a guest who was erased  4 the same for an account
-- ARGV  1 dialog  2 an id known to be gone, or ''  3 now  4 seconds
-- Returns {the id of the open dialog}, or {0, 'guest_erased' | 'account_erased'}
local open, dialogs = KEYS[1], KEYS[2]
if redis.call('EXISTS', KEYS[4]) == 1 then return { 0, 'account_erased' } end
if redis.call('EXISTS', KEYS[3]) == 1 then return { 0, 'guest_erased' } end
local current = redis.call('GET', open)
if current and current ~= ARGV[2] then return { tonumber(current) } end
if ARGV[2] ~= '' then redis.call('ZREM', dialogs, ARGV[2]) end
redis.call('ZADD', dialogs, ARGV[3], ARGV[1])
if redis.call('TTL', dialogs) < tonumber(ARGV[4]) then redis.call('EXPIRE', dialogs, ARGV[4]) end
redis.call('SET', open, ARGV[1], 'EX', ARGV[4])
return { tonumber(ARGV[1]) }
