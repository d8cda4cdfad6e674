-- Ends a lease before its time: the dialog waits again.
--
-- KEYS  1 work  2 jobs
-- ARGV  1 dialog  2 token  3 milliseconds in which nobody is to take it  4 '1' if the attempt does not count
-- Returns 1, or 0 if the lease was lost
local from, attempt, token = string.match(redis.call('HGET', KEYS[2], ARGV[1]) or '', '^(%d+) (%d+) (%S+)$')
if token ~= ARGV[2] then return 0 end
if ARGV[4] == '1' then attempt = string.format('%.0f', math.max(0, tonumber(attempt) - 1)) end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('HSET', KEYS[2], ARGV[1], from .. ' ' .. attempt .. ' -')
redis.call('ZADD', KEYS[1], string.format('%.0f', now + tonumber(ARGV[3])), ARGV[1])
return 1
