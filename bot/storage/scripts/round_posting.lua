-- Begin to post a message of a round, unless it is there or another process is at it.
-- KEYS  1 round
-- ARGV  1 the field that names the message  2 which process begins  3 '1' to take it over from
--       one that has not come to its end
-- Returns {'ok', 1 where another had begun, else 0}; {'there', message}; {'busy'}; {'gone'}
local round = redis.call('HMGET', KEYS[1], 'state', ARGV[1], 'posting:' .. ARGV[1])
if not round[1] then return {'gone'} end
if (round[2] or '') ~= '' then return {'there', round[2]} end
local other = round[3] and round[3] ~= ARGV[2]
if other and ARGV[3] ~= '1' then return {'busy'} end
redis.call('HSET', KEYS[1], 'posting:' .. ARGV[1], ARGV[2])
return {'ok', other and 1 or 0}
