-- Put a member's report of an entry on record, once; hide the entry where enough members of
-- standing have reported it and no organiser has kept it.
-- KEYS  1 round  2 entries  3 votes  4 tally  5 pieces  6 reports  7 reported  8 accused
--       9 spaces  10 community  11 ids  12 people  13 agenda  14… for each period of a closed
--       round: the boards of entries and people
-- ARGV  1 space  2 identity  3 number  4 why  5 now (ms)  6 how many reports hide it, 0 for never
--       7 '1' where a gate is closed to them  8 round id  9 of how many who are not of standing
--       the reasons are kept  10 since when somebody of standing must have been here (ms)  11 the periods
--       12 since when reports against one author are remembered (ms)  13 how many are
-- Returns {'ok', 'taken' | 'hidden' | 'again' | 'kept'}; {'gone'}; {'foreign'}; {'state', state};
--         {'none', number, highest}; {'taken', number}; {'own report', number}; {'moved'}
local round = whole(KEYS[1])
if not round.state then return {'gone'} end
if not belongs(KEYS[9], ARGV[1], round.space) then return {'foreign'} end
if round.state == 'withdrawn' then return {'state', round.state} end
if periods_of(round) ~= ARGV[11] then return {'moved'} end
local number = ARGV[3]
local entry = redis.call('HGET', KEYS[2], number)
if not entry then return {'none', number, tonumber(round.next) - 1} end
entry = cjson.decode(entry)
if entry.x then return {'taken', number} end
local who = enrol(KEYS[10], KEYS[11], KEYS[12], ARGV[2], round.links or 0, ARGV[5])
if tonumber(who) == entry.a then return {'own report', number} end
local field = number .. '.' .. who
if redis.call('HEXISTS', KEYS[6], field) == 1 then return {'ok', 'again'} end

local seen = redis.call('HMGET', KEYS[10], 's' .. who, 'p' .. who)
local counts = ARGV[7] ~= '1' and seen[2] and tonumber(seen[1]) and tonumber(seen[1]) <= tonumber(ARGV[10])
local total = redis.call('HINCRBY', KEYS[6], 'n' .. number, 1)
local of_standing = redis.call('HINCRBY', KEYS[6], 's' .. number, counts and 1 or 0)
local heard = counts or total - of_standing <= tonumber(ARGV[9])
redis.call('HSET', KEYS[6], field, (counts and '1' or '0') .. ' ' .. (heard and ARGV[4] or ''))
if entry.a > 0 then
  redis.call('ZADD', KEYS[8], ARGV[5], entry.a .. '.' .. who .. '.' .. ARGV[8] .. '/' .. number)
  redis.call('ZREMRANGEBYSCORE', KEYS[8], '-inf', ARGV[12])
  redis.call('ZREMRANGEBYRANK', KEYS[8], 0, -1 - tonumber(ARGV[13]))
end
if entry.ok then return {'ok', 'kept'} end
if entry.hd == 'organiser' or entry.dq then return {'ok', 'taken'} end
redis.call('ZADD', KEYS[7], 'NX', ARGV[5], ARGV[8] .. '/' .. number)
local most = tonumber(ARGV[6])
if most == 0 or of_standing < most or entry.hd then return {'ok', 'taken'} end
if round.state == 'closed' then
  rank(-1, ARGV[8] .. '/' .. number, number, entry, round, KEYS[3], KEYS[4], KEYS[5], 0, KEYS, 14, #KEYS)
end
entry.hd = 'reports'
redis.call('HSET', KEYS[2], number, cjson.encode(entry))
redis.call('HSET', KEYS[1], 'a' .. number, mark_of(entry))
if (round.message or '') ~= '' then show_soon(KEYS[1], KEYS[13], round.space, ARGV[5]) end
return {'ok', 'hidden'}
