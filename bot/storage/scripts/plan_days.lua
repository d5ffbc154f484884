-- Let go rounds of a week of daily prompts, which were shown or are gone.
-- KEYS  1 plan
-- ARGV  1… the rounds
-- Returns {'ok'}
local days, gone, left = cjson.decode(redis.call('HGET', KEYS[1], 'days') or '[]'), {}, {}
for _, round in ipairs(ARGV) do gone[round] = true end
for _, round in ipairs(days) do
  if not gone[round] then left[#left + 1] = round end
end
if #left == 0 then
  redis.call('HDEL', KEYS[1], 'days')
else
  redis.call('HSET', KEYS[1], 'days', cjson.encode(left))
end
return {'ok'}
