-- Appends one event to a dialog: dedupe, handoff check, next seq, append, feed, index, publish. One round trip, and the order
-- in the log is the order on the wire.
--
-- The log is the truth: seq is the last entry's plus one, and a hit among the idempotency keys counts only if its entry stands in
-- the log. Where the log was lost whole, seq goes on behind what the archive holds. The writes are ordered so that a script torn by
-- a crash leaves either nothing that counts, or an entry whose remaining steps ('applied' below the log's last seq) the next
-- append takes first, whoever's it is: what they need was noted before the entry ('pending').
--
-- Idempotency keys lie in buckets, one a period of the clock (KeyBuckets.cs). The version before kept all of a dialog's in one
-- hash, 'flat', for as long as their entries. While both versions run, in a deploy, a retry may come to either: so that hash is
-- read here, and written too during a process' first hour (Messaging:DeployOverlap). It expires as the buckets do, two periods
-- after the last write. Reading and writing it can go with the next version, when no process of the one before is left.
--
-- A list shows more of a dialog than its last event: how much of it the team has not read ('read_manager' is the team's mark, moved
-- by read_mark.lua and by what an operator says) and since when its visitor waits for a person ('requested' and 'asked', the time of
-- the first message that nobody answered; 'unassisted' if no assistant has that message, so that only a person can answer it). All of
-- it is read and written with what is read and written anyway.
--
-- The dialog has to be its owner's as the caller names them, so that who has a token for it need not read the dialog first.
--
-- KEYS  1 log  2 flat idempotency keys  3 dialog  4 the account's feed  5 the account's index of dialogs  6 read marks
--       7 the guest's dialogs  8 the guest's open dialog  9 the account's operators
--       10 the inbox of the site's assistant, which stands only where the site has one (AssistantWork.cs)
--       11 the bucket of now  12… the other buckets that may hold a key that counts
-- ARGV  see DialogLog.Append.cs
-- Returns {outcome, entry, handoff state, how many events the log of a listed dialog holds after an append, else 0,
--          more than 0 if the assistant has work now}
local log, flat, dialog, feed, index, read_marks = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local guest_dialogs, open, inbox, bucket, first_bucket = KEYS[7], KEYS[8], KEYS[10], KEYS[11], 11
local nonce, now, key, hash = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local head, tail, trace = ARGV[5], ARGV[6], ARGV[7]
local allowed, becomes, holder, holder_name = ARGV[8], ARGV[9], ARGV[10], ARGV[11]
local feed_tail, feed_limit, lists, unlisted_seconds = ARGV[12], tonumber(ARGV[13]), ARGV[14] == '1', ARGV[15]
local dialog_channel, feed_channel, dialog_id, guest_seconds = ARGV[16], ARGV[17], ARGV[18], ARGV[19]
local key_seconds, write_flat = ARGV[20], ARGV[21] == '1'
local operators, by = KEYS[9], ARGV[22]
local guest, site, mode = ARGV[23], ARGV[24], ARGV[25]

local function whole(number) return string.format('%.0f', number) end
local function seq_of(entry) return entry and tonumber(string.match(entry, '^(%d+) ')) or 0 end

local fields = redis.call('HMGET', dialog, 'handoff', 'operator', 'listed', 'applied', 'archived', 'pending',
  'guest', 'site', 'mode', 'read_manager', 'requested', 'asked', 'unassisted')
local state, operator, listed, applied = fields[1], fields[2], fields[3] == '1', tonumber(fields[4] or '0')
local read_up_to, requested, asked = tonumber(fields[10] or '0'), fields[11] or '', fields[12] or ''
local unassisted = fields[13] == '1'
local to_answer = 0
if not state or fields[7] ~= guest or fields[8] ~= site or fields[9] ~= mode then return { 'missing', '', '', 0, 0 } end

local last = redis.call('LINDEX', log, -1)
local last_seq = seq_of(last or fields[5])

-- The feed's entry for an event of this dialog, if a script that was torn later has put it there already. An event and its feed
-- entry have one nonce. The next append comes within seconds of the crash, so the feed's latest entries are enough.
local function fed(event_nonce)
  for _, candidate in ipairs(redis.call('LRANGE', feed, -1000, -1)) do
    if string.match(candidate, '^%d+ (%x+) ') == event_nonce and string.find(candidate, '"dialog_id":' .. dialog_id .. ',', 1, true) then
      return candidate
    end
  end
end

-- What leads the guest to the dialog lives as long as a guest is remembered, once the dialog is listed. Never shorter than it
-- lives already: one set leads to all of a guest's dialogs.
local function remember(key, least)
  local left = redis.call('TTL', key)
  if left >= 0 and left < least then redis.call('EXPIRE', key, guest_seconds) end
end

-- What a dialog's first entry in a list says beside its last event. The values lie in the dialog as JSON (note_visitor.lua).
local function introduction()
  local known = redis.call('HMGET', dialog, 'name', 'email', 'locale', 'page')
  local visitor = {}
  for i, member in ipairs({ 'name', 'email', 'locale' }) do
    if known[i] then visitor[#visitor + 1] = '"' .. member .. '":' .. known[i] end
  end
  return '"mode":"' .. mode .. '","site_id":' .. cjson.encode(site) .. ','
    .. (#visitor > 0 and ('"visitor":{' .. table.concat(visitor, ',') .. '},') or '')
    .. (known[4] and ('"page":' .. known[4] .. ',') or '')
end

-- The steps after the log: the handoff's state, what lists show, and what sockets hear.
local function apply(entry, seq, step, was_torn)
  local nonce, now = string.match(entry, '^%d+ (%x+) (%d+) ')
  local event, sender = string.match(step.feed_tail, '^"event":"([^"]*)","sender":"([^"]*)"')
  local time = string.match(step.feed_tail, '"timestamp":"([^"]*)"}$')
  if event == 'message' then
    asked = sender ~= 'user' and '' or asked == '' and time or asked
  elseif event == 'handoff_requested' then
    requested = time
  end
  if sender == 'manager' and (event == 'message' or event == 'handoff_started') then read_up_to = math.max(read_up_to, seq) end
  if step.becomes ~= '' then
    state, operator = step.becomes, step.holder
    redis.call('HSET', dialog, 'handoff', state, 'operator', operator, 'operator_name', step.holder_name, 'handoff_at', now)
  end
  -- An assistant answers what is written while it is there, and nothing that was left by whoever answered before.
  if state ~= 'active' and (sender == 'user' and event == 'message' or step.becomes == 'released') then
    unassisted = redis.call('EXISTS', inbox) == 0
  end
  local was_listed = listed
  if step.lists then
    -- Before the dialog is listed, so that a torn script is completed here too. Of a listed one half the life is enough: it is
    -- a write in months, and it heals what the version before this one has listed without prolonging anything.
    local least = tonumber(guest_seconds) / (listed and 2 or 1)
    remember(guest_dialogs, least)
    if redis.call('GET', open) == dialog_id then remember(open, least) end
  end
  if step.lists and not listed then
    redis.call('PERSIST', log)
    redis.call('PERSIST', read_marks)
    redis.call('PERSIST', dialog)
    listed = true
  end
  local feed_entry
  if listed then
    feed_entry = was_torn and fed(nonce) or nil
    if not feed_entry then
      local left = (state == 'active' or unassisted) and asked or ''
      local waiting = state == 'requested' and (left == '' or requested < left) and requested or left
      local feed_seq = whole(seq_of(redis.call('LINDEX', feed, -1)) + 1)
      feed_entry = feed_seq .. ' ' .. nonce .. ' ' .. now .. ' -\n{"type":"' .. (was_listed and 'dialog_update' or 'dialog_new')
        .. '","dialog_id":' .. dialog_id .. ',"seq":' .. feed_seq .. ',"cursor":"' .. feed_seq .. '-' .. nonce
        .. '","last_seq":' .. whole(seq) .. ',"handoff":"' .. state .. '","unread":' .. whole(math.max(0, seq - read_up_to))
        .. ',"waiting_since":' .. (waiting == '' and 'null' or '"' .. waiting .. '"') .. ','
        .. (step.becomes == 'active' and '"operator":' .. cjson.encode(step.holder_name) .. ',"operator_id":' .. cjson.encode(step.holder) .. ',' or '')
        .. (was_listed and '' or introduction()) .. step.feed_tail
      redis.call('RPUSH', feed, feed_entry)
      redis.call('LTRIM', feed, -feed_limit, -1)
    end

    -- Behind the feed's entry, or a script torn between the two would be completed by one that tells lists of a dialog they know.
    if not was_listed then redis.call('HSET', dialog, 'listed', '1') end
    redis.call('ZADD', index, now, dialog_id)
    redis.call('HSET', dialog, 'last', step.feed_tail, 'last_seq', whole(seq), 'read_manager', whole(read_up_to),
      'requested', requested, 'asked', asked, 'unassisted', unassisted and '1' or '')
  else
    redis.call('EXPIRE', log, unlisted_seconds)
  end
  -- A visitor's message that no operator is there for is the assistant's to answer. Where there is no inbox nothing is added.
  if step.lists and step.becomes == '' and state ~= 'active' then
    to_answer = redis.call('RPUSHX', inbox, dialog_id .. ' ' .. whole(seq))
  end
  redis.call('HSET', dialog, 'applied', whole(seq))
  local line_end = string.find(entry, '\n', 1, true)
  local published = (trace == '' or was_torn) and entry
    or (string.sub(entry, 1, line_end - 1) .. ' ' .. trace .. string.sub(entry, line_end))
  redis.call('PUBLISH', dialog_channel, published)
  if feed_entry then redis.call('PUBLISH', feed_channel, feed_entry) end
end

-- Whether an operator may end what another one holds: an owner may, and anybody where the holder was removed, since an account
-- without an owner would never get that dialog back.
local function may_release()
  if by == operator or redis.call('HEXISTS', operators, operator) == 0 then return true end
  local person = redis.call('HGET', operators, by)
  return person and cjson.decode(person).role == 'owner'
end

if last and applied < last_seq and fields[6] then
  local noted, lists_then, becomes_then, holder_then, feed_tail_then, holder_name_then =
    string.match(fields[6], '^(%x+)\n(%d)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n(.*)$')
  if noted == string.match(last, '^%d+ (%x+) ') then
    apply(last, last_seq, {
      lists = lists_then == '1',
      becomes = becomes_then,
      holder = holder_then,
      holder_name = holder_name_then,
      feed_tail = feed_tail_then,
    }, true)
  end
end

local function earlier_send(index)
  local hit = redis.call('HGET', index, key)
  if not hit then return end
  local hit_seq, hit_hash = string.match(hit, '^(%d+) (%S+)$')
  local position = tonumber(hit_seq) - seq_of(redis.call('LINDEX', log, 0))
  local entry = position >= 0 and redis.call('LINDEX', log, whole(position)) or nil
  if entry and string.match(entry, '^%d+ %S+ %d+ (%S+)\n') == key then
    return { hit_hash == hash and 'duplicate' or 'conflict', entry, state, 0, to_answer }
  end
end

for i = first_bucket, #KEYS do
  local earlier = earlier_send(KEYS[i])
  if earlier then return earlier end
end
local earlier = earlier_send(flat)
if earlier then return earlier end

if allowed ~= '' and not string.find(allowed, ' ' .. state .. ' ', 1, true) then return { 'refused', '', state, 0, to_answer } end
if becomes == '' and holder ~= '' and state == 'active' and operator ~= holder then return { 'refused', '', state, 0, to_answer } end
if becomes == 'released' and not may_release() then return { 'not_yours', '', state, 0, to_answer } end

local seq = last_seq + 1
local cursor = whole(seq) .. '-' .. nonce
local entry = whole(seq) .. ' ' .. nonce .. ' ' .. now .. ' ' .. key .. '\n'
  .. head .. '"id":' .. whole(seq) .. ',"seq":' .. whole(seq) .. ',"cursor":"' .. cursor .. '",' .. tail

redis.call('HSET', dialog, 'pending', table.concat({ nonce, lists and '1' or '0', becomes, holder, feed_tail, holder_name }, '\n'))
redis.call('HSET', bucket, key, whole(seq) .. ' ' .. hash)
redis.call('EXPIRE', bucket, key_seconds)
if write_flat then redis.call('HSET', flat, key, whole(seq) .. ' ' .. hash) end
if write_flat or redis.call('TTL', flat) == -1 then redis.call('EXPIRE', flat, key_seconds) end
local length = redis.call('RPUSH', log, entry)
apply(entry, seq, { lists = lists, becomes = becomes, holder = holder, holder_name = holder_name, feed_tail = feed_tail }, false)
return { 'appended', entry, state, listed and length or 0, to_answer }
