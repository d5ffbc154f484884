-- Put a challenge on record, with its deadline and its announcements on the agenda.
-- KEYS  1 plan  2 spaces  3 challenge  4 challenges  5 the latest themes  6 themes  7 agenda
--       8 community  9 moves  10 seen events  11… the audit's, where an organiser begins it
-- ARGV  1 event id  2 now (ms)  3 challenge id  4 its number  5 the organiser's space, or '' where it
--       begins by the plan  6 when that says it begins (ms), or ''  7 when the next does, or ''
--       8 the item that begins the next  9 the proposal that was drawn, 'next' for a nominated
--       theme, or ''  10 theme  11 the most themes kept  12 how many fields and values, and
--       13 items and times follow  14 how far back events are remembered (ms, a moment)  15… fields and
--       their values; items and when (ms); the audit's
-- Returns {'ok', challenge id}, again for the same event; {'foreign'}; {'gone'} where no space is
--         left; {'running', challenge id}; {'moving'} where a space is just leaving;
--         {'late'} where it was begun already or the plan was
--         changed; {'changed'} where the number is taken
local plan = whole(KEYS[1])
if ARGV[5] ~= '' and not belongs(KEYS[2], ARGV[5]) then return {'foreign'} end
if plan.begun == ARGV[1] then return {'ok', plan.latest} end
if ARGV[5] ~= '' and redis.call('ZSCORE', KEYS[10], ARGV[1]) then return {'ok', plan.latest} end
if redis.call('SCARD', KEYS[2]) == 0 then return {'gone'} end
if plan.current then return {'running', plan.current} end
for _, moved in pairs(whole(KEYS[9])) do
  local since, outcome = string.match(moved, '^(%d+) (.*)$')
  -- A move takes moments; one that never ended keeps nobody waiting for long.
  if outcome == 'leaving' and tonumber(since) > tonumber(ARGV[2]) - 600000 then return {'moving'} end
end
if ARGV[5] == '' and plan.next ~= ARGV[6] then return {'late'} end
if tonumber(plan.count or 0) + 1 ~= tonumber(ARGV[4]) then return {'changed'} end
local fields, items = tonumber(ARGV[12]), tonumber(ARGV[13])
local links = redis.call('HGET', KEYS[8], 'links') or '0'
redis.call('HSET', KEYS[3], 'state', 'open', 'number', ARGV[4], 'opened', ARGV[2],
  'theme', ARGV[10], 'links', links, unpack(ARGV, 15, 14 + fields))
redis.call('HSET', KEYS[1], 'begun', ARGV[1], 'latest', ARGV[3], 'current', ARGV[3],
  'count', ARGV[4])
if redis.call('HGET', KEYS[3], 'example') ~= '1' then
  redis.call('HSET', KEYS[1], 'last', ARGV[3])
  redis.call('LPUSH', KEYS[5], ARGV[10])
  redis.call('LTRIM', KEYS[5], 0, tonumber(ARGV[11]) - 1)
end
-- The latest is the one with the highest, also where a clock was ahead before.
local newest = tonumber(redis.call('ZREVRANGE', KEYS[4], 0, 0, 'WITHSCORES')[2] or 0)
redis.call('ZADD', KEYS[4], string.format('%.0f', math.max(tonumber(ARGV[2]), newest + 1)), ARGV[3])
if ARGV[9] ~= '' then
  redis.call('HDEL', KEYS[6], ARGV[9])
  for name in pairs(whole(KEYS[6])) do
    if string.match(name, '^v(%d+)%.') == ARGV[9] then redis.call('HDEL', KEYS[6], name) end
  end
end
for i = 15 + fields, 14 + fields + items, 2 do
  redis.call('ZADD', KEYS[7], ARGV[i + 1], ARGV[i])
end
if ARGV[5] == '' then
  redis.call('HDEL', KEYS[1], 'once')
  if ARGV[7] == '' then
    redis.call('HDEL', KEYS[1], 'next')
  else
    redis.call('HSET', KEYS[1], 'next', ARGV[7])
    redis.call('ZADD', KEYS[7], ARGV[7], ARGV[8])
  end
else
  served(KEYS[10], ARGV[1], ARGV[2], ARGV[14])
  record()
end
return {'ok', ARGV[3]}
