-- Do what an organiser decided of an entry: hide it, keep it, restore it, or disqualify it.
-- KEYS  1 round  2 entries  3 votes  4 tally  5 pieces  6 reported  7 notices  8 spaces
--       9 agenda  10… for each period of a closed round: the boards of entries and people; the audit's
-- ARGV  1 space  2 number  3 'hide' | 'keep' | 'restore' | 'disqualify'  4 round id  5 how heavy
--       the prior is  6 the periods  7 the most notices; the audit's
-- Returns {'ok', 1 where it changed something, else 0}; {'gone'}; {'foreign'}; {'state', state};
--         {'none', number, highest}; {'taken', number}; {'moved'} where the periods are others
local round = whole(KEYS[1])
if not round.state then return {'gone'} end
if not belongs(KEYS[8], ARGV[1], round.space) then return {'foreign'} end
if round.state == 'withdrawn' then return {'state', round.state} end
if periods_of(round) ~= ARGV[6] then return {'moved'} end
local number, what, name = ARGV[2], ARGV[3], ARGV[4] .. '/' .. ARGV[2]
local entry = redis.call('HGET', KEYS[2], number)
if not entry then return {'none', number, tonumber(round.next) - 1} end
entry = cjson.decode(entry)
if entry.x then return {'taken', number} end

local out, before = entry.hd or entry.dq, cjson.encode({entry.hd or '', entry.dq or '', entry.ok or ''})
local authors = entry.a > 0 and identities_of(KEYS[#KEYS], entry.a) or {}
if what == 'hide' then
  entry.hd, entry.ok = 'organiser', nil
elseif what == 'disqualify' then
  if not entry.dq and redis.call('HLEN', KEYS[7]) < tonumber(ARGV[7]) then
    local told = cjson.encode({n = tonumber(number), q = round.prompt, y = ARGV[#ARGV]})
    for _, identity in ipairs(authors) do
      redis.call('HSET', KEYS[7], identity .. ' ' .. name, told)
    end
  end
  entry.dq = true
else
  entry.hd, entry.ok = nil, true
  if what == 'restore' then
    if not out then return {'ok', 0} end
    for _, identity in ipairs(authors) do
      redis.call('HDEL', KEYS[7], identity .. ' ' .. name)
    end
    entry.dq = nil
  end
end
redis.call('ZREM', KEYS[6], name)
if cjson.encode({entry.hd or '', entry.dq or '', entry.ok or ''}) == before then return {'ok', 0} end
local now_out = entry.hd or entry.dq
if round.state == 'closed' and (not out) ~= (not now_out) then
  rank(now_out and -1 or 1, name, number, entry, round, KEYS[3], KEYS[4], KEYS[5],
    tonumber(ARGV[5]), KEYS, 10, #KEYS - 4)
end
redis.call('HSET', KEYS[2], number, cjson.encode(entry))
redis.call('HSET', KEYS[1], 'a' .. number, mark_of(entry))
if (round.message or '') ~= '' then show_soon(KEYS[1], KEYS[9], round.space, ARGV[#ARGV - 4]) end
record()
return {'ok', 1}
