-- Make a member's pick between the two entries that stand; once for each event, and each number.
-- KEYS  those of ballots (_shared.lua)
-- ARGV  those of ballots  8 number of the offer, 0 for the one that stands  9 'l' | 'r' | 'b' | 's'
--       10 how long two entries take to read at the least (ms)
-- Returns their ballot, with 'picked' or 'skipped'; 'quick' where it came too soon and is asked
--         again; 'again' for what was done before; 'late' where another offer stands, or none;
--         'passed' where an entry of it is shown no more; {'no challenge'}; {'foreign'}; {'spent'};
--         {'not voting', challenge}
local refusal, links = no_ballot()
if refusal then return refusal end
local who, owns = numbers_in(KEYS[9], KEYS[10], ARGV[2], links)
if not who then return ballot_of('late', who, owns) end
local number, side = tonumber(ARGV[8]), ARGV[9]
if redis.call('ZSCORE', KEYS[11], ARGV[5]) then return ballot_of('again', who, owns) end
local offer, passed = offer_of(who, owns)
if passed then return ballot_of('passed', who, owns) end
if not offer or number ~= 0 and number ~= offer.number then
  local made = redis.call('HGET', KEYS[5], who .. '.' .. number)
  return ballot_of(made and string.sub(made, 1, 1) == side and 'again' or 'late', who, owns)
end
served_before()
if side ~= 's' and not string.find(offer.marks, '2', 1, true)
  and tonumber(ARGV[4]) - offer.since < tonumber(ARGV[10]) then
  redis.call('HSET', KEYS[4], who, table.concat({offer.number, offer.left, offer.right,
    offer.since, offer.marks .. '2'}, '|'))
  return ballot_of('quick', who, owns)
end
take_pick(who, offer, side)
if side ~= 's' then
  took_part(KEYS[8], who)
  redis.call('HSETNX', KEYS[4], 'w' .. who, ARGV[1])
end
return ballot_of(side == 's' and 'skipped' or 'picked', who, owns)
