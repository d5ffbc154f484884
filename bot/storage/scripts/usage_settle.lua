-- Put down what calls to the model cost, and let go what was held for them.
-- KEYS  1 the day's usage  2 holds
-- ARGV  1 member  2 calls  3 tokens in  4 tokens cached among them  5 tokens out
--       6 cost (millionths)  7… the holds
-- Returns {'ok'}
for i = 7, #ARGV do redis.call('HDEL', KEYS[2], ARGV[i]) end
if tonumber(ARGV[2]) == 0 then return {'ok'} end
local tokens = tonumber(ARGV[3]) + tonumber(ARGV[5])
redis.call('HINCRBY', KEYS[1], 'tokens', tokens)
redis.call('HINCRBY', KEYS[1], 'cost', ARGV[6])
redis.call('HINCRBY', KEYS[1], 'calls', ARGV[2])
redis.call('HINCRBY', KEYS[1], 'in', ARGV[3])
redis.call('HINCRBY', KEYS[1], 'cached', ARGV[4])
redis.call('HINCRBY', KEYS[1], 'out', ARGV[5])
redis.call('HINCRBY', KEYS[1], 'm' .. ARGV[1], tokens)
return {'ok'}
