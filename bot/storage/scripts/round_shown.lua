-- Strike the item that shows a round, once it is shown, unless it has changed meanwhile or the item
-- has been given another time.
-- KEYS  1 round  2 agenda  3 tries
-- ARGV  1 when it would be due (ms)
-- Returns 1 where it was struck; 0 where it has changed meanwhile, or is gone; -1 where somebody else
--         has begun to show it meanwhile
local round = redis.call('HMGET', KEYS[1], 'space', 'stale')
if not round[1] or round[2] == '1' then return 0 end
local item = showing(KEYS[1], round[1])
if redis.call('ZSCORE', KEYS[2], item) ~= ARGV[1] then return -1 end
redis.call('HDEL', KEYS[3], item)
return redis.call('ZREM', KEYS[2], item)
