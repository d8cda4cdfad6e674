-- Reads a page of a log. A log is contiguous, so an entry's place in the list is its seq less the first entry's.
--
-- KEYS  1 log
-- ARGV  1 'after' seq nonce | 'from' seq '' | 'tail' '' ''   4 most entries   5 most bytes (the first entry always fits)
-- Returns {held, last entry's line, first seq, entries …}
local log, mode, wanted, nonce = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local most, bytes = tonumber(ARGV[4]), tonumber(ARGV[5])
local step = 16

local last = redis.call('LINDEX', log, -1)
if not last then return { (mode ~= 'after' or wanted == '0') and '1' or '0', '', '0' } end
local first = tonumber(string.match(redis.call('LINDEX', log, 0), '^(%d+) '))
local length = redis.call('LLEN', log)
local top = string.match(last, '^[^\n]*')
local first_text = string.format('%.0f', first)

local position
if mode == 'tail' then
  position = math.max(0, length - most)
elseif mode == 'from' then
  position = tonumber(wanted) - first
  if position < 0 then
    most = most + position
    position = 0
  end
else
  position = tonumber(wanted) - first + 1
  if wanted == '0' then
    if first ~= 1 then return { '0', top, first_text } end
  else
    local entry = position >= 1 and redis.call('LINDEX', log, string.format('%.0f', position - 1))
    if not entry or string.match(entry, '^%d+ (%x+) ') ~= nonce then return { '0', top, first_text } end
  end
end

local page = { '1', top, first_text }
local taken = 0
while taken < most do
  local to = position + math.min(step, most - taken) - 1
  local entries = redis.call('LRANGE', log, string.format('%.0f', position), string.format('%.0f', to))
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
