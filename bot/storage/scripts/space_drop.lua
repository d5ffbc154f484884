-- Let a space go that belongs to this community still.
-- KEYS  1 the space's pointer
-- ARGV  1 community id
-- Returns 1 where it was let go, else 0
local pointer = redis.call('GET', KEYS[1]) or ''
if string.match(pointer, '^%S+') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
