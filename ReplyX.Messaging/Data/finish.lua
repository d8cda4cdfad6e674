-- Ends a job. What it became is noted in one command, with which the visitor's id goes too; its place among the open ones goes last: torn
-- before that, it is found there, and what is left is done by claim.lua.
--
-- KEYS  1 job  2 the account's open jobs  3 the dialogs that it went through
-- ARGV  1 token, or '' to end it whoever has it  2 its field among the open ones  3 its id  4 seconds that it is remembered
--       5 how many fields only its worker needs, and then those  … fields and values by turns, 'state' among them
-- Returns 1, or 0 if the lease is lost, or there is no such job any more
local job, open = KEYS[1], KEYS[2]
local state, lease = unpack(redis.call('HMGET', job, 'state', 'lease'))
if not state or ARGV[1] ~= '' and (state ~= 'running' or lease ~= ARGV[1]) then return 0 end

local count = tonumber(ARGV[5])
local going, fields = {}, {}
for i = 6, 5 + count do going[#going + 1] = ARGV[i] end
for i = 6 + count, #ARGV do fields[#fields + 1] = ARGV[i] end
redis.call('HSET', job, unpack(fields))
redis.call('HDEL', job, unpack(going))
redis.call('EXPIRE', job, ARGV[4])
redis.call('DEL', KEYS[3])
if redis.call('HGET', open, ARGV[2]) == ARGV[3] then redis.call('HDEL', open, ARGV[2]) end
return 1
