-- Take what is due, under a lease: who dies with it loses it when the lease ends.
-- KEYS  1 agenda  2 tries
-- ARGV  1 now (ms)  2 end of the lease (ms)  3 the most items
-- Returns the items and how often each was begun, flat
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
local taken = {}
for _, item in ipairs(due) do
  redis.call('ZADD', KEYS[1], ARGV[2], item)
  taken[#taken + 1] = item
  taken[#taken + 1] = redis.call('HINCRBY', KEYS[2], item, 1)
end
return taken
