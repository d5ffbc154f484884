-- Make a community for a space, or find it made.
-- KEYS  1 community  2 spaces  3 the shard's list of communities
-- ARGV  1 community id  2 space  3 zone  4 now (ms)
-- Returns {'ok', zone}
redis.call('HSETNX', KEYS[1], 'made', ARGV[4])
redis.call('HSETNX', KEYS[1], 'zone', ARGV[3])
redis.call('SADD', KEYS[2], ARGV[2])
redis.call('HSETNX', KEYS[3], ARGV[1], ARGV[4])
return {'ok', redis.call('HGET', KEYS[1], 'zone')}
