-- Note something on a round: where its message is, that it is written.
-- KEYS  1 round
-- ARGV  1 the state it must be in, or '' for any  2… fields and their values
-- Returns {'ok'}; {'gone'}; {'state', state}
local state = redis.call('HGET', KEYS[1], 'state')
if not state then return {'gone'} end
if ARGV[1] ~= '' and state ~= ARGV[1] then return {'state', state} end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return {'ok'}
