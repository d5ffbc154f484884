-- Take a member's entry out of a challenge that is open.
-- KEYS  1 challenge  2 what was put in  3 spaces  4 ids
-- ARGV  1 space  2 identity  3 now (ms)
-- Returns {'ok', 1 where there was one, else 0}; {'gone'}; {'foreign'}; {'state', state}; {'over'}
local kept = redis.call('HMGET', KEYS[1], 'state', 'deadline', 'links')
if not kept[1] then return {'gone'} end
if not belongs(KEYS[3], ARGV[1]) then return {'foreign'} end
if kept[1] ~= 'open' then return {'state', kept[1]} end
if tonumber(ARGV[3]) >= tonumber(kept[2]) then return {'over'} end
local who = known(KEYS[4], ARGV[2], kept[3] or 0)
local gone = who and redis.call('HDEL', KEYS[2], 'm' .. who) or 0
if gone == 1 then redis.call('HINCRBY', KEYS[1], 'rev', 1) end
return {'ok', gone}
