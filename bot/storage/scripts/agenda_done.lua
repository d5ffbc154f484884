-- Strike an item that is done, unless somebody has given it a new time meanwhile.
-- KEYS  1 agenda  2 tries
-- ARGV  1 item  2 the end of the lease it was done under (ms)  3 how often it was begun, as its
--       holder knows: where nobody else has begun it since, that is forgotten either way
-- Returns 1 where it was struck, else 0
local due = redis.call('ZSCORE', KEYS[1], ARGV[1])
if due and due ~= ARGV[2] then
  if redis.call('HGET', KEYS[2], ARGV[1]) == ARGV[3] then redis.call('HDEL', KEYS[2], ARGV[1]) end
  return 0
end
redis.call('HDEL', KEYS[2], ARGV[1])
return redis.call('ZREM', KEYS[1], ARGV[1])
