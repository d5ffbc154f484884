-- Read a member's ballot. Changes nothing, but for an offer of which an entry is shown no more.
-- KEYS  those of ballots (_shared.lua)
-- ARGV  those of ballots
-- Returns their ballot, with 'open' or 'passed'; {'no challenge'}; {'foreign'}; {'spent'};
--         {'not voting', challenge}
local refusal, links = no_ballot()
if refusal then return refusal end
local who, owns = numbers_in(KEYS[9], KEYS[10], ARGV[2], links)
local passed = false
if who then
  local _
  _, passed = offer_of(who, owns)
end
return ballot_of(passed and 'passed' or 'open', who, owns)
