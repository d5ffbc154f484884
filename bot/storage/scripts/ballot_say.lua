-- Keep a member's guess at who made an entry, or which they found original, moving or deep; once
-- for each event.
-- KEYS  those of ballots (_shared.lua)
-- ARGV  those of ballots  8 'guess' | 'praise'  9 alias  10 who is guessed, '' where they pass; or
--       the facet
-- Returns their ballot, with 'said'; 'again' for what was done before; 'unasked' where they are not
--         asked about that entry, or were not shown it; {'no challenge'}; {'foreign'}; {'spent'};
--         {'not voting', challenge}
local refusal, links = no_ballot()
if refusal then return refusal end
local who, owns = numbers_in(KEYS[9], KEYS[10], ARGV[2], links)
if not who then return ballot_of('unasked', who, owns) end
local asked = redis.call('HGET', KEYS[6], 's' .. who)
if not asked then return ballot_of('unasked', who, owns) end
local what, alias, value = ARGV[8], ARGV[9], ARGV[10]
local found = false
if what == 'guess' then
  for each in string.gmatch(asked, '%S+') do found = found or each == alias end
else
  for n = 1, tonumber(redis.call('HGET', KEYS[4], 'n' .. who) or 0) do
    local left, right = string.match(redis.call('HGET', KEYS[5], who .. '.' .. n) or '',
      '^%a|([^|]*)|([^|]*)|')
    found = found or left == alias or right == alias
  end
end
if not found then return ballot_of('unasked', who, owns) end
if served_before() then return ballot_of('again', who, owns) end
if what == 'guess' then
  redis.call('HSET', KEYS[6], 'g' .. who .. '.' .. alias, value)
else
  redis.call('HSET', KEYS[6], 'p' .. who .. '.' .. value, alias)
end
return ballot_of('said', who, owns)
