-- Let Muse answer too, in a round that people began: its places come behind theirs.
-- KEYS  1 round  2 spaces  3 agenda
-- ARGV  1 space  2 event id  3 the most entries of the round  4 now (ms)
--       5 the item that writes it  6… a lens for each place
-- Returns {'ok'}, again for the same event; {'gone'}; {'foreign'}; {'state', state};
--         {'answered'} where Muse does so already; {'early'} where its prompt is still to come;
--         {'untold'} where it was taken back; {'full', the most}
local round = redis.call('HMGET', KEYS[1], 'state', 'space', 'people', 'wanted', 'next', 'answers',
  'prompt')
if not round[1] then return {'gone'} end
if not belongs(KEYS[2], ARGV[1], round[2]) then return {'foreign'} end
if round[6] == ARGV[2] then return {'ok'} end
if round[1] ~= 'writing' and round[1] ~= 'open' then return {'state', round[1]} end
if round[3] ~= '1' or round[4] ~= '0' then return {'answered'} end
if round[1] == 'writing' then return {'early'} end
if round[7] == '' then return {'untold'} end
local first = tonumber(round[5])
local wanted = math.min(#ARGV - 5, tonumber(ARGV[3]) - first + 1)
if wanted < 1 then return {'full', ARGV[3]} end
redis.call('HSET', KEYS[1], 'state', 'writing', 'wanted', wanted, 'answers', ARGV[2],
  'lenses', table.concat(ARGV, ',', 6, 5 + wanted), 'first', first, 'next', first + wanted)
redis.call('ZADD', KEYS[3], ARGV[4], ARGV[5])
return {'ok'}
