-- A page of a board with what stands in it. Changes nothing.
-- KEYS  1 board (zset)  2 pieces  3 people
-- ARGV  1 first row, from 0  2 last row  3 'entries' | 'people'
-- Returns {total, rank of the first row, rows}: of entries {r/k, score, piece, author's
--         identities}, of people {m, score, identities}, flat
local total = redis.call('ZCARD', KEYS[1])
local rows = redis.call('ZREVRANGE', KEYS[1], ARGV[1], ARGV[2], 'WITHSCORES')
if #rows == 0 then return {total, 0, {}} end
local rank = redis.call('ZCOUNT', KEYS[1], '(' .. rows[2], '+inf') + 1
local names = {}
for i = 1, #rows, 2 do names[#names + 1] = rows[i] end
local out = {}
if ARGV[3] == 'people' then
  local identities = redis.call('HMGET', KEYS[3], unpack(names))
  for i = 1, #names do
    out[#out + 1] = names[i]
    out[#out + 1] = rows[2 * i]
    out[#out + 1] = identities[i] or ''
  end
  return {total, rank, out}
end
local pieces = redis.call('HMGET', KEYS[2], unpack(names))
for i = 1, #names do
  local piece = pieces[i] or ''
  local author = string.match(piece, '^(%d+) ')
  out[#out + 1] = names[i]
  out[#out + 1] = rows[2 * i]
  out[#out + 1] = piece
  out[#out + 1] = author and author ~= '0' and redis.call('HGET', KEYS[3], author) or ''
end
return {total, rank, out}
