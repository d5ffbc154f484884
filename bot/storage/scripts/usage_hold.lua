-- Hold what a call to the model may cost at most, where the day's budgets bear it.
-- KEYS  1 the day's usage  2 holds  3 the usage of a day long past, which goes
-- ARGV  1 now (ms)  2 the hold's id  3 tokens  4 cost (millionths)  5 member  6 until (ms)
--       7 tokens a community may use, 0 for any  8 tokens a member may  9 cost a community may
-- Returns {'ok'}, again for the same hold; {'spent', 'community' | 'member' | 'money'}
redis.call('DEL', KEYS[3])
if redis.call('HEXISTS', KEYS[2], ARGV[2]) == 1 then return {'ok'} end
local tokens, cost, member = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local held, held_cost, held_by_member = tokens, cost, tokens
for id, hold in pairs(whole(KEYS[2])) do
  local until_ms, t, c, m = string.match(hold, '^(%d+) (%d+) (%d+) (%d+)$')
  if tonumber(until_ms) <= tonumber(ARGV[1]) then
    redis.call('HDEL', KEYS[2], id) -- who held it died with it
  else
    held, held_cost = held + t, held_cost + c
    if m == member then held_by_member = held_by_member + t end
  end
end
local used = redis.call('HMGET', KEYS[1], 'tokens', 'cost', 'm' .. member)
local function over(used_so_far, more, limit)
  return tonumber(limit) > 0 and tonumber(used_so_far or 0) + more > tonumber(limit)
end
if over(used[1], held, ARGV[7]) then return {'spent', 'community'} end
if over(used[2], held_cost, ARGV[9]) then return {'spent', 'money'} end
if over(used[3], held_by_member, ARGV[8]) then return {'spent', 'member'} end
redis.call('HSET', KEYS[2], ARGV[2],
  table.concat({ARGV[6], ARGV[3], ARGV[4], ARGV[5]}, ' '))
return {'ok'}
