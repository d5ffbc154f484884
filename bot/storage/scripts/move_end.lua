-- Note how a move ended, and have it told where it was asked for.
-- KEYS  1 move  2 agenda
-- ARGV  1 the move's number  2 why it could not be done, or ''  3 now (ms)  4… items that tell it
-- Returns {'ok'}; {'late'} where it had ended
local move = redis.call('HMGET', KEYS[1], 'number', 'state')
if move[1] ~= ARGV[1] or move[2] ~= 'begun' then return {'late'} end
redis.call('HSET', KEYS[1], 'state', ARGV[2] == '' and 'done' or 'refused', 'why', ARGV[2])
redis.call('HDEL', KEYS[1], 'by')
if ARGV[2] == '' then
  for i = 4, #ARGV do redis.call('ZADD', KEYS[2], ARGV[3], ARGV[i]) end
end
return {'ok'}
