-- Lays a dialog to rest that nobody has written in for long: all of its log is archived, so the log goes, and with it the keys and the
-- participants' read marks. What is left is the dialog itself, written anew so that Redis keeps it in one short piece: the fields that
-- scripts look at stay as they are, the others come packed (PackedFields.cs). An append that came before this wins.
--
-- The new form replaces the old one by one RENAME, and the log goes last: torn by a crash at any point, the repeat finishes.
--
-- KEYS  1 log  2 flat idempotency keys (see append.lua)  3 dialog  4 read marks  5 where the new form is put together
--       6… the buckets of keys that may still be there
-- ARGV  1 the latest time that its last event may have  2 how many fields are packed  3… their names and values by turns, as they were
--       read; then names and values of what they are packed into
-- Returns 1 at rest  0 it is not idle, or not archived to its end  2 a field has changed since it was read
local log, dialog, read_marks, resting = KEYS[1], KEYS[3], KEYS[4], KEYS[5]
local packed = tonumber(ARGV[2])

local last = redis.call('LINDEX', log, -1)
if not last then return 0 end
local line, seq, time = string.match(last, '^((%d+) %x+) (%d+) ')
local fields = redis.call('HMGET', dialog, 'listed', 'archived', 'applied', 'pending')
if fields[1] ~= '1' or fields[2] ~= line or tonumber(time) > tonumber(ARGV[1]) then return 0 end

-- What a torn append has still to do is done by the next one, which needs what was noted for that.
if fields[4] and tonumber(fields[3] or '0') < tonumber(seq) then return 0 end

local gone = { applied = true, pending = true, buckets = true }
for i = 0, packed - 1 do
  local name, value = ARGV[3 + 2 * i], ARGV[4 + 2 * i]
  if redis.call('HGET', dialog, name) ~= value then return 2 end
  gone[name] = true
end

local new_form = { 'idle_since', time }
local all = redis.call('HGETALL', dialog)
for i = 1, #all, 2 do
  local name, value = all[i], all[i + 1]
  if not gone[name] and name ~= 'idle_since' and value ~= '' then
    new_form[#new_form + 1] = name
    new_form[#new_form + 1] = value
  end
end
for i = 3 + 2 * packed, #ARGV do new_form[#new_form + 1] = ARGV[i] end
redis.call('DEL', resting)
redis.call('HSET', resting, unpack(new_form))

for i = 6, #KEYS do redis.call('DEL', KEYS[i]) end
redis.call('DEL', KEYS[2])
redis.call('DEL', read_marks)
redis.call('RENAME', resting, dialog)
redis.call('DEL', log)
return 1
