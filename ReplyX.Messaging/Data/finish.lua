-- Ends a job. What only its worker needs goes first, and its place among the open ones last: torn before that, it is found there and
-- taken out (claim.lua).
--
-- KEYS  1 job  2 the account's open jobs  3 the dialogs that it went through
-- ARGV  1 token, or '' to end it whoever has it  2 its field among the open ones  3 its id  4 seconds that it is remembered
--       5 how many fields go, and then those  … fields and values by turns, 'state' among them
-- Returns 1, or 0 if the lease is lost, or there is no such job any more
local job, open = KEYS[1], KEYS[2]
local state, lease = unpack(redis.call('HMGET', job, 'state', 'lease'))
if not state or ARGV[1] ~= '' and (state ~= 'running' or lease ~= ARGV[1]) then return 0 end

redis.call('DEL', KEYS[3])
local count = tonumber(ARGV[5])
local going, fields = {}, {}
for i = 6, 5 + count do going[#going + 1] = ARGV[i] end
for i = 6 + count, #ARGV do fields[#fields + 1] = ARGV[i] end
redis.call('HDEL', job, unpack(going))
redis.call('HSET', job, unpack(fields))
redis.call('EXPIRE', job, ARGV[4])
if redis.call('HGET', open, ARGV[2]) == ARGV[3] then redis.call('HDEL', open, ARGV[2]) end
return 1
