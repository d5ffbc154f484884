-- Keep a space whose move came to nothing. Safe to run again.
-- KEYS  1 moves
-- ARGV  1 space  2 the move's number
-- Returns {'ok'}
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] .. ' leaving' then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' in')
end
return {'ok'}
