-- Note when somebody joined a space; what is older than any gate asks for goes.
-- KEYS  1 joined
-- ARGV  1 what stands for them  2 now (ms)  3 the oldest that is kept (ms)  4 how many are kept
--       5 seconds after which Redis lets go of all of it
-- Returns {'ok'}
redis.call('ZADD', KEYS[1], 'NX', ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[3])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -tonumber(ARGV[4]) - 1)
redis.call('EXPIRE', KEYS[1], ARGV[5])
return {'ok'}
