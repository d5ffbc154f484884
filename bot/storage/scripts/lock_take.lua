-- Take a lock, or keep it for longer.
-- KEYS  1 lock
-- ARGV  1 who takes it  2 for how many seconds
-- Returns 1 where it is theirs, else 0
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
