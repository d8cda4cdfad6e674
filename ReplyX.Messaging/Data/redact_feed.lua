-- Empties an account's feed of what it tells of dialogs that are gone: names, addresses, the beginnings of messages. Each entry keeps its
-- number and its nonce, so that cursors hold, and says that the dialog was removed.
--
-- KEYS  1 feed
-- ARGV  1 the number to begin at  2 most entries  3… dialogs
-- Returns the number to go on from, or 0 at the end
local feed, from, most = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local function whole(number) return string.format('%.0f', number) end

local gone = {}
for i = 3, #ARGV do gone[ARGV[i]] = true end

local head = redis.call('LINDEX', feed, 0)
if not head then return 0 end
local first = tonumber(string.match(head, '^(%d+) '))
local at = math.max(0, from - first)
local entries = redis.call('LRANGE', feed, whole(at), whole(at + most - 1))
for i, entry in ipairs(entries) do
  -- The first of them is the event's own: it stands before anything that people wrote.
  local id = string.match(entry, '"dialog_id":(%d+)')
  if id and gone[id] and not string.find(entry, '\n{"type":"dialog_removed"', 1, true) then
    local line, seq, nonce = string.match(entry, '^((%d+) (%x+) [^\n]*)\n')
    local time = string.match(entry, '"timestamp":"([^"]*)"}$')
    redis.call('LSET', feed, whole(at + i - 1), line .. '\n{"type":"dialog_removed","dialog_id":' .. id .. ',"seq":' .. seq .. ',"cursor":"'
      .. seq .. '-' .. nonce .. '"' .. (time and (',"timestamp":"' .. time .. '"') or '') .. '}')
  end
end
return #entries == most and first + at + most or 0
