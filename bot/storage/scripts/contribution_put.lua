-- Put a member's entry into a challenge that is open, or another in its place.
-- KEYS  1 challenge  2 what was put in  3 spaces  4 community  5 ids  6 people
-- ARGV  1 space  2 identity  3 now (ms)  4 the entry as JSON, its author left out
-- Returns {'ok', member, 1 where they had none, else 0}; {'gone'}; {'foreign'}; {'state', state};
--         {'over'} after the deadline
local kept = redis.call('HMGET', KEYS[1], 'state', 'deadline', 'links')
if not kept[1] then return {'gone'} end
if not belongs(KEYS[3], ARGV[1]) then return {'foreign'} end
if kept[1] ~= 'open' then return {'state', kept[1]} end
if tonumber(ARGV[3]) >= tonumber(kept[2]) then return {'over'} end
local who = enrol(KEYS[4], KEYS[5], KEYS[6], ARGV[2], kept[3] or 0, ARGV[3])
local made = cjson.decode(ARGV[4])
made.a = tonumber(who)
took_part(KEYS[4], who)
local new = redis.call('HSET', KEYS[2], 'm' .. who, cjson.encode(made))
redis.call('HINCRBY', KEYS[1], 'rev', 1)
return {'ok', who, new}
