-- Note when the next challenge or daily prompt begins, where this one is left out or given.
-- KEYS  1 plan  2 agenda
-- ARGV  1 the field  2 what it holds (ms)  3 what it is to hold (ms)  4 the item that begins it
--       5 a field to note besides, or ''  6 its value
-- Returns {'ok'}; {'changed'} where it holds something else
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return {'changed'} end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], ARGV[5], ARGV[6]) end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[4])
return {'ok'}
