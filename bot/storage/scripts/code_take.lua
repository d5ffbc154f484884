-- Use a code for a place, once.
-- KEYS  1 the code
-- ARGV  1 what takes it  2 now (ms)
-- Returns {'ok'}, again for the same taker; {'code'} where it is wrong, used or over
local code = redis.call('HMGET', KEYS[1], 'until', 'taken')
if code[2] == ARGV[1] then return {'ok'} end
if not code[1] or code[2] or tonumber(code[1]) <= tonumber(ARGV[2]) then return {'code'} end
redis.call('HSET', KEYS[1], 'taken', ARGV[1])
redis.call('PERSIST', KEYS[1]) -- until its move is over, whenever that is
return {'ok'}
