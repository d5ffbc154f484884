-- Let a lock go, where it is still theirs.
-- KEYS  1 lock
-- ARGV  1 who took it
-- Returns 1 where it was theirs, else 0
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
