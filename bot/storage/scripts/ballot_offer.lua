-- Offer a member two entries to choose between, where none stand: never their own, never two that
-- they had together, never beyond the quota.
-- KEYS  those of ballots (_shared.lua)
-- ARGV  those of ballots  8 number of the offer  9 left  10 right  11 'f' for a final  12 the first
--       quota  13 how many a member may have in all  14 15 how often left and right had been shown
--       when they were chosen
-- Returns their ballot, with 'offered', 'stands' where another offer does, 'moved' where this one
--         can't be made any more; {'no challenge'}; {'foreign'}; {'spent'};
--         {'not voting', challenge}
local refusal, links = no_ballot()
if refusal then return refusal end
local who = enrol(KEYS[8], KEYS[9], KEYS[10], ARGV[2], links, ARGV[4])
local _, owns = numbers_in(KEYS[9], KEYS[10], ARGV[2], links)
local number, left, right, final = tonumber(ARGV[8]), ARGV[9], ARGV[10], ARGV[11]
local kept = redis.call('HMGET', KEYS[4], who, 'n' .. who, 'q' .. who)
if kept[1] then return ballot_of('stands', who, owns) end
local count = tonumber(kept[2] or 0)
local most = math.min(tonumber(kept[3] or ARGV[12]), tonumber(ARGV[13]))
if number ~= count + 1 or number > most or left == right then
  return ballot_of('moved', who, owns)
end
for n = 1, count do
  local pick = redis.call('HGET', KEYS[5], who .. '.' .. n)
  if pick then
    local one, other = string.match(pick, '^%a|([^|]*)|([^|]*)|')
    if one == left and other == right or one == right and other == left then
      return ballot_of('moved', who, owns)
    end
  end
end
if not may_see(left, owns) or not may_see(right, owns) then return ballot_of('moved', who, owns) end
local prefix = final == 'f' and 'f:' or ''
for n, name in ipairs({left, right}) do
  if ARGV[13 + n] ~= (redis.call('HGET', KEYS[3], prefix .. name) or '0') then
    return ballot_of('moved', who, owns)
  end
end
local met = left < right and left .. '|' .. right or right .. '|' .. left
for _, name in ipairs({left, right, met}) do redis.call('HINCRBY', KEYS[3], prefix .. name, 1) end
redis.call('HSET', KEYS[4], who, table.concat({number, left, right, ARGV[4], final}, '|'),
  'n' .. who, number)
return ballot_of('offered', who, owns)
