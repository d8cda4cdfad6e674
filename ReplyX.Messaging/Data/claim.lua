-- Takes a job, if it waits, or its worker has ended amid it: its lease has run out. Times are Redis' own, so that workers need not agree
-- about theirs.
--
-- KEYS  1 job  2 the account's open jobs  3 the dialogs that it goes through
-- ARGV  1 the job's field among the open ones  2 its id  3 token of the new lease  4 its milliseconds  5 now, by the worker's clock
--       6 seconds that a job is remembered that has ended
-- Returns 1 taken  0 somebody else has it, or it is not due
local job, open = KEYS[1], KEYS[2]
local state, lease_until, due = unpack(redis.call('HMGET', job, 'state', 'lease_until', 'due'))
if state ~= 'waiting' and state ~= 'running' then
  -- It has ended, and a crash came amid finish.lua; or there is none.
  redis.call('EXPIRE', job, ARGV[6])
  redis.call('DEL', KEYS[3])
  if redis.call('HGET', open, ARGV[1]) == ARGV[2] then redis.call('HDEL', open, ARGV[1]) end
  return 0
end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
if tonumber(lease_until or '0') > now or tonumber(due or '0') > tonumber(ARGV[5]) then return 0 end
redis.call('HSETNX', job, 'started', ARGV[5])
redis.call('HSET', job, 'state', 'running', 'lease', ARGV[3], 'lease_until', string.format('%.0f', now + tonumber(ARGV[4])))
return 1
