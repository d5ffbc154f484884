-- Strike a twist that is done with; where nothing came of it, the member may try again.
-- KEYS  1 round
-- ARGV  1 event id of the twist  2 what went wrong, or ''
-- Returns {'ok'}; {'gone'}
if redis.call('EXISTS', KEYS[1]) == 0 then return {'gone'} end
local twist = redis.call('HGET', KEYS[1], 't:' .. ARGV[1])
if not twist then return {'ok'} end
redis.call('HDEL', KEYS[1], 't:' .. ARGV[1])
if ARGV[2] ~= '' then
  redis.call('HINCRBY', KEYS[1], 'b' .. string.match(twist, '^%d+'), -1)
end
redis.call('HSET', KEYS[1], 'unwritten', ARGV[2])
return {'ok'}
