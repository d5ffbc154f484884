-- Let a member go who wants to be forgotten: from here on nothing leads from their identities to
-- their numbers or back, and what the numbers still hold is the agenda's to remove. Who plays
-- again is somebody new; but who has had a ballot in the challenge that runs gets no other in it.
-- KEYS  1 community  2 ids  3 people  4 organisers  5 blocked  6 pace  7 log  8 agenda  9 notices
--       10 leaving  11 the latest move of the space that the community began with  12 plan
--       13 the challenge that runs  14 its ballots  15 what stands for those who had one and left
-- ARGV  1 now (ms)  2 the item that removes the rest, its number left out  3 the challenge that runs,
--       '' for none  4… for each of their identities: itself, the same without its platform, what
--       stands for it among the blocked
-- Returns {'ok', their number}; {'nobody'} where Muse keeps nothing of them; {'changed'} where
--         their identities are others, or another challenge runs
local who, count, own, held, numbers = nil, (#ARGV - 3) / 3, {}, {}, {}
if (redis.call('HGET', KEYS[12], 'current') or '') ~= ARGV[3] then return {'changed'} end
for i = 4, #ARGV, 3 do
  local kept = redis.call('HGET', KEYS[2], ARGV[i])
  if kept then
    held[#held + 1] = kept
    numbers[i] = kept
    own[own_number(kept)] = true
    who = who or own_number(kept)
    if #identities_of(KEYS[3], number_in(kept)) ~= count then return {'changed'} end
  end
end

-- What the log calls them from now on. Who was only spoken of gets a number for it.
local function pseudonym()
  who = who or tostring(redis.call('HINCRBY', KEYS[1], 'members', 1))
  return '#' .. who
end

-- A text in which a pseudonym stands wherever the word stood by itself.
local function without(text, word)
  local from, parts = 1, {}
  while true do
    local start, stop = string.find(text, word, from, true)
    if not start then break end
    local apart = not string.find(string.sub(text, math.max(start - 1, 0), start - 1), '[%w_]')
      and not string.find(string.sub(text, stop + 1, stop + 1), '[%w_]')
    parts[#parts + 1] = string.sub(text, from, start - 1)
    parts[#parts + 1] = apart and pseudonym() or word
    from = stop + 1
  end
  parts[#parts + 1] = string.sub(text, from)
  return table.concat(parts)
end

for row_number, text in ipairs(redis.call('LRANGE', KEYS[7], 0, -1)) do
  local row = cjson.decode(text)
  -- A reason that they gave is their own text; one about them may name them.
  local of, why = row.d, own[tostring(row.w)] and '' or row.y
  for i = 4, #ARGV, 3 do
    of, why = without(of, ARGV[i]), without(without(why, ARGV[i]), ARGV[i + 1])
  end
  if of ~= row.d or why ~= row.y then
    row.d, row.y = of, why
    redis.call('LSET', KEYS[7], row_number - 1, cjson.encode(row))
  end
end
for i = 4, #ARGV, 3 do
  local identity, mark = ARGV[i], ARGV[i + 2]
  if redis.call('HDEL', KEYS[4], identity) == 1 then pseudonym() end
  if redis.call('HGET', KEYS[5], mark) == identity then
    redis.call('HSET', KEYS[5], mark, 1)
    pseudonym()
  end
  for _, name in ipairs(redis.call('HKEYS', KEYS[9])) do
    if string.sub(name, 1, #identity + 1) == identity .. ' ' then redis.call('HDEL', KEYS[9], name) end
  end
  if redis.call('HGET', KEYS[11], 'by') == identity then
    redis.call('HSET', KEYS[11], 'by', '')
    pseudonym()
  end
  redis.call('HDEL', KEYS[2], identity)
end
if not who then return {'nobody'} end
local links = redis.call('HGET', KEYS[13], 'links') or '0'
for i = 4, #ARGV, 3 do
  local kept = numbers[i]
  if kept and redis.call('HEXISTS', KEYS[14], 'n' .. number_in(kept, links)) == 1 then
    redis.call('SADD', KEYS[15], ARGV[i + 2])
  end
end
for number in pairs(own) do
  redis.call('HDEL', KEYS[3], number)
  redis.call('HDEL', KEYS[1], 's' .. number, 'p' .. number)
  redis.call('ZREM', KEYS[6], number)
end
if #held > 0 then
  redis.call('HSET', KEYS[10], who, table.concat(held, '\n'))
  redis.call('ZADD', KEYS[8], 'NX', ARGV[1], ARGV[2] .. who)
end
return {'ok', who}
