-- Note that Muse was removed from a space; what it keeps stays for a while.
-- KEYS  1 spaces  2 gone  3 agenda
-- ARGV  1 space  2 now (ms)  3 the item that erases  4 when (ms)
-- Returns {'ok'}; {'foreign'}
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 0 then return {'foreign'} end
redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[3], 'NX', ARGV[4], ARGV[3])
return {'ok'}
