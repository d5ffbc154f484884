-- Erase a part of a community that is being erased, unless it has come back meanwhile.
-- KEYS  1 gone  2 rounds  3 the shard's list of communities  4… what is erased
-- ARGV  1 a round to strike, or ''  2 the community to strike, or ''
-- Returns {'ok'}; {'back'}
if redis.call('HEXISTS', KEYS[1], '!') == 0 then return {'back'} end
for i = 4, #KEYS do redis.call('UNLINK', KEYS[i]) end
if ARGV[1] ~= '' then redis.call('ZREM', KEYS[2], ARGV[1]) end
if ARGV[2] ~= '' then
  redis.call('HDEL', KEYS[3], ARGV[2])
  redis.call('UNLINK', KEYS[1], KEYS[2])
end
return {'ok'}
