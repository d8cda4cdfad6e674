-- Trims a dialog's log: only what the archive holds for sure, never into the window (so never the last entry), and nothing
-- younger than the retries of its senders, unless the log is too long.
--
-- The keys go before their entries: torn between the two the repeat finds the entries still there and finishes. The other
-- way round keys would be left that no entry leads to any more.
--
-- KEYS  1 log  2 idempotency keys  3 dialog
-- ARGV  1 window  2 the latest time that may go  3 the length above which time does not matter  4 most entries
-- Returns {outcome, trimmed entries}: 'done' | 'more' (there may be more to trim now) | 'mismatch' (the log is not the one that
-- was archived)
local log, index_of_keys, dialog = KEYS[1], KEYS[2], KEYS[3]
local window, latest, limit, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local mark = redis.call('HGET', dialog, 'archived')
local head = redis.call('LINDEX', log, 0)
if not mark or not head then return { 'done', 0 } end

local first = tonumber(string.match(head, '^(%d+) '))
local marked = tonumber(string.match(mark, '^(%d+) ')) - first
if marked < 0 then return { 'done', 0 } end
local at_mark = redis.call('LINDEX', log, string.format('%.0f', marked))
if not at_mark or string.match(at_mark, '^%d+ %x+') ~= mark then return { 'mismatch', 0 } end

local length = redis.call('LLEN', log)
local may_go = math.min(marked + 1, length - window)
local count = math.min(may_go, most)
if count <= 0 then return { 'done', 0 } end

local keys, seqs, going = {}, {}, 0
for i, entry in ipairs(redis.call('LRANGE', log, 0, count - 1)) do
  local seq, time, key = string.match(entry, '^(%d+) %x+ (%d+) (%S+)')
  if tonumber(time) > latest and length - going <= limit then break end
  going = i
  if key ~= '-' then
    keys[#keys + 1] = key
    seqs[#seqs + 1] = seq
  end
end
if going == 0 then return { 'done', 0 } end

if #keys > 0 then
  -- A key that was used again after its entry was lost points elsewhere and stays.
  local gone = {}
  for i, hit in ipairs(redis.call('HMGET', index_of_keys, unpack(keys))) do
    if hit and string.match(hit, '^%d+') == seqs[i] then gone[#gone + 1] = keys[i] end
  end
  if #gone > 0 then redis.call('HDEL', index_of_keys, unpack(gone)) end
end
redis.call('LTRIM', log, going, -1)
return { going < may_go and going == count and 'more' or 'done', going }
