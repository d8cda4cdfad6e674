-- Notes from where a dialog is to be read on, which is progress: attempts count anew. If its log ends where the holder has read to,
-- nothing waits in it and the lease ends. A message that is appended after that is in the inbox, so that it is work again.
--
-- KEYS  1 work  2 jobs  3 the dialog's log  4 dialog, whose mark says where a log ends that went to the archive whole
--       Of a spread dialog, whose log cannot be seen from here: 3 the site's inbox, where what came for it meanwhile is, unless claim.lua has
--       noted it already
-- ARGV  1 dialog  2 token  3 the last seq that was read  4 from where to read on  5 milliseconds of the lease, if it goes on
-- Returns 0 the lease is lost  1 there is more to read  3 done
local work, jobs, dialog, token = KEYS[1], KEYS[2], ARGV[1], ARGV[2]
local most_taken = 500
local job = redis.call('HGET', jobs, dialog)
if not job or string.match(job, '^%d+ %d+ (%S+)$') ~= token then return 0 end

local last, more = nil, dialog .. ' more'
if not KEYS[4] then
  -- What is noted stays until it has been read, since more than one message may wait and each is answered in its turn. Whoever was told so
  -- already, and has got no further, finds that the log has lost it.
  local noted, told_at = string.match(redis.call('HGET', jobs, more) or '', '^(%d+) ?(%d*)$')
  if noted and tonumber(noted) > tonumber(ARGV[3]) and told_at ~= ARGV[4] then
    redis.call('HSET', jobs, more, noted .. ' ' .. ARGV[4])
    last = noted .. ' '
  else
    redis.call('HDEL', jobs, more)
    last = '0 '
  end
  for _, item in ipairs(redis.call('LRANGE', KEYS[3], 1, most_taken)) do
    local of, seq = string.match(item, '^(%d+) (%d+)$')
    if of == dialog then last = seq .. ' ' end
  end
else
  last = redis.call('LINDEX', KEYS[3], -1) or redis.call('HGET', KEYS[4], 'archived')
end
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
