-- Count a try with a code before it is looked at, so that nobody can try many at once.
-- KEYS  1 tries
-- ARGV  1 event id  2 now (ms)  3 how long tries count (ms)  4 the most
-- Returns {'ok'}, again for the same event; {'tries', how long still (ms)}
local now, wait = tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - wait)
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return {'ok'} end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then
  local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return {'tries', string.format('%.0f', first[2] + wait - now)}
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], 2 * wait)
return {'ok'}
