-- Tells an account's lists of events of its spread dialogs, each once and those of one dialog in order. Up to where a dialog has been told
-- of stands beside the feed ('projected': seq and nonce of an event), and is written with it.
--
-- An event is told if the mark is what the caller expects: the event that it was appended behind. Whoever knows less finds out more
-- (Projector.cs) and asks again: of that event, and of what follows it in its dialog, nothing is told. '1' in ARGV 3 says that some of it
-- may have been told all the same, as on a server that may tear a script between feed and mark: then the feed's latest entries are
-- looked through for each event's nonce first.
--
-- Since when a visitor waits for a person follows from what is told, as append.lua has it of other dialogs. 'asked' holds of each dialog the
-- time of the first message that nobody has answered, behind '1 ' if no assistant has that message and '0 ' otherwise.
--
-- KEYS  1 the account's feed  2 its index of dialogs  3 its marks  4 asked  5… inboxes of assistants (see AssistantWork.cs)
-- ARGV  1 the feed's channel  2 the feed's length  3 '1' to look through the feed
--       4… eleven an event: dialog, seq, nonce, time, the mark that is expected, type, the number of the site's inbox, what it does to who
--       waits ('asks' for a visitor's message, 'answers' for somebody else's, 'ends' where an operator leaves, or ''), the handoff's state
--       behind it, since when an operator is asked for, and the entry's JSON behind the cursor
-- Returns {the numbers of inboxes that got work, comma-separated; for each dialog whose mark is another one its id and the mark …}
local call, match, format = redis.call, string.match, string.format
local feed, index, projected, asked, first_inbox = KEYS[1], KEYS[2], KEYS[3], KEYS[4], 4
local channel, limit, looks = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'
local first_event, step, looked_through = 4, 11, 1000

local ids, marks, asks, asked_before = {}, {}, {}, {}
for i = first_event, #ARGV, step do
  local id = ARGV[i]
  if not marks[id] then
    marks[id] = ''
    ids[#ids + 1] = id
  end
end
for i, mark in ipairs(call('HMGET', projected, unpack(ids))) do marks[ids[i]] = mark or '' end
for i, time in ipairs(call('HMGET', asked, unpack(ids))) do
  asked_before[ids[i]] = time or ''
  asks[ids[i]] = time or ''
end

local assisted = {}
local function is_assisted(inbox)
  if assisted[inbox] == nil then assisted[inbox] = call('EXISTS', KEYS[first_inbox + inbox]) == 1 end
  return assisted[inbox]
end

-- An assistant answers what is written while it is there, and nothing that was left by whoever answered before.
local function waiting_since(id, what, state, requested, inbox, text)
  local unassisted, since = match(asks[id], '^(%d) (.*)$')
  since = since or ''
  if what == 'answers' then since = '' end
  if what == 'asks' and since == '' then since = match(text, '"timestamp":"([^"]*)"}$') end
  if state ~= 'active' and (what == 'asks' or what == 'ends') then unassisted = is_assisted(inbox) and '0' or '1' end
  asks[id] = since == '' and '' or (unassisted or '0') .. ' ' .. since
  local left = (state == 'active' or unassisted == '1') and since or ''
  if state == 'requested' and requested ~= '' and (left == '' or requested < left) then return requested end
  return left
end

local told
local function is_told(id, nonce)
  if not told then
    told = {}
    for _, entry in ipairs(call('LRANGE', feed, -looked_through, -1)) do
      local known, of = match(entry, '^%d+ (%x+) .-"dialog_id":(%d+),')
      if known then told[of .. ' ' .. known] = true end
    end
  end
  return told[id .. ' ' .. nonce]
end

local last = call('LINDEX', feed, -1)
local feed_seq = last and tonumber(match(last, '^%d+')) or 0
local entries, moved, work, answer, unsure = {}, {}, {}, { '' }, {}
for i = first_event, #ARGV, step do
  local id, seq, nonce, time, expected = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local mark, this = marks[id], seq .. ' ' .. nonce
  if mark == this or unsure[id] then
    -- It has been told, or nothing more is told of its dialog now.
  elseif mark == expected or expected == '-' and (mark == '' or tonumber(match(mark, '^%d+')) == tonumber(seq) - 1) then
    local inbox, what, state = tonumber(ARGV[i + 6]), ARGV[i + 7], ARGV[i + 8]
    local waiting = waiting_since(id, what, state, ARGV[i + 9], inbox, ARGV[i + 10])
    if not (looks and is_told(id, nonce)) then
      feed_seq = feed_seq + 1
      local number = format('%.0f', feed_seq)
      entries[#entries + 1] = number .. ' ' .. nonce .. ' ' .. time .. ' -\n{"type":"' .. ARGV[i + 5] .. '","dialog_id":' .. id .. ',"seq":'
        .. number .. ',"cursor":"' .. number .. '-' .. nonce .. '","waiting_since":'
        .. (waiting == '' and 'null' or '"' .. waiting .. '"') .. ',' .. ARGV[i + 10]
      if what == 'asks' and state ~= 'active' then
        local items = work[inbox] or {}
        items[#items + 1] = id .. ' ' .. seq
        work[inbox] = items
      end
    end
    if not moved[id] then moved[#moved + 1] = id end
    moved[id] = time
    marks[id] = this
  else
    unsure[id] = true
    answer[#answer + 1] = id
    answer[#answer + 1] = mark
  end
end
if #moved == 0 then return answer end

-- Before the feed: a server that tears this would otherwise leave an event that was told and that no assistant answers. Twice does no harm.
for inbox, items in pairs(work) do
  if call('RPUSHX', KEYS[first_inbox + inbox], unpack(items)) > 0 then answer[1] = answer[1] .. format('%d,', inbox) end
end
if #entries > 0 then
  if call('RPUSH', feed, unpack(entries)) > limit then call('LTRIM', feed, -limit, -1) end
  for _, entry in ipairs(entries) do call('PUBLISH', channel, entry) end
end
local active, told_up_to, now_asked, answered = {}, {}, {}, {}
for i, id in ipairs(moved) do
  active[i * 2 - 1], active[i * 2] = moved[id], id
  told_up_to[i * 2 - 1], told_up_to[i * 2] = id, marks[id]
  if asks[id] == '' then
    if asked_before[id] ~= '' then answered[#answered + 1] = id end
  elseif asks[id] ~= asked_before[id] then
    now_asked[#now_asked + 1] = id
    now_asked[#now_asked + 1] = asks[id]
  end
end
if #now_asked > 0 then call('HSET', asked, unpack(now_asked)) end
if #answered > 0 then call('HDEL', asked, unpack(answered)) end
call('ZADD', index, unpack(active))
call('HSET', projected, unpack(told_up_to))
return answer
