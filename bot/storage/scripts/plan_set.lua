-- Change how challenges or the daily prompt run, and when the next begins; once for each event.
-- KEYS  1 plan  2 spaces  3 agenda  4 seen events  5… the audit's
-- ARGV  1 space  2 event id  3 how often the plan was changed when it was read  4 the item that
--       begins the next  5 when (ms), or '' for never  6 now (ms)  7 how far back events are
--       remembered (ms, a moment)  8 how many fields and values follow  9… fields and their values,
--       '' to drop one; the audit's
-- Returns {'ok'}; {'foreign'}; {'changed'} where somebody else changed it meanwhile
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
if redis.call('ZSCORE', KEYS[4], ARGV[2]) then return {'ok'} end
if (redis.call('HGET', KEYS[1], 'rev') or '0') ~= ARGV[3] then return {'changed'} end
served(KEYS[4], ARGV[2], ARGV[6], ARGV[7])
redis.call('HINCRBY', KEYS[1], 'rev', 1)
for i = 9, 8 + tonumber(ARGV[8]), 2 do
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
