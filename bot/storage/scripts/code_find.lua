-- A code for a place, where it is good. Changes nothing.
-- KEYS  1 the code
-- ARGV  1 now (ms)
-- Returns {'ok', community, address}; {'code'} where it is wrong, used or over
local code = redis.call('HMGET', KEYS[1], 'community', 'address', 'until', 'taken')
if not code[1] or code[4] or tonumber(code[3]) <= tonumber(ARGV[1]) then return {'code'} end
return {'ok', code[1], code[2]}
