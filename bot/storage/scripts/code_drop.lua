-- Forget a code that a move has used, once that is over.
-- KEYS  1 the code
-- ARGV  1 what took it
-- Returns {'ok'}
if redis.call('HGET', KEYS[1], 'taken') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return {'ok'}
