-- Strike a twist that is done with; where nothing came of it, the member may try again.
-- KEYS  1 round  2 agenda
-- ARGV  1 event id of the twist  2 what went wrong, or ''  3 now (ms)
-- Returns {'ok'}; {'gone'}
local round = redis.call('HMGET', KEYS[1], 'space', 'message')
if not round[1] then return {'gone'} end
local twist = redis.call('HGET', KEYS[1], 't:' .. ARGV[1])
if not twist then return {'ok'} end
redis.call('HDEL', KEYS[1], 't:' .. ARGV[1])
if ARGV[2] ~= '' then
  redis.call('HINCRBY', KEYS[1], 'b' .. string.match(twist, '^%d+'), -1)
end
redis.call('HSET', KEYS[1], 'unwritten', ARGV[2])
if (round[2] or '') ~= '' then show_soon(KEYS[1], KEYS[2], round[1], ARGV[3]) end
return {'ok'}
