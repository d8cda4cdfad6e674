-- Notes who a dialog's visitor is and where, and tells the account's lists what of it they show. It lives and dies with the dialog.
-- Values are JSON, so that what lists hear is put together from them as they lie here. A script torn by a crash is completed by the
-- next try: what was not told is told with the next change, and at the latest when the list is read.
--
-- KEYS  1 dialog
-- ARGV  1 guest  2 site  3 mode  4 the feed's channel; '' where that lies in another slot  5 the beginning of what lists hear  6 its end
--       7… pairs of a field and its value; '' takes the field away. 'started_page' stays as it was first
-- Returns {1}, with what is still to be published there, {0} if the guest has no such dialog, or {2} if its fields are to be unpacked first
local dialog = KEYS[1]
local known = redis.call('HMGET', dialog, 'guest', 'site', 'mode', 'listed', 'packed0')
if known[1] ~= ARGV[1] or known[2] ~= ARGV[2] or known[3] ~= ARGV[3] then return { 0 } end
if known[5] then return { 2 } end

local shown = { name = true, email = true, locale = true, page = true }
local is_news = false
for i = 7, #ARGV, 2 do
  local field, value = ARGV[i], ARGV[i + 1]
  local before = redis.call('HGET', dialog, field) or ''
  if before ~= value and not (field == 'started_page' and before ~= '') then
    if value == '' then redis.call('HDEL', dialog, field) else redis.call('HSET', dialog, field, value) end
    is_news = is_news or shown[field]
  end
end

if is_news and known[4] == '1' then
  local now = redis.call('HMGET', dialog, 'name', 'email', 'locale', 'page')
  local visitor = {}
  for i, member in ipairs({ 'name', 'email', 'locale' }) do
    if now[i] then visitor[#visitor + 1] = '"' .. member .. '":' .. now[i] end
  end
  local news = ARGV[5] .. '"visitor":{' .. table.concat(visitor, ',') .. '},' .. (now[4] and ('"page":' .. now[4] .. ',') or '') .. ARGV[6]
  if ARGV[4] == '' then return { 1, news } end
  redis.call('PUBLISH', ARGV[4], news)
end
return { 1 }
