-- Takes away what leads to a dialog that is gone: its guest's way to it, and what waits in it for an assistant.
--
-- KEYS  1 the guest's dialogs  2 the guest's open dialog  3 the work of the site's assistant  4 its jobs
-- ARGV  1 dialog
redis.call('ZREM', KEYS[1], ARGV[1])
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
redis.call('HDEL', KEYS[4], ARGV[1], ARGV[1] .. ' more')
redis.call('ZREM', KEYS[3], ARGV[1])
return 1
