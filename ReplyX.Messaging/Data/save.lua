-- Notes how far a job has come, and prolongs its lease. A part of a result is stored before what is noted says that it is there: torn
-- between the two, the repeat stores it again under the same number. Nothing is done for a worker that has lost its lease.
--
-- KEYS  1 job  2 the part, if there is one
-- ARGV  1 token  2 milliseconds that the lease goes on; 0 to let it go  3 the part, or ''  4 seconds that the part is kept
--       5… fields and values by turns
-- Returns 1, or 0 if the lease is lost
local job = KEYS[1]
local state, lease = unpack(redis.call('HMGET', job, 'state', 'lease'))
if state ~= 'running' or lease ~= ARGV[1] then return 0 end
if KEYS[2] then redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[4]) end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local fields = { 'lease_until', string.format('%.0f', ARGV[2] == '0' and 0 or now + tonumber(ARGV[2])) }
for i = 5, #ARGV do fields[#fields + 1] = ARGV[i] end
redis.call('HSET', job, unpack(fields))
return 1
