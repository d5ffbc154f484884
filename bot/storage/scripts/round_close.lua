-- Close a round and take it into every board.
-- KEYS  1 round  2 entries  3 votes  4 tally  5 community  6 spaces  7 ids  8 pieces  9 agenda
--       10 what lenses have taught  11 tries  12… for each period: the boards of entries, people and lenses
-- ARGV  1 now (ms)  2 round id  3 event id, or 'deadline'  4 space  5 identity
--       6 '1' for an organiser  7 the item that writes it  8 the item that closes it
--       9 the item that tells the result, its platform left out  10 the item that expires it  11 when (ms)
--       12 how heavy the prior is  13 month  14 week  15 what is left of a lens's evidence
-- Returns {'ok'}, again for the same event; {'gone'}; {'foreign'}; {'forbidden'};
--         {'state', state}; {'early', closes}
local round = whole(KEYS[1])
if not round.state then return {'gone'} end
if ARGV[3] == 'deadline' then
  if round.state == 'open' or round.state == 'writing' then
    if tonumber(round.closes) > tonumber(ARGV[1]) then return {'early', round.closes} end
  end
else
  if not belongs(KEYS[6], ARGV[4], round.space) then return {'foreign'} end
  local who = ARGV[6] ~= '1' and known(KEYS[7], ARGV[5], round.links or 0)
  if ARGV[6] ~= '1' and who ~= round.asker then return {'forbidden'} end
end
if round.state == 'closed' and round.ended == ARGV[3] then return {'ok'} end
if round.state ~= 'open' and round.state ~= 'writing' then return {'state', round.state} end

local tally, weight, prior = whole(KEYS[4]), tonumber(ARGV[12]), tonumber(round.prior)
-- at_least[n]: how many voters had seen n entries or more when they last voted.
local count = tonumber(round.count)
local at_least = {[count + 1] = 0}
for n = count, 0, -1 do
  at_least[n] = at_least[n + 1] + tonumber(tally['s' .. n] or 0)
end
local function votes_of(number)
  return number > 0 and redis.call('HGET', KEYS[3], number)
end
local places = {} -- the boards of entries and people
for board = 12, #KEYS, 3 do
  places[#places + 1] = KEYS[board]
  places[#places + 1] = KEYS[board + 1]
end
local function on_lens_boards(...)
  for board = 14, #KEYS, 3 do redis.call('HINCRBY', KEYS[board], ...) end
end

local approvals, chances, angles, written = 0, 0, {}, {}
for number, text in pairs(whole(KEYS[2])) do
  local entry = cjson.decode(text)
  if not entry.x then -- what is hidden or disqualified may come back, onto the boards too
    local a = tonumber(tally[number] or 0)
    local n = at_least[entry.r]
    local own = votes_of(entry.a)
    if own and seen_by(own) >= entry.r then n = n - 1 end
    redis.call('HSET', KEYS[1], 'n' .. number, n)
    round['n' .. number] = n
    if not entry.hd and not entry.dq then
      rank(1, ARGV[2] .. '/' .. number, number, entry, round, KEYS[3], KEYS[4], KEYS[8], weight,
        places, 1, #places)
    end
    if not entry.dq then
      approvals, chances = approvals + a, chances + n
      local score = string.format('%.6f', (a + weight * prior) / (n + weight))
      if entry.o == 'ai' and entry.a == 0 then written[entry.l] = score end
    end
    if entry.l ~= '' and n > 0 and not entry.dq then
      on_lens_boards(entry.l .. ':a', a)
      on_lens_boards(entry.l .. ':n', n)
      if not angles[entry.l] then on_lens_boards(entry.l .. ':r', 1) end
      angles[entry.l] = true
    end
  end
end
-- What the round teaches of lenses, as `bot.stats.lens_choice` says: all evidence fades, then
-- each AI entry's lens wins the share of its siblings that it beat, a tie counting half.
local siblings = -1
for _ in pairs(written) do siblings = siblings + 1 end
if approvals > 0 and siblings > 0 then
  local records = whole(KEYS[10])
  for lens in pairs(written) do records[lens] = records[lens] or '0 0' end
  for lens, record in pairs(records) do
    local wins, losses = string.match(record, '^(%S+) (%S+)$')
    wins, losses = wins * ARGV[15], losses * ARGV[15]
    if written[lens] then
      local beaten = -0.5 -- itself, with which it ties
      for _, other in pairs(written) do
        if written[lens] == other then
          beaten = beaten + 0.5
        elseif tonumber(written[lens]) > tonumber(other) then
          beaten = beaten + 1
        end
      end
      wins, losses = wins + beaten / siblings, losses + 1 - beaten / siblings
    end
    redis.call('HSET', KEYS[10], lens, string.format('%.9f %.9f', wins, losses))
  end
end
redis.call('HINCRBY', KEYS[5], 'approvals', approvals)
redis.call('HINCRBY', KEYS[5], 'chances', chances)
redis.call('HSET', KEYS[1], 'state', 'closed', 'closed', ARGV[1], 'ended', ARGV[3],
  'month', ARGV[13], 'week', ARGV[14])
redis.call('ZREM', KEYS[9], ARGV[7], ARGV[8])
redis.call('HDEL', KEYS[11], ARGV[7], ARGV[8])
local platform = string.match(round.space, '^[^:]+')
local announce = string.gsub(ARGV[9], '@', '@' .. platform, 1)
redis.call('ZADD', KEYS[9], ARGV[1], announce, ARGV[11], ARGV[10])
return {'ok'}
