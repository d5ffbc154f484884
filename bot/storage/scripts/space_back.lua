-- Note that Muse is back in a space that it was removed from.
-- KEYS  1 spaces  2 gone
-- ARGV  1 space
-- Returns {'ok', 1 where it was away, else 0}; {'foreign'}
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 0 then return {'foreign'} end
return {'ok', redis.call('HDEL', KEYS[2], ARGV[1])}
