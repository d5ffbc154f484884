-- Put down a code under which another place may join a community.
-- KEYS  1 the code
-- ARGV  1 community  2 address  3 until when it is good (ms)  4 how long it is kept at most (ms)
-- Returns {'ok'}
redis.call('HSET', KEYS[1], 'community', ARGV[1], 'address', ARGV[2], 'until', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return {'ok'}
