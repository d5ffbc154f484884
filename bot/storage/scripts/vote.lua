-- Set a member's votes in a round, and tell them where they stand.
-- KEYS  1 round  2 votes  3 tally  4 seen events  5 spaces  6 community  7 ids  8 people
--       9 agenda
-- ARGV  1 event id  2 now (ms)  3 how far back events are remembered (ms, a moment)
--       4 space  5 identity
--       6… for each entry: its number, 'on' | 'off' | 'less', and reasons as a sum
--          (on adds them, less takes them away)
-- Returns {'ok', member, their votes, state, tally as a flat list, who sees it}, again for the same event;
--         {'gone'}; {'foreign'}; {'state', state}; {'none', number, highest};
--         {'taken', number}; {'own', number};
--         {'hidden', number}; {'struck', number}
local round = redis.call('HMGET', KEYS[1], 'state', 'space', 'count', 'next', 'tallies', 'links',
  'message', 'stale')
local state = round[1]
if not state then return {'gone'} end
if not belongs(KEYS[5], ARGV[4], round[2]) then return {'foreign'} end
local who = known(KEYS[7], ARGV[5], round[6] or 0)
local before = who and redis.call('HGET', KEYS[2], who) or ''
local after = before
if not redis.call('ZSCORE', KEYS[4], ARGV[1]) then
  if state ~= 'writing' and state ~= 'open' then return {'state', state} end
  local votes = read_votes(before)
  local changes = {}
  for i = 6, #ARGV, 3 do
    local entry, what, reasons = tonumber(ARGV[i]), ARGV[i + 1], tonumber(ARGV[i + 2])
    local author = redis.call('HGET', KEYS[1], 'a' .. ARGV[i])
    if not author then return {'none', ARGV[i], tonumber(round[4]) - 1} end
    if what == 'on' then
      local sign = string.sub(author, 1, 1)
      if sign == 'x' then return {'taken', ARGV[i]} end
      if sign == 'h' then return {'hidden', ARGV[i]} end
      if sign == 'd' then return {'struck', ARGV[i]} end
      if who and string.match(author, '^%d+') == who then return {'own', ARGV[i]} end
    end
    local old = votes[entry]
    local new = old -- of an entry that was taken back there is none, and none will be
    if what == 'on' then
      new = bit.bor(old or 0, reasons)
    elseif what == 'off' then
      new = nil
    elseif old then
      new = bit.band(old, bit.bnot(reasons))
    end
    votes[entry] = new
    if (old == nil) ~= (new == nil) then
      changes[#changes + 1] = {ARGV[i], new and 1 or -1}
    end
    for _, reason in ipairs({1, 2, 4}) do
      local had, has = bit.band(old or 0, reason), bit.band(new or 0, reason)
      if had ~= has then changes[#changes + 1] = {ARGV[i] .. ':' .. reason, has > had and 1 or -1} end
    end
  end
  after = write_votes(votes, tonumber(round[3]), tonumber(round[4]) - 1)
  if after ~= '' then who = who or enrol(KEYS[6], KEYS[7], KEYS[8], ARGV[5], round[6] or 0, ARGV[2]) end
  if before == '' and after ~= '' then took_part(KEYS[6], who) end
  if after == '' then
    if before ~= '' then redis.call('HDEL', KEYS[2], who) end
  elseif after ~= before then
    redis.call('HSET', KEYS[2], who, after)
  end
  for _, change in ipairs(changes) do
    redis.call('HINCRBY', KEYS[3], change[1], change[2])
  end
  local had = before ~= '' and seen_by(before)
  local has = after ~= '' and seen_by(after)
  if had ~= has then
    if had then redis.call('HINCRBY', KEYS[3], 's' .. had, -1) end
    if has then redis.call('HINCRBY', KEYS[3], 's' .. has, 1) end
  end
  if after ~= before and round[8] ~= '1' and (round[7] or '') ~= '' then
    show_soon(KEYS[1], KEYS[9], round[2], ARGV[2])
  end
  redis.call('ZADD', KEYS[4], ARGV[2], ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', '(' .. ARGV[3])
end
return {'ok', who or '', after, state, redis.call('HGETALL', KEYS[3]), round[5] or ''}
