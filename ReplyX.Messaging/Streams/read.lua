-- Reads a page of a log. A log is contiguous, so an entry's place in the list is its seq less the first entry's.
-- What a dialog's log has given up to the archive is not here: read forward the answer then says so, and nothing else; read
-- backward it is what the log has, and the archive's part comes before that.
--
-- KEYS  1 log  2 dialog (none for a feed)
-- ARGV  1 'after' seq nonce | 'from' seq '' | 'before' seq '' | 'tail' '' ''
--       4 most entries   5 most bytes (one entry always fits: the first, or backward the last)
-- Returns {'1' held | '0' not held | 'archive', last entry's line, oldest seq anywhere, the log's first seq, entries …}
local log, dialog, mode, wanted, nonce = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2]), ARGV[3]
local most, bytes = tonumber(ARGV[4]), tonumber(ARGV[5])
local step = 16

local function whole(number) return string.format('%.0f', number) end
local function seq_of(entry) return tonumber(string.match(entry, '^(%d+) ')) end

-- 'archived' is the last archived event's seq and nonce, 'floor' the first event that retention has left.
local archived, floor = false, 1
if dialog then
  local fields = redis.call('HMGET', dialog, 'archived', 'floor')
  archived, floor = fields[1], tonumber(fields[2] or '1')
end

local last = redis.call('LINDEX', log, -1)
if not last and not archived then return { (mode ~= 'after' or wanted == 0) and '1' or '0', '', '0', '0' } end
local first = last and seq_of(redis.call('LINDEX', log, 0)) or seq_of(archived) + 1
local length = redis.call('LLEN', log)
local oldest = (archived and seq_of(archived) >= first - 1 and floor < first) and floor or first
local page = { '1', string.match(last or archived, '^[^\n]*'), whole(oldest), whole(first) }

local function answer(held)
  page[1] = held
  return page
end

-- Backward, in steps from the end, so that no more is fetched than the page holds and a step.
if mode == 'tail' or mode == 'before' then
  local backward, stop = {}, length - 1
  if mode == 'before' then stop = math.min(stop, wanted - 1 - first) end
  while #backward < most and stop >= 0 do
    local from = math.max(0, stop - math.min(step, most - #backward) + 1)
    local entries = redis.call('LRANGE', log, whole(from), whole(stop))
    if #entries == 0 then break end
    for i = #entries, 1, -1 do
      bytes = bytes - #entries[i]
      if bytes < 0 and #backward > 0 then
        stop = -1
        break
      end
      backward[#backward + 1] = entries[i]
    end
    if stop >= 0 then stop = from - 1 end
  end
  for i = #backward, 1, -1 do page[#page + 1] = backward[i] end
  return page
end

local position
if mode == 'from' then
  if wanted < first and oldest < first then
    return wanted + most > oldest and answer('archive') or page
  end
  position = wanted - first
  if position < 0 then
    most = most + position
    position = 0
  end
elseif wanted == 0 then
  if oldest ~= 1 then return answer('0') end
  if first ~= 1 then return answer('archive') end
  position = 0
elseif wanted == first - 1 and wanted >= oldest and archived == whole(wanted) .. ' ' .. nonce then
  -- The last event of a dialog that was at rest: the mark has its nonce, and the archive need not be asked.
  position = 0
elseif wanted < first then
  return answer(wanted >= oldest and 'archive' or '0')
else
  position = wanted - first + 1
  local entry = redis.call('LINDEX', log, whole(position - 1))
  if not entry or string.match(entry, '^%d+ (%x+) ') ~= nonce then return answer('0') end
end

local taken = 0
while taken < most do
  local to = position + math.min(step, most - taken) - 1
  local entries = redis.call('LRANGE', log, whole(position), whole(to))
  if #entries == 0 then break end
  for _, entry in ipairs(entries) do
    bytes = bytes - #entry
    if bytes < 0 and taken > 0 then return page end
    page[#page + 1] = entry
    taken = taken + 1
  end
  position = to + 1
end
return page
