-- Put a member's report of an entry of a challenge on record, once; hide it where enough members of
-- standing have reported it and no organiser has kept it.
-- KEYS  1 challenge  2 pool  3 reports  4 reported  5 accused  6 spaces  7 community  8 ids
--       9 people  10 seen events
-- ARGV  1 space  2 identity  3 alias  4 why  5 now (ms)  6 how many reports hide it, 0 for never
--       7 '1' where a gate is closed to them  8 what the entry is called in the queue
--       9 of how many who are not of standing the reasons are kept  10 since when somebody of
--       standing must have been here (ms)  11 since when reports against one author are remembered
--       (ms)  12 how many are  13 event id
-- Returns {'ok', 'taken' | 'hidden' | 'again' | 'kept'}; {'no challenge'}; {'foreign'};
--         {'settled'} where voting is not on; {'no contender', alias}
local challenge = redis.call('HMGET', KEYS[1], 'state', 'links')
if not challenge[1] then return {'no challenge'} end
if redis.call('SISMEMBER', KEYS[6], ARGV[1]) == 0 then return {'foreign'} end
if challenge[1] ~= 'voting' then return {'settled'} end
local alias = ARGV[3]
local kept = redis.call('HGET', KEYS[2], alias)
if not kept then return {'no contender', alias} end
if redis.call('ZSCORE', KEYS[10], ARGV[13]) then return {'ok', 'again'} end
local entry = cjson.decode(kept)
local who = enrol(KEYS[7], KEYS[8], KEYS[9], ARGV[2], challenge[2] or 0, ARGV[5])
local field = alias .. '.' .. who
if redis.call('HEXISTS', KEYS[3], field) == 1 then return {'ok', 'again'} end

local seen = redis.call('HMGET', KEYS[7], 's' .. who, 'p' .. who)
local counts = ARGV[7] ~= '1' and seen[2] and tonumber(seen[1]) and tonumber(seen[1]) <= tonumber(ARGV[10])
local total = redis.call('HINCRBY', KEYS[3], 'n' .. alias, 1)
local of_standing = redis.call('HINCRBY', KEYS[3], 's' .. alias, counts and 1 or 0)
local heard = counts or total - of_standing <= tonumber(ARGV[9])
redis.call('HSET', KEYS[3], field, (counts and '1' or '0') .. ' ' .. (heard and ARGV[4] or ''))
if (entry.a or 0) > 0 then
  redis.call('ZADD', KEYS[5], ARGV[5], entry.a .. '.' .. who .. '.' .. ARGV[8])
  redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', ARGV[11])
  redis.call('ZREMRANGEBYRANK', KEYS[5], 0, -1 - tonumber(ARGV[12]))
end
if entry.ok then return {'ok', 'kept'} end
if entry.hd == 'organiser' or entry.dq then return {'ok', 'taken'} end
redis.call('ZADD', KEYS[4], 'NX', ARGV[5], ARGV[8])
local most = tonumber(ARGV[6])
if most == 0 or of_standing < most or entry.hd then return {'ok', 'taken'} end
entry.hd = 'reports'
redis.call('HSET', KEYS[2], alias, cjson.encode(entry))
redis.call('HINCRBY', KEYS[1], 'rev', 1)
return {'ok', 'hidden'}
