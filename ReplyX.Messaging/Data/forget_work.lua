-- Strikes dialogs that are gone out of a site's inbox. Elements are replaced and not removed, since the list stands for an assistant that is
-- enabled (AssistantWork.cs).
--
-- KEYS  1 inbox
-- ARGV  1 an element that stands for nothing  2… dialogs
-- Returns how many elements there were
local gone = {}
for i = 2, #ARGV do gone[ARGV[i]] = true end
local struck = 0
for i, item in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  local dialog = string.match(item, '^(%d+) ')
  if dialog and gone[dialog] then
    redis.call('LSET', KEYS[1], i - 1, ARGV[1])
    struck = struck + 1
  end
end
return struck
