-- Put an entry into a round: a written one into the place kept for it, a person's behind.
-- KEYS  1 round  2 entries  3 community  4 spaces  5 ids  6 people  7 past
--       8 agenda
-- ARGV  1 event id, or '' for a written one  2 space  3 identity  4 place of a written one
--       5 the most entries  6 parent's number or 0  7 text  8 origin  9 lens  10 model
--       11 round id  12 how many past texts are kept  13 novelty in thousandths, or ''
--       14 the most entries of one member, those taken back among them, or '' for one that was
--       counted when it was asked for  15 where its picture is kept, or ''
--       16 now (ms), or '' where whoever asks sees to it that it is shown
-- Returns {'ok', number, parent's author}, again for the same event; {'gone'}; {'foreign'};
--         {'state', state}; {'none', number, highest}; {'taken', number}; {'same', number}; {'full', the most};
--         {'enough', the most}; {'hidden', number}; {'struck', number}
local round = redis.call('HMGET', KEYS[1], 'state', 'space', 'count', 'next', 'links', 'prompt',
  'message', 'stale')
local state = round[1]
if not state then return {'gone'} end
local written = ARGV[1] == ''
if written then
  -- Who wrote the prompt was forgotten meanwhile, and with them what it is about.
  if round[6] == '' then return {'state', state} end
  if redis.call('HEXISTS', KEYS[2], ARGV[4]) == 1 then return {'ok', tonumber(ARGV[4]), 0} end
else
  if not belongs(KEYS[4], ARGV[2], round[2]) then return {'foreign'} end
  local before = redis.call('HGET', KEYS[1], 'e' .. ARGV[1])
  if before then
    local number, parent_author = string.match(before, '^(%d+)%.(%d+)$')
    return {'ok', tonumber(number), tonumber(parent_author)}
  end
end
if state ~= 'writing' and state ~= 'open' then return {'state', state} end
if not written and ARGV[14] == '' then
  -- Muse's version of a twist. It is for nobody where who asked for it was forgotten meanwhile.
  local asked = redis.call('HGET', KEYS[1], 't:' .. string.match(ARGV[1], '^(.*)%.%d+$'))
  local member = known(KEYS[5], ARGV[3], round[5] or 0)
  if not asked or not member or string.match(asked, '^%d+') ~= member then
    return {'taken', ARGV[6]}
  end
end

local origin, parent_author = ARGV[8], 0
if ARGV[6] ~= '0' then
  local parent = redis.call('HGET', KEYS[2], ARGV[6])
  if not parent then return {'none', ARGV[6], tonumber(round[4]) - 1} end
  parent = cjson.decode(parent)
  if parent.x then return {'taken', ARGV[6]} end
  if parent.hd then return {'hidden', ARGV[6]} end
  if parent.dq then return {'struck', ARGV[6]} end
  parent_author = parent.a
  -- A person's version of what a model had a hand in is made together.
  if parent.o == 'ai' or parent.o == 'together' then origin = 'together' end
end
local print = print_of(ARGV[7])
local same = redis.call('HGET', KEYS[1], print)
if same then return {'same', tonumber(same)} end

local number, who = tonumber(ARGV[4]), '0'
if not written then
  number = tonumber(round[4])
  if number > tonumber(ARGV[5]) then return {'full', ARGV[5]} end
  who = enrol(KEYS[3], KEYS[5], KEYS[6], ARGV[3], round[5] or 0, ARGV[16])
  if ARGV[14] ~= '' then
    if tonumber(redis.call('HGET', KEYS[1], 'b' .. who) or 0) >= tonumber(ARGV[14]) then
      return {'enough', ARGV[14]}
    end
    redis.call('HINCRBY', KEYS[1], 'b' .. who, 1)
  end
  took_part(KEYS[3], who)
  redis.call('HSET', KEYS[1], 'next', number + 1,
    'e' .. ARGV[1], number .. '.' .. parent_author)
end
local rank = tonumber(round[3]) + 1
redis.call('HSET', KEYS[1], 'count', rank, print, number,
  'a' .. number, who .. '.' .. rank .. '.' .. parent_author)
redis.call('HSET', KEYS[2], number, cjson.encode({t = ARGV[7], o = origin, l = ARGV[9],
  m = ARGV[10], p = tonumber(ARGV[6]), pa = parent_author, a = tonumber(who), r = rank,
  nv = tonumber(ARGV[13]), pic = ARGV[15] ~= '' and ARGV[15] or nil}))
redis.call('LPUSH', KEYS[7], ARGV[11] .. '/' .. number .. ' ' .. ARGV[7])
redis.call('LTRIM', KEYS[7], 0, tonumber(ARGV[12]) - 1)
if ARGV[16] ~= '' and round[8] ~= '1' and (round[7] or '') ~= '' then
  show_soon(KEYS[1], KEYS[8], round[2], ARGV[16])
end
return {'ok', number, parent_author}
