-- Strike items of a community that is being erased from its shard's agenda.
-- KEYS  1 gone  2 agenda  3 tries  4 dead
-- ARGV  1… the items
-- Returns {'ok'}; {'back'} where the community has come back meanwhile
if redis.call('HEXISTS', KEYS[1], '!') == 0 then return {'back'} end
for _, item in ipairs(ARGV) do
  redis.call('ZREM', KEYS[2], item)
  redis.call('HDEL', KEYS[3], item)
  redis.call('HDEL', KEYS[4], item)
end
return {'ok'}
