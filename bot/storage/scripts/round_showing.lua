-- Somebody begins to show a round as it stands: whatever changes it from now on has it shown again.
-- KEYS  1 round  2 agenda
-- ARGV  1 when somebody else is to show it (ms)
-- Returns 1 where it is on the agenda for then; 0 where it is due later anyway, is gone or has no
-- message yet
local round = redis.call('HMGET', KEYS[1], 'space', 'message')
if (round[2] or '') == '' then return 0 end
local item = showing(KEYS[1], round[1])
redis.call('HSET', KEYS[1], 'stale', '')
redis.call('ZADD', KEYS[2], 'GT', ARGV[1], item)
return redis.call('ZSCORE', KEYS[2], item) == ARGV[1] and 1 or 0
