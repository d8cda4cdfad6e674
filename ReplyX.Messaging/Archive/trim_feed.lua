-- Takes old entries out of an account's feed: they show the beginnings of messages. The last one stays for its number and its nonce,
-- and says nothing any more.
--
-- KEYS  1 feed
-- ARGV  1 the latest time that goes  2 most entries
-- Returns 1 if there may be more to trim now
local feed, latest, most = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local entries = redis.call('LRANGE', feed, 0, most - 1)
local going = 0
for _, entry in ipairs(entries) do
  if tonumber(string.match(entry, '^%d+ %x+ (%d+) ')) > latest then break end
  going = going + 1
end
if going == 0 then return 0 end

local length = redis.call('LLEN', feed)
if going < length then
  redis.call('LTRIM', feed, going, -1)
  return going == most and 1 or 0
end

local last = entries[going]
local line, seq, nonce = string.match(last, '^((%d+) (%x+) [^\n]*)\n')
local id, time = string.match(last, '"dialog_id":(%d+)'), string.match(last, '"timestamp":"([^"]*)"}$')
if id and time and not string.find(last, '\n{"type":"dialog_removed"', 1, true) then
  redis.call('LSET', feed, -1, line .. '\n{"type":"dialog_removed","dialog_id":' .. id .. ',"seq":' .. seq .. ',"cursor":"' .. seq .. '-' .. nonce
    .. '","timestamp":"' .. time .. '"}')
end
if going > 1 then redis.call('LTRIM', feed, -1, -1) end
return 0
