-- Put an item on the agenda, or leave it where it stands.
-- KEYS  1 agenda
-- ARGV  1 item  2 when (ms)
-- Returns 1 where it is new, else 0
return redis.call('ZADD', KEYS[1], 'NX', ARGV[2], ARGV[1])
