-- Begin to post a message of a round, or say that one is still at it, unless it is there or another
-- process is at it.
-- KEYS  1 round
-- ARGV  1 the field that names the message  2 which process posts  3 its beat, another each time
--       4 'process:beat' of one that has not come to its end, to take it over from, or ''
-- Returns {'ok', 1 where another had begun, else 0}; {'there', message}; {'busy', process:beat};
--         {'gone'}
local field = 'posting:' .. ARGV[1]
local round = redis.call('HMGET', KEYS[1], 'state', ARGV[1], field)
if not round[1] then return {'gone'} end
if (round[2] or '') ~= '' then return {'there', round[2]} end
local other = round[3]
if other and string.match(other, '^[^:]*') == ARGV[2] then other = false end
if other and other ~= ARGV[4] then return {'busy', other} end
redis.call('HSET', KEYS[1], field, ARGV[2] .. ':' .. ARGV[3])
return {'ok', other and 1 or 0}
