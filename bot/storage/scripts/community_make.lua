-- Make a community for a space, or find it made. One that is being erased stays after all.
-- KEYS  1 community  2 spaces  3 the shard's list of communities  4 gone
-- ARGV  1 community id  2 space  3 zone  4 now (ms)
-- Returns {'ok', zone}
redis.call('HSETNX', KEYS[1], 'made', ARGV[4])
redis.call('HSETNX', KEYS[1], 'zone', ARGV[3])
-- A space that has joined another community meanwhile is not taken back by who comes late.
if redis.call('HEXISTS', KEYS[1], 'away') == 0 then redis.call('SADD', KEYS[2], ARGV[2]) end
redis.call('HSETNX', KEYS[3], ARGV[1], ARGV[4])
redis.call('HDEL', KEYS[4], '!', ARGV[2], '!' .. ARGV[2])
return {'ok', redis.call('HGET', KEYS[1], 'zone')}
