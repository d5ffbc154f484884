-- Write down what an organiser did where it is kept in another slot; said twice, it stands once.
-- KEYS  log, community, ids, people     ARGV  now (ms), identity, what, of what, why
-- Returns {'ok'}
local last = redis.call('LINDEX', KEYS[1], 0)
local row = last and cjson.decode(last)
local same = row and row.t == tonumber(ARGV[1]) and row.a == ARGV[3] and row.d == ARGV[4]
if not same then record() end
return {'ok'}
