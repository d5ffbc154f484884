-- Write down that a space is to move to another community, and have it done. Whatever becomes of
-- the process, the move is done whole or not at all.
-- KEYS  1 move  2 the space's first community  3 spaces of that  4 agenda
-- ARGV  1 event id  2 now (ms)  3 'join' | 'part'  4 space  5 from which community  6 to which
--       7 the item that does it, its number left out  8 who wants it  9… further fields and values
-- Returns {'ok', the move's number}, again for the same event; {'foreign'} where the space has
--         moved already; {'moving'} where it is about to; {'several'} where others joined it
local last = redis.call('HMGET', KEYS[1], 'event', 'number', 'state')
if last[1] == ARGV[1] then return {'ok', last[2]} end
if last[3] == 'begun' then return {'moving'} end
if ARGV[3] == 'join' then
  if redis.call('SISMEMBER', KEYS[3], ARGV[4]) == 0 then return {'foreign'} end
  if redis.call('SCARD', KEYS[3]) > 1 then return {'several'} end
elseif redis.call('HGET', KEYS[2], 'away') ~= ARGV[5] then
  return {'foreign'}
end
-- Numbers only grow, so that a step of a move which is over does nothing any more.
local number = math.max(tonumber(last[2] or 0) + 1, tonumber(ARGV[2]))
number = string.format('%.0f', number)
redis.call('HSET', KEYS[1], 'event', ARGV[1], 'number', number, 'state', 'begun', 'at', ARGV[2],
  'kind', ARGV[3], 'space', ARGV[4], 'from', ARGV[5], 'to', ARGV[6], 'by', ARGV[8], 'why', '',
  unpack(ARGV, 9))
redis.call('ZADD', KEYS[4], ARGV[2], ARGV[7] .. number)
return {'ok', number}
