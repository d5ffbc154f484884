-- Whoever has begun to show a round can't: have it shown now, unless somebody else is at it.
-- KEYS  1 round  2 agenda
-- ARGV  1 when it would be due (ms)  2 now (ms)
-- Returns 1 where it is due now, else 0
local round = redis.call('HMGET', KEYS[1], 'space', 'message')
if (round[2] or '') == '' then return 0 end
local item = showing(KEYS[1], round[1])
local due = redis.call('ZSCORE', KEYS[2], item)
if due and due ~= ARGV[1] then return 0 end
redis.call('ZADD', KEYS[2], ARGV[2], item)
return 1
