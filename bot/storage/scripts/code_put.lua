-- Put down a code under which another identity may be linked to a member.
-- KEYS  1 community  2 ids  3 people  4 the code
-- ARGV  1 identity  2 until when it is good (ms)  3 how long it is kept at most (ms)  4 now (ms)
-- Returns {'ok'}
enrol(KEYS[1], KEYS[2], KEYS[3], ARGV[1], nil, ARGV[4])
local own = own_number(redis.call('HGET', KEYS[2], ARGV[1]))
-- By number: who is forgotten meanwhile leaves no trace in it, and nothing to link to.
redis.call('SET', KEYS[4], own .. ' ' .. ARGV[2], 'PX', ARGV[3])
return {'ok'}
