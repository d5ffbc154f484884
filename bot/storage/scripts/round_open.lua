-- Put a round on record and schedule its writing and its close.
-- KEYS  1 community  2 spaces  3 ids  4 people  5 round  6 channels  7 agenda
-- ARGV  1 space  2 identity  3 channel  4 round id  5 now (ms)  6 closes (ms)
--       7 the item that writes it  8 the item that closes it  9 entries wanted
--       10… the round's other fields and their values
-- Returns {'ok', member}, again for the same event; {'foreign'}
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
local asker = redis.call('HGET', KEYS[5], 'asker')
if asker then return {'ok', asker} end
local who = enrol(KEYS[1], KEYS[3], KEYS[4], ARGV[2])
-- The share of approval that an entry starts from: that of the closed rounds so far, drawn
-- towards 3 in 10 while there are few.
local sums = redis.call('HMGET', KEYS[1], 'approvals', 'chances')
local prior = (tonumber(sums[1] or 0) + 3) / (tonumber(sums[2] or 0) + 10)
redis.call('HSET', KEYS[5], 'state', 'writing', 'space', ARGV[1], 'asker', who,
  'channel', ARGV[3], 'opened', ARGV[5], 'closes', ARGV[6], 'wanted', ARGV[9],
  'prior', string.format('%.6f', prior), 'count', 0, 'next', tonumber(ARGV[9]) + 1,
  unpack(ARGV, 10))
redis.call('HSET', KEYS[6], ARGV[3], ARGV[4])
redis.call('ZADD', KEYS[7], ARGV[5], ARGV[7], ARGV[6], ARGV[8])
return {'ok', who}
