-- Prolongs a lease, and says in the dialog what its holder has to say. Both only while it holds the lease, and nothing is said once an
-- operator has the dialog: whoever watches it never hears the assistant after the operator came.
--
-- KEYS  1 work  2 jobs  3 dialog, unless it is spread: then say.lua follows
-- ARGV  1 dialog  2 token  3 milliseconds  4 the dialog's channel  5… what is said
-- Returns 0 the lease is lost  1 held  2 an operator has the dialog
local job = redis.call('HGET', KEYS[2], ARGV[1])
if not job or string.match(job, '^%d+ %d+ (%S+)$') ~= ARGV[2] then return 0 end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZADD', KEYS[1], string.format('%.0f', now + tonumber(ARGV[3])), ARGV[1])
if KEYS[3] and redis.call('HGET', KEYS[3], 'handoff') == 'active' then return 2 end
for i = 5, #ARGV do redis.call('PUBLISH', ARGV[4], ARGV[i]) end
return 1
