-- Note what a member wants Muse to make of an entry, and have it written.
-- KEYS  1 round  2 entries  3 community  4 spaces  5 ids  6 people  7 agenda
-- ARGV  1 event id  2 space  3 identity  4 the entry's number  5 what to make of it
--       6 the most entries of one member  7 the most of the round  8 now (ms)
--       9 the item that writes it
-- Returns {'ok'}, again for the same event; {'gone'}; {'foreign'}; {'state', state};
--         {'none', number, highest}; {'taken', number}; {'hidden', number}; {'struck', number}; {'enough', the most}; {'full', the most}
local round = redis.call('HMGET', KEYS[1], 'state', 'space', 'next', 'links')
if not round[1] then return {'gone'} end
if not belongs(KEYS[4], ARGV[2], round[2]) then return {'foreign'} end
if redis.call('HEXISTS', KEYS[1], 'k:' .. ARGV[1]) == 1 then return {'ok'} end
if round[1] ~= 'writing' and round[1] ~= 'open' then return {'state', round[1]} end
local parent = redis.call('HGET', KEYS[2], ARGV[4])
if not parent then return {'none', ARGV[4], tonumber(round[3]) - 1} end
parent = cjson.decode(parent)
if parent.x then return {'taken', ARGV[4]} end
if parent.hd then return {'hidden', ARGV[4]} end
if parent.dq then return {'struck', ARGV[4]} end
if tonumber(round[3]) > tonumber(ARGV[7]) then return {'full', ARGV[7]} end
local who = enrol(KEYS[3], KEYS[5], KEYS[6], ARGV[3], round[4] or 0, ARGV[8])
if tonumber(redis.call('HGET', KEYS[1], 'b' .. who) or 0) >= tonumber(ARGV[6]) then
  return {'enough', ARGV[6]}
end
redis.call('HINCRBY', KEYS[1], 'b' .. who, 1)
redis.call('HSET', KEYS[1], 'k:' .. ARGV[1], 1,
  't:' .. ARGV[1], who .. '.' .. ARGV[4] .. ' ' .. ARGV[5])
redis.call('ZADD', KEYS[7], ARGV[8], ARGV[9])
return {'ok'}
