-- Notes from where a dialog is to be read on, which is progress: attempts count anew. If its log ends where the holder has read to,
-- nothing waits in it and the lease ends. A message that is appended after that is in the inbox, so that it is work again.
--
-- KEYS  1 work  2 jobs  3 the dialog's log  4 dialog, whose mark says where a log ends that went to the archive whole
-- ARGV  1 dialog  2 token  3 the last seq that was read  4 from where to read on  5 milliseconds of the lease, if it goes on
-- Returns 0 the lease is lost  1 there is more to read  3 done
local work, jobs, dialog, token = KEYS[1], KEYS[2], ARGV[1], ARGV[2]
local job = redis.call('HGET', jobs, dialog)
if not job or string.match(job, '^%d+ %d+ (%S+)$') ~= token then return 0 end

local last = redis.call('LINDEX', KEYS[3], -1) or redis.call('HGET', KEYS[4], 'archived')
if last and tonumber(string.match(last, '^(%d+) ')) > tonumber(ARGV[3]) then
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  redis.call('HSET', jobs, dialog, ARGV[4] .. ' 1 ' .. token)
  redis.call('ZADD', work, string.format('%.0f', now + tonumber(ARGV[5])), dialog)
  return 1
end

-- In this order: work without a job is dropped by the next claim, and a job without work would begin at a message that was answered.
redis.call('HDEL', jobs, dialog)
redis.call('ZREM', work, dialog)
return 3
