-- Take a member who left out of a round: what is open is withdrawn, of what is closed only the
-- words go. Safe to run again.
-- KEYS  1 round  2 entries  3 votes  4 tally  5 past  6 pieces  7 prompts  8 agenda  9 reports
--       10 notices
-- ARGV  1 what was kept for an identity of theirs  2 round id  3 now (ms)  4 the item that shows the
--       round as it then is, its platform left out  5 the item that expires it  6 when that is (ms),
--       for a round that is withdrawn
-- Returns {'ok'} where there was something of theirs; {'none'}
local who = number_in(ARGV[1], redis.call('HGET', KEYS[1], 'links') or 0)
local round = redis.call('HMGET', KEYS[1], 'state', 'asker', 'by', 'b' .. who, 'next', 'prompt',
  'theme', 'wish', 'address')
local state, asked = round[1], round[2] == who
if not state then return {'none'} end
local taking, changed = state == 'writing' or state == 'open', false

-- Rewrite what the boards show of an entry.
local function on_boards(number, change)
  local name = ARGV[2] .. '/' .. number
  local author, text = string.match(redis.call('HGET', KEYS[6], name) or '', '^(%d+) (.*)$')
  if not author then return end
  local piece = cjson.decode(text)
  change(piece)
  redis.call('HSET', KEYS[6], name, author .. ' ' .. cjson.encode(piece))
end

local votes = taking and redis.call('HGET', KEYS[3], who)
if votes then
  for entry, reasons in pairs(read_votes(votes)) do
    redis.call('HINCRBY', KEYS[4], entry, -1)
    for _, reason in ipairs({1, 2, 4}) do
      if bit.band(reasons, reason) > 0 then redis.call('HINCRBY', KEYS[4], entry .. ':' .. reason, -1) end
    end
  end
  redis.call('HINCRBY', KEYS[4], 's' .. seen_by(votes), -1)
  redis.call('HDEL', KEYS[3], who)
  changed = true
end

if round[4] then -- they put something in, or asked for a remix
  for number, text in pairs(whole(KEYS[2])) do
    local entry = cjson.decode(text)
    if tostring(entry.a) == who and entry.t ~= '' then
      redis.call('LREM', KEYS[5], 1, ARGV[2] .. '/' .. number .. ' ' .. entry.t)
      redis.call('HDEL', KEYS[1], print_of(entry.t))
      if taking then
        unvote(KEYS[3], KEYS[4], tonumber(number), tonumber(round[5]) - 1)
        entry.x = true
        redis.call('HSET', KEYS[1], 'a' .. number, 'x' .. who .. '.' .. entry.r .. '.' .. entry.pa)
      else
        on_boards(number, function(piece) piece.t = '' end)
      end
      entry.t = ''
      redis.call('HSET', KEYS[2], number, cjson.encode(entry))
    end
  end
  for field, value in pairs(whole(KEYS[1])) do
    if string.sub(field, 1, 2) == 't:' and string.match(value, '^%d+') == who then
      redis.call('HDEL', KEYS[1], field)
    end
  end
  redis.call('HDEL', KEYS[1], 'b' .. who)
  changed = true
end

for field in pairs(whole(KEYS[9])) do -- what they reported of others is still counted
  if string.match(field, '^%d+%.(%d+)$') == who then redis.call('HDEL', KEYS[9], field) end
end

if asked then
  local address = cjson.decode(round[9])
  local wish = round[8] ~= '' and cjson.decode(round[8]) or {}
  if address[5] ~= '' or round[7] ~= '' or wish.twist or wish.source or wish.without then
    address[5] = '' -- the right to answer them, which a platform gave for a while
    local left = next(wish.pieces or {}) and cjson.encode({pieces = wish.pieces}) or ''
    redis.call('HSET', KEYS[1], 'address', cjson.encode(address), 'theme', '', 'wish', left)
    changed = true
  end
end
local theirs = (round[3] or round[2]) == who
if theirs and round[6] ~= '' then
  for number, text in pairs(whole(KEYS[2])) do -- what Muse wrote on it took up words of it
    local entry = cjson.decode(text)
    if entry.a == 0 and entry.t ~= '' then
      local left = without_prompt(entry.t, round[6], entry.o ~= 'deck')
      if left ~= entry.t then
        redis.call('LREM', KEYS[5], 1, ARGV[2] .. '/' .. number .. ' ' .. entry.t)
        redis.call('HDEL', KEYS[1], print_of(entry.t))
        entry.t = left
        redis.call('HSET', KEYS[2], number, cjson.encode(entry))
        on_boards(number, function(piece) piece.t = left end)
      end
    end
  end
  redis.call('HSET', KEYS[1], 'prompt', '', 'by', 0)
  redis.call('LREM', KEYS[7], 1, round[6])
  for _, number in ipairs(redis.call('HKEYS', KEYS[2])) do
    on_boards(number, function(piece) piece.q, piece.qb = '', 0 end)
  end
  -- What authors in it are still to be told names them the prompt.
  for name, text in pairs(whole(KEYS[10])) do
    if string.match(name, ' ([^ /]+)/%d+$') == ARGV[2] then
      local notice = cjson.decode(text)
      notice.q = ''
      redis.call('HSET', KEYS[10], name, cjson.encode(notice))
    end
  end
  changed = true
end
if state == 'writing' and (theirs or asked and round[6] == '') then
  -- Nothing can be written on a prompt that is gone. Where nobody else has answered, the round
  -- goes too.
  local begun = not asked
  for _, text in ipairs(redis.call('HVALS', KEYS[2])) do
    local entry = cjson.decode(text)
    begun = begun or not entry.x and entry.a > 0
  end
  redis.call('HSET', KEYS[1], 'state', begun and 'open' or 'withdrawn')
  if not begun then redis.call('ZADD', KEYS[8], ARGV[6], ARGV[5]) end
  changed = true
end
if not changed then return {'none'} end
local platform = cjson.decode(round[9])[1]
local show = string.gsub(ARGV[4], '@', '@' .. platform, 1)
redis.call('ZADD', KEYS[8], ARGV[3], show)
return {'ok'}
