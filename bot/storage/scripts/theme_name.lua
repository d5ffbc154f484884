-- Name the next theme, as a winner of the latest challenge may.
-- KEYS  1 themes  2 spaces  3 ids  4 plan
-- ARGV  1 space  2 identity  3 theme  4 the challenge they won  5 its number of links  6… the winners
-- Returns {'ok', member}; {'foreign'}; {'not won'}; {'named late'} where the next has begun;
--         {'named'} where another who won it as well was before them
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
if redis.call('HGET', KEYS[4], 'last') ~= ARGV[4] then return {'named late'} end
local who = known(KEYS[3], ARGV[2], ARGV[5])
local before = string.match(redis.call('HGET', KEYS[1], 'next') or '', '^%d+')
local won, named = false, false
for i = 6, #ARGV do
  won = won or who == ARGV[i]
  named = named or before == ARGV[i] and before ~= who
end
if not won then return {'not won'} end
if named then return {'named'} end
redis.call('HSET', KEYS[1], 'next', who .. ' ' .. ARGV[3])
return {'ok', who}
