-- Says in a spread dialog what its assistant has to say, unless an operator has it.
--
-- KEYS  1 dialog
-- ARGV  1 the dialog's channel  2… what is said
-- Returns 1, or 2 if an operator has the dialog
if redis.call('HGET', KEYS[1], 'handoff') == 'active' then return 2 end
for i = 2, #ARGV do redis.call('PUBLISH', ARGV[1], ARGV[i]) end
return 1
