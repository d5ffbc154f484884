-- Have the welcome of a new place said, once.
-- KEYS  1 the community that the place began with  2 agenda
-- ARGV  1 where  2 the item that says it  3 now (ms)
-- Returns 1 where it was not asked for yet, else 0
if redis.call('HSETNX', KEYS[1], 'welcome', ARGV[1]) == 0 then return 0 end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
return 1
