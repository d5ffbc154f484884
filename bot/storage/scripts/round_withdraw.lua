-- Take a round back, for who asked for it, while nobody else has written in it. Its texts go.
-- KEYS  1 round  2 entries  3 spaces  4 ids  5 agenda  6 tries  7 past
-- ARGV  1 space  2 identity  3 round id  4 the item that writes it
--       5 the item that closes it  6 the item that expires it  7 when (ms)  8 now (ms)
-- Returns {'ok'}, also when it was taken back before; {'gone'}; {'foreign'}; {'asker'} where it is not theirs;
--         {'state', state}; {'shared'} where somebody else's entry stands in it
local round = redis.call('HMGET', KEYS[1], 'state', 'space', 'asker', 'links', 'message')
if not round[1] then return {'gone'} end
if not belongs(KEYS[3], ARGV[1], round[2]) then return {'foreign'} end
local who = known(KEYS[4], ARGV[2], round[4] or 0)
if who ~= round[3] then return {'asker'} end
if round[1] == 'withdrawn' then return {'ok'} end
if round[1] == 'closed' then return {'state', round[1]} end
for _, text in ipairs(redis.call('HVALS', KEYS[2])) do
  local entry = cjson.decode(text)
  if not entry.x and entry.a > 0 and tostring(entry.a) ~= round[3] then return {'shared'} end
end
for number, text in pairs(whole(KEYS[2])) do
  local entry = cjson.decode(text)
  redis.call('LREM', KEYS[7], 1, ARGV[3] .. '/' .. number .. ' ' .. entry.t)
  entry.t, entry.x = '', true
  redis.call('HSET', KEYS[2], number, cjson.encode(entry))
end
redis.call('HSET', KEYS[1], 'state', 'withdrawn', 'prompt', '', 'theme', '', 'wish', '')
redis.call('ZREM', KEYS[5], ARGV[4], ARGV[5])
redis.call('HDEL', KEYS[6], ARGV[4], ARGV[5])
redis.call('ZADD', KEYS[5], ARGV[7], ARGV[6])
if (round[5] or '') ~= '' then show_soon(KEYS[1], KEYS[5], round[2], ARGV[8]) end
return {'ok'}
