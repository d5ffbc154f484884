-- Change how challenges or the daily prompt run, and when the next begins; once for each event.
-- KEYS  1 plan  2 spaces  3 agenda  4… the audit's
-- ARGV  1 space  2 event id  3 how often the plan was changed when it was read  4 the item that
--       begins the next  5 when (ms), or '' for never  6 how many fields and values follow
--       7… fields and their values, '' to drop one; the audit's
-- Returns {'ok'}; {'foreign'}; {'changed'} where somebody else changed it meanwhile
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
local event, rev = unpack(redis.call('HMGET', KEYS[1], 'event', 'rev'))
if event == ARGV[2] then return {'ok'} end
if (rev or '0') ~= ARGV[3] then return {'changed'} end
redis.call('HINCRBY', KEYS[1], 'rev', 1)
redis.call('HSET', KEYS[1], 'event', ARGV[2])
for i = 7, 6 + tonumber(ARGV[6]), 2 do
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[1], ARGV[i])
  else
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
if ARGV[5] == '' then
  redis.call('ZREM', KEYS[3], ARGV[4])
else
  redis.call('ZADD', KEYS[3], ARGV[5], ARGV[4])
end
record()
return {'ok'}
