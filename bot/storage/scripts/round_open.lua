-- Put a round on record and schedule its writing and its close.
-- KEYS  1 community  2 spaces  3 ids  4 people  5 round  6 channels  7 agenda  8 pace  9 rounds
--       10 the round it goes on from, or this one
-- ARGV  1 space  2 identity, or '' for Muse itself  3 channel  4 round id  5 now (ms)  6 closes (ms)
--       7 the item that writes it  8 the item that closes it  9 entries wanted
--       10 how long a member waits after a round (ms)  11 how long a channel does (ms)
--       12 '0' where the prompt is nobody's, but Muse's own  13… the round's other fields and
--       their values
-- Returns {'ok', member}, again for the same event; {'foreign'};
--         {'pause', how long still (ms)}; {'quiet', how long still (ms)};
--         {'untold'} where the prompt it goes on from was taken back meanwhile
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
local asker = redis.call('HGET', KEYS[5], 'asker')
if asker then return {'ok', asker} end
local now, who = tonumber(ARGV[5]), ARGV[2] ~= '' and known(KEYS[3], ARGV[2])
local function until_free(what, wait)
  local last = wait > 0 and redis.call('ZSCORE', KEYS[8], what)
  local left = last and tonumber(last) + wait - now
  return left and left > 0 and string.format('%.0f', left)
end
local wait = until_free('#' .. ARGV[3], tonumber(ARGV[11]))
if wait then return {'quiet', wait} end
wait = who and until_free(who, tonumber(ARGV[10]))
if wait then return {'pause', wait} end
local from = redis.call('HMGET', KEYS[10], 'by', 'prompt')
if from[2] == '' then return {'untold'} end
who = ARGV[2] == '' and '0' or enrol(KEYS[1], KEYS[3], KEYS[4], ARGV[2], nil, ARGV[5])
if who ~= '0' then redis.call('ZADD', KEYS[8], now, who) end
redis.call('ZADD', KEYS[8], now, '#' .. ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[8], '-inf', now - 86400000)
-- Whose words the prompt is: those of who said it first, however often it is asked again.
local by = ARGV[12] == '0' and '0' or who
if KEYS[10] ~= KEYS[5] then by = from[1] or by end
-- The share of approval that an entry starts from: that of the closed rounds so far, drawn
-- towards 3 in 10 while there are few.
local sums = redis.call('HMGET', KEYS[1], 'approvals', 'chances', 'links')
local prior = (tonumber(sums[1] or 0) + 3) / (tonumber(sums[2] or 0) + 10)
redis.call('HSET', KEYS[5], 'state', 'writing', 'space', ARGV[1], 'asker', who,
  'channel', ARGV[3], 'opened', ARGV[5], 'closes', ARGV[6], 'wanted', ARGV[9],
  'prior', string.format('%.6f', prior), 'count', 0, 'first', 1, 'next', tonumber(ARGV[9]) + 1,
  'by', by, unpack(ARGV, 13))
-- Who is linked later keeps in this round the numbers they have now.
if sums[3] then redis.call('HSET', KEYS[5], 'links', sums[3]) end
redis.call('ZADD', KEYS[9], ARGV[5], ARGV[4])
redis.call('HSET', KEYS[6], ARGV[3], ARGV[4])
redis.call('ZADD', KEYS[7], ARGV[5], ARGV[7], ARGV[6], ARGV[8])
return {'ok', who}
