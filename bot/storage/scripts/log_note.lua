-- Write down what an organiser did where it is kept in another slot; said twice among
-- twenty deeds, however much later, it stands once: an event, as what it was done to, tells it apart.
-- KEYS  log, community, ids, people     ARGV  now (ms), identity, what, of what, why
-- Returns {'ok'}
for _, kept in ipairs(redis.call('LRANGE', KEYS[1], 0, 19)) do
  local row = cjson.decode(kept)
  if row.a == ARGV[3] and row.d == ARGV[4] then return {'ok'} end
end
record()
return {'ok'}
