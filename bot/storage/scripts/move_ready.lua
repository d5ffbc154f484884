-- Make sure that a space may leave, before its move goes on: from here on until it has left, no
-- challenge begins here. Safe to run again.
-- KEYS  1 moves  2 plan
-- ARGV  1 space  2 the move's number
-- Returns {'ok'}; {'late'} where the space has moved since; {'challenge'} where one runs
local at = string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '0', '^%d+')
if tonumber(at) > tonumber(ARGV[2]) then return {'late'} end
if at == ARGV[2] then return {'ok'} end
if redis.call('HEXISTS', KEYS[2], 'current') == 1 then return {'challenge'} end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' leaving')
return {'ok'}
