-- Let the first community of a space go too, where the space was let go by another that it had
-- joined.
-- KEYS  1 the first community  2 agenda
-- ARGV  1 the community that let it go  2 the item that erases the first  3 now (ms)
-- Returns {'ok'}
if redis.call('HGET', KEYS[1], 'away') == ARGV[1] then
  redis.call('HDEL', KEYS[1], 'away')
  redis.call('ZADD', KEYS[2], 'NX', ARGV[3], ARGV[2])
end
return {'ok'}
