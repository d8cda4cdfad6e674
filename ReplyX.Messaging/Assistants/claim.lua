-- Makes work of what came into a site's inbox, and takes the dialog that waits longest. Several messages of one dialog are one piece
-- of work: what waits in it stands in its log, from the first of them on.
--
-- A script torn by a crash does no harm: what was taken from the inbox becomes work before it is taken out of it, twice at most, and
-- who answers finds in the log what is answered already. What comes for a dialog that somebody is at is noted beside its job ('more'):
-- settle.lua ends no lease of a dialog whose log it cannot see before that is read, too.
--
-- KEYS  1 inbox (its first element is one that was taken)  2 work: dialogs by when they may be taken
--       3 jobs: dialog -> "from attempt token"
-- ARGV  1 token of the new lease  2 its milliseconds
-- Returns {dialog, from, attempt}, or nothing if no dialog waits
local inbox, work, jobs, token = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
local most_taken, most_looked_at = 500, 16

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local function whole(number) return string.format('%.0f', number) end

local items = redis.call('LRANGE', inbox, 1, most_taken)
for _, item in ipairs(items) do
  local dialog, seq = string.match(item, '^(%d+) (%d+)$')
  if dialog then
    if redis.call('HSETNX', jobs, dialog, seq .. ' 0 -') == 0 then redis.call('HSET', jobs, dialog .. ' more', seq) end
    redis.call('ZADD', work, 'NX', whole(now), dialog)
  end
end
if #items > 0 then redis.call('LTRIM', inbox, #items, -1) end

for _, dialog in ipairs(redis.call('ZRANGEBYSCORE', work, '-inf', whole(now), 'LIMIT', 0, most_looked_at)) do
  local from, attempt = string.match(redis.call('HGET', jobs, dialog) or '', '^(%d+) (%d+) ')
  if from then
    attempt = whole(tonumber(attempt) + 1)
    redis.call('HSET', jobs, dialog, from .. ' ' .. attempt .. ' ' .. token)
    redis.call('ZADD', work, whole(now + tonumber(ARGV[2])), dialog)
    return { dialog, from, attempt }
  end
  redis.call('ZREM', work, dialog)
end
return {}
