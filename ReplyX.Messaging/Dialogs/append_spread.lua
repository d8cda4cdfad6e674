-- Appends one event to a spread dialog: dedupe, handoff check, next seq, append, a note for the projector, publish. One round trip, and
-- the order in the log is the order on the wire. What an account's lists show of it is the projector's to write.
--
-- The log is the truth: seq is the last entry's plus one, and a hit among the idempotency keys counts only if its entry stands in
-- the log. Where the log was lost whole, seq goes on behind what the archive holds.
--
-- Redis takes all of a script or nothing, also from its append-only file. Garnet may tear it when it is killed: there, and there alone,
-- what an entry still needs is noted before it ('pending'), and the next append completes it where 'applied' is below the log's last seq.
--
-- Redis has one thread, and this is what it does most: a message of a dialog that is under way takes six commands, and of all else as
-- little as can be: arguments, functions, and strings that are cut out of others count (docs/adr/0022-spread-dialogs.md). Which buckets
-- have keys at all the dialog knows ('buckets'), so that the others are not asked.
--
-- KEYS  1 log  2 dialog, which is its channel's name, too  3 the partition's outbox  4 read marks  5 the bucket of now
--       6… the other buckets that may hold a key that counts
-- ARGV  see DialogLog.Append.Spread.cs; from 11 on only where a state of the handoff is asked for or changed
-- Returns of an append {one string: seq, nonce, time, how many events the log of a listed dialog holds now, handoff state; and if it was
--          noted '1' if lists do not know the dialog, the nonce of the event before, up to where the team had read, since when the visitor
--          waited for an operator}, otherwise {outcome, handoff state, the entry that was there before}
local call, match = redis.call, string.match
local log, dialog, outbox, bucket, first_earlier = KEYS[1], KEYS[2], KEYS[3], KEYS[5], 6
local key, hash, stamp, before_id, after_cursor, told, flags = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[8]
local first_optional, first_field = 11, 17

local known = call('HMGET', dialog, 'handoff', 'who', 'listed', 'operator', 'read_manager', 'requested', 'buckets')
local state, listed, buckets = known[1] or '', known[3] == '1', known[7]
if known[2] ~= ARGV[7] then return { 'missing', '', '' } end

local last = call('LINDEX', log, -1)
local last_seq, last_nonce
if last then
  last_seq, last_nonce = match(last, '^(%d+) (%x+)')
else
  last_seq, last_nonce = match(call('HGET', dialog, 'archived') or '0 0', '^(%d+) (%x+)')
end

-- A bucket's name ends in its number.
local function has_keys(name) return not buckets or string.find(buckets, ' ' .. match(name, '.*:(%d+)') .. ' ', 1, true) end

local seq = string.format('%d', last_seq + 1)
-- Nearly all appends are plain: nothing follows but the note.
local is_plain = flags == 'l' and listed and #ARGV < first_optional
if is_plain and buckets ~= ARGV[9] then
  is_plain = buckets and has_keys(bucket)
  for i = first_earlier, #KEYS do
    if has_keys(KEYS[i]) and call('HEXISTS', KEYS[i], key) == 1 then is_plain = false end
  end
end
if is_plain and call('HSETNX', bucket, key, seq .. ' ' .. hash) == 1 then
  local entry = seq .. stamp .. ' ' .. key .. '\n' .. before_id .. '"id":' .. seq .. ',"seq":' .. seq .. ',"cursor":"' .. seq .. after_cursor
  local length = call('RPUSH', log, entry)
  call('RPUSH', outbox, told .. ' ' .. seq .. stamp)
  call('PUBLISH', dialog, entry)
  return { seq .. stamp .. ' ' .. length .. ' ' .. state .. ' 0 ' .. last_nonce .. ' ' .. (known[5] or '0') .. ' ' .. (known[6] or '') }
end

local nonce, now = match(stamp, '^ (%x+) (%d+)$')
local unlisted_seconds, key_seconds, trace = match(ARGV[10], '^(%d+) (%d+) (.*)$')
local lists, reads, tears = string.find(flags, 'l', 1, true), string.find(flags, 'r', 1, true), string.find(flags, 't', 1, true)

-- What follows an entry: that lists are told of it, and how the dialog stands after it.
local function apply(seq_text, event_nonce, time, step)
  if listed then
    call('RPUSH', outbox, step.told .. ' ' .. seq_text .. ' ' .. event_nonce .. ' ' .. time)
  elseif step.lists then
    call('PERSIST', log)
    call('PERSIST', KEYS[4])
    call('PERSIST', dialog)
    call('HSET', dialog, 'listed', '1')
    listed = true
    call('RPUSH', outbox, step.told .. ' ' .. seq_text .. ' ' .. event_nonce .. ' ' .. time .. ' new')
  else
    call('EXPIRE', log, unlisted_seconds)
  end
  if step.fields then call('HSET', dialog, unpack(step.fields)) end
  if step.reads then call('HSET', dialog, 'read_manager', seq_text) end
