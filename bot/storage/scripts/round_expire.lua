-- Let a round go, and its places on the boards; the all-time first stay as copies.
-- KEYS  1 round  2 entries  3 votes  4 tally  5 channels  6 pieces  7 hall
--       8 the all-time board of entries  9 past  10 rounds  11 reports  12… the boards of its month and its
--       week: entries, people, lenses of each (none for a round that never closed)
-- ARGV  1 round id  2 how many stay  3 now (ms)  4 how long rounds are kept (ms)
-- Returns {'ok'}; {'later', when} where it has not been kept that long
local round = redis.call('HMGET', KEYS[1], 'channel', 'closed', 'opened', 'message', 'result')
if round[1] then
  local due = tonumber(round[2] or round[3]) + tonumber(ARGV[4])
  if due > tonumber(ARGV[3]) then return {'later', string.format('%.0f', due)} end
  if redis.call('HGET', KEYS[5], round[1]) == ARGV[1] then
    redis.call('HDEL', KEYS[5], round[1])
  end
  redis.call('HDEL', KEYS[5], 'm:' .. (round[4] or ''), 'm:' .. (round[5] or ''))
end
local keep = tonumber(ARGV[2])
local function leave(piece)
  local rank = redis.call('ZREVRANK', KEYS[8], piece)
  if rank and rank < keep then return false end
  redis.call('ZREM', KEYS[8], piece)
  redis.call('HDEL', KEYS[6], piece)
  return true
end
for number, text in pairs(whole(KEYS[2])) do
  local piece = ARGV[1] .. '/' .. number
  redis.call('LREM', KEYS[9], 1, piece .. ' ' .. cjson.decode(text).t)
  for board = 12, #KEYS, 3 do redis.call('ZREM', KEYS[board], piece) end
  if redis.call('ZSCORE', KEYS[8], piece) then
    if not leave(piece) then redis.call('SADD', KEYS[7], piece) end
  end
end
for _, piece in ipairs(redis.call('SMEMBERS', KEYS[7])) do
  if leave(piece) then redis.call('SREM', KEYS[7], piece) end
end
for board = 12, #KEYS, 3 do redis.call('DEL', KEYS[board + 1], KEYS[board + 2]) end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[11])
redis.call('ZREM', KEYS[10], ARGV[1])
return {'ok'}
