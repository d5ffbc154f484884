-- Vote a proposed theme up, or no more.
-- KEYS  1 themes  2 spaces  3 community  4 ids  5 people
-- ARGV  1 space  2 identity  3 now (ms)  4 the proposal  5 '1' | ''
-- Returns {'ok', member}; {'foreign'}; {'no theme', the proposal}
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
if not string.match(ARGV[4], '^%d+$') or redis.call('HEXISTS', KEYS[1], ARGV[4]) == 0 then
  return {'no theme', ARGV[4]}
end
local who = enrol(KEYS[3], KEYS[4], KEYS[5], ARGV[2], nil, ARGV[3])
local vote = 'v' .. ARGV[4] .. '.' .. who
if ARGV[5] == '1' then redis.call('HSET', KEYS[1], vote, 1) else redis.call('HDEL', KEYS[1], vote) end
return {'ok', who}
