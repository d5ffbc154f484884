-- Take an entry back: its text and the votes for it go, its place stays.
-- KEYS  1 round  2 entries  3 spaces  4 ids  5 past  6 votes  7 tally  8 agenda
-- ARGV  1 space  2 identity  3 number  4 round id  5 now (ms)
-- Returns {'ok'}, also when it was taken back before; {'gone'}; {'foreign'}; {'state', state};
--         {'none', number, highest}; {'other', number}
local round = redis.call('HMGET', KEYS[1], 'state', 'space', 'next', 'links', 'message')
if not round[1] then return {'gone'} end
if not belongs(KEYS[3], ARGV[1], round[2]) then return {'foreign'} end
local entry = redis.call('HGET', KEYS[2], ARGV[3])
if not entry then return {'none', ARGV[3], tonumber(round[3]) - 1} end
entry = cjson.decode(entry)
local who = known(KEYS[4], ARGV[2], round[4] or 0)
if not who or tonumber(who) ~= entry.a then return {'other', ARGV[3]} end
if entry.x then return {'ok'} end
if round[1] ~= 'writing' and round[1] ~= 'open' then return {'state', round[1]} end
redis.call('HDEL', KEYS[1], print_of(entry.t))
redis.call('LREM', KEYS[5], 1, ARGV[4] .. '/' .. ARGV[3] .. ' ' .. entry.t)
local number = tonumber(ARGV[3])
unvote(KEYS[6], KEYS[7], number, tonumber(round[3]) - 1)
entry.t, entry.x = '', true
-- An x before the author tells the vote script, which reads no entries.
redis.call('HSET', KEYS[1], 'a' .. ARGV[3], 'x' .. entry.a .. '.' .. entry.r .. '.' .. entry.pa)
redis.call('HSET', KEYS[2], ARGV[3], cjson.encode(entry))
if (round[5] or '') ~= '' then show_soon(KEYS[1], KEYS[8], round[2], ARGV[5]) end
return {'ok'}
