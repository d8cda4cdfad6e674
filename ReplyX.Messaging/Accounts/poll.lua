-- Which accounts' credentials changed since a version, in one look.
--
-- KEYS  1 changes  2 begun
-- ARGV  1 the version seen  2 the most accounts that are kept  3 the time before which a change that was begun is late
-- Returns {version, 1 if accounts may be missing else 0, the accounts, the changes that are late}
local changes, begun = KEYS[1], KEYS[2]
local seen, most, late = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]

local latest = redis.call('ZREVRANGE', changes, 0, 0, 'WITHSCORES')
local version = tonumber(latest[2] or '0')
local missing, accounts = 0, {}
if version < seen then
  -- Lost or rolled back: what changed since cannot be told.
  missing = 1
elseif version > seen then
  -- Below the bound nothing was trimmed yet, whatever the oldest entry's version.
  local oldest = redis.call('ZRANGE', changes, 0, 0, 'WITHSCORES')
  if redis.call('ZCARD', changes) >= most and tonumber(oldest[2]) > seen + 1 then
    missing = 1
  else
    accounts = redis.call('ZRANGEBYSCORE', changes, '(' .. ARGV[1], '+inf')
  end
end
return { string.format('%.0f', version), missing, accounts, redis.call('ZRANGEBYSCORE', begun, '-inf', late, 'LIMIT', 0, 100) }
