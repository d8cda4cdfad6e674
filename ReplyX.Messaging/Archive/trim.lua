-- Trims a dialog's log: only what the archive holds for sure, never into the window (so never the last entry), and nothing
-- younger than the retries of its senders, unless the log is too long.
--
-- The keys go before their entries: torn between the two the repeat finds the entries still there and finishes. The other
-- way round keys would be left that no entry leads to any more.
--
-- KEYS  1 log  2 flat idempotency keys (see append.lua)  3 dialog  4… the buckets of keys that may still be there, the oldest first
-- ARGV  1 window  2 the latest time that may go  3 the length above which time does not matter  4 most entries
--       5 a bucket's period in milliseconds  6 the first bucket's number
-- Returns {outcome, trimmed entries}: 'done' | 'more' (there may be more to trim now) | 'mismatch' (the log is not the one that
-- was archived)
local log, flat, dialog, buckets_from = KEYS[1], KEYS[2], KEYS[3], 4
local window, latest, limit, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local period, first_bucket = tonumber(ARGV[5]), tonumber(ARGV[6])

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

-- Keys of a hash and, in the same places, the seqs of their entries; all of them are in the flat one, if it is there.
local of_hash, going = {}, 0
local has_flat = redis.call('EXISTS', flat) == 1

local function note(index, key, seq)
  local noted = of_hash[index] or { keys = {}, seqs = {} }
  of_hash[index] = noted
  noted.keys[#noted.keys + 1] = key
  noted.seqs[#noted.seqs + 1] = seq
end

for i, entry in ipairs(redis.call('LRANGE', log, 0, count - 1)) do
  local seq, time, key = string.match(entry, '^(%d+) %x+ (%d+) (%S+)')
  if tonumber(time) > latest and length - going <= limit then break end
  going = i
  if key ~= '-' then
    -- Of an entry older than all buckets the key has expired.
    local number = math.floor(tonumber(time) / period) - first_bucket
    local bucket = number >= 0 and KEYS[buckets_from + number]
    if bucket then note(bucket, key, seq) end
    if has_flat then note(flat, key, seq) end
  end
end
if going == 0 then return { 'done', 0 } end

for index, noted in pairs(of_hash) do
  -- A key that was used again after its entry was lost points elsewhere and stays.
  local gone = {}
  for i, hit in ipairs(redis.call('HMGET', index, unpack(noted.keys))) do
    if hit and string.match(hit, '^%d+') == noted.seqs[i] then gone[#gone + 1] = noted.keys[i] end
  end
  if #gone > 0 then redis.call('HDEL', index, unpack(gone)) end
end
redis.call('LTRIM', log, going, -1)
return { going < may_go and going == count and 'more' or 'done', going }
