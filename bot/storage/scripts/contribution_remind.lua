-- Have a member reminded before the entries of a challenge close, or no more.
-- KEYS  1 challenge  2 what was put in  3 spaces  4 community  5 ids  6 people  7 agenda
-- ARGV  1 space  2 identity  3 now (ms)  4 '1' | ''  5 the item that does it, its member left out
--       6 when (ms)
-- Returns {'ok'}; {'gone'}; {'foreign'}; {'state', state}
local kept = redis.call('HMGET', KEYS[1], 'state', 'links')
if not kept[1] then return {'gone'} end
if not belongs(KEYS[3], ARGV[1]) then return {'foreign'} end
if kept[1] ~= 'open' then return {'state', kept[1]} end
local who = enrol(KEYS[4], KEYS[5], KEYS[6], ARGV[2], kept[2] or 0, ARGV[3])
if ARGV[4] == '1' then
  redis.call('HSET', KEYS[2], 'r' .. who, ARGV[1])
  redis.call('ZADD', KEYS[7], ARGV[6], ARGV[5] .. who)
else
  redis.call('HDEL', KEYS[2], 'r' .. who)
  redis.call('ZREM', KEYS[7], ARGV[5] .. who)
end
return {'ok'}