end

if tears and last then
  local torn = call('HMGET', dialog, 'applied', 'pending')
  if torn[2] and tonumber(torn[1] or '0') < tonumber(last_seq) then
    local step = cjson.decode(torn[2])
    if step.nonce == last_nonce then
      -- Twice in the outbox does no harm: the projector takes an event once.
      apply(last_seq, step.nonce, match(last, '^%d+ %x+ (%d+)'), step)
      call('HSET', dialog, 'applied', last_seq)
      call('PUBLISH', dialog, last)
      local handoff = call('HMGET', dialog, 'handoff', 'operator')
      state, known[4] = handoff[1] or '', handoff[2]
    end
  end
end

-- The answer to a key that was used before, if its entry is still there.
local function earlier(hit)
  local hit_seq, hit_hash = match(hit, '^(%d+) (%S+)$')
  if not last or tonumber(hit_seq) > tonumber(last_seq) then return end
  -- From the end, which moves less than the beginning: nothing is appended while this runs.
  local entry = call('LINDEX', log, string.format('%d', tonumber(hit_seq) - tonumber(last_seq) - 1))
  if entry and match(entry, '^%d+ %S+ %d+ (%S+)\n') == key then
    return { hit_hash == hash and 'duplicate' or 'conflict', state, entry }
  end
end

for i = first_earlier, #KEYS do
  local hit = has_keys(KEYS[i]) and call('HGET', KEYS[i], key)
  local answer = hit and earlier(hit)
  if answer then return answer end
end

local becomes = ''
if #ARGV >= first_optional then
  -- Whoever may not speak, or step, now: unless this is a retry of what was taken when they might.
  local hit = call('HGET', bucket, key)
  local answer = hit and earlier(hit)
  if answer then return answer end
  local allowed, holder, operator = ARGV[11], ARGV[13], known[4]
  becomes = ARGV[12]
  if allowed ~= '' and not string.find(allowed, ' ' .. state .. ' ', 1, true) then return { 'refused', state, '' } end
  if becomes == '' and holder ~= '' and state == 'active' and operator ~= holder then return { 'refused', state, '' } end
  -- An owner may end what another one holds, and anybody where the holder was removed, since an account without an owner would never
  -- get that dialog back.
  if becomes == 'released' and ARGV[14] ~= operator and ARGV[15] ~= '1' and ARGV[16] ~= operator then return { 'not_yours', state, '' } end
end

local step = { lists = lists and true or nil, reads = reads and true or nil, told = told }
if #ARGV >= first_field then
  step.fields = {}
  for i = first_field, #ARGV do step.fields[#step.fields + 1] = ARGV[i] end
end

if tears then
  step.nonce = nonce
  call('HSET', dialog, 'pending', cjson.encode(step))
end
local is_first = not buckets or not has_keys(bucket)
if is_first then
  -- Before there is a key in it. A few more than may be asked for, since clocks differ.
  local known_buckets, most = { match(bucket, '.*:(%d+)') }, #KEYS
  for number in string.gmatch(buckets or '', '%d+') do
    if #known_buckets < most then known_buckets[#known_buckets + 1] = number end
  end
  call('HSET', dialog, 'buckets', ' ' .. table.concat(known_buckets, ' ') .. ' ')
end
local value = seq .. ' ' .. hash
if call('HSETNX', bucket, key, value) == 0 then
  local answer = earlier(call('HGET', bucket, key))
  if answer then return answer end
  call('HSET', bucket, key, value)
end
-- Once a bucket, unless this may have been torn before it came to that. Its keys live on for the rest of its period, and a lifetime more.
if is_first or tears then call('EXPIRE', bucket, key_seconds) end

local entry = seq .. stamp .. ' ' .. key .. '\n' .. before_id .. '"id":' .. seq .. ',"seq":' .. seq .. ',"cursor":"' .. seq .. after_cursor
local length = call('RPUSH', log, entry)
local is_new = not listed
apply(seq, nonce, now, step)
if tears then call('HSET', dialog, 'applied', seq) end
call('PUBLISH', dialog, trace == '' and entry or string.gsub(entry, '\n', ' ' .. trace .. '\n', 1))
local appended = seq .. stamp .. ' ' .. (listed and length or 0) .. ' ' .. (becomes ~= '' and becomes or state)
if not listed then return { appended } end
return { appended .. (is_new and ' 1 ' or ' 0 ') .. last_nonce .. ' ' .. (known[5] or '0') .. ' ' .. (known[6] or '') }
