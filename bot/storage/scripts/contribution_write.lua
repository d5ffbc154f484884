-- Put one of Muse's own entries into a challenge that is open, once.
-- KEYS  1 challenge  2 what was put in
-- ARGV  1 its place: a<n>  2 the entry as JSON
-- Returns {'ok', 1 where it is new, else 0}; {'gone'}; {'state', state}
local state = redis.call('HGET', KEYS[1], 'state')
if not state then return {'gone'} end
if state ~= 'open' then return {'state', state} end
local new = redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2])
if new == 1 then redis.call('HINCRBY', KEYS[1], 'rev', 1) end
return {'ok', new}
