-- Give an item another time: after a failure, or because it is not due yet. Only its holder may.
-- KEYS  1 agenda  2 tries  3 dead
-- ARGV  1 item  2 the end of the lease it is held under (ms)  3 when (ms), or '' to give it up
--       4 why, as JSON  5 'fresh' to forget the tries, 'begun' to remember one alone, 'unbegun'
--       not to count this one
--       6 how often it was begun, as its holder knows
-- Returns 1 where it is still on the agenda, 0 where it was given up, -1 where it is not held
local due = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not due then redis.call('HDEL', KEYS[2], ARGV[1]) end
if due ~= ARGV[2] then
  -- It has given itself another time: it came to its end, unless somebody else has begun it since.
  if ARGV[5] == 'fresh' and redis.call('HGET', KEYS[2], ARGV[1]) == ARGV[6] then
    redis.call('HDEL', KEYS[2], ARGV[1])
  end
  return -1
end
if ARGV[3] == '' then
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('HDEL', KEYS[2], ARGV[1])
  redis.call('HSET', KEYS[3], ARGV[1], ARGV[4])
  if redis.call('HLEN', KEYS[3]) > 1000 then -- the oldest goes
    local oldest, since
    local flat = redis.call('HGETALL', KEYS[3])
    for i = 1, #flat, 2 do
      local at = cjson.decode(flat[i + 1]).at or 0
      if not since or at < since then oldest, since = flat[i], at end
    end
    redis.call('HDEL', KEYS[3], oldest)
  end
  return 0
end
if ARGV[5] == 'fresh' then redis.call('HDEL', KEYS[2], ARGV[1]) end
if ARGV[5] == 'begun' then redis.call('HSET', KEYS[2], ARGV[1], 1) end
if ARGV[5] == 'unbegun' and redis.call('HINCRBY', KEYS[2], ARGV[1], -1) <= 0 then
  redis.call('HDEL', KEYS[2], ARGV[1])
end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 1
