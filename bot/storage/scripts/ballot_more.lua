-- Let a member have more offers than the first few.
-- KEYS  those of ballots (_shared.lua)
-- ARGV  those of ballots  8 how many a member may have in all
-- Returns their ballot, with 'more'; {'no challenge'}; {'foreign'}; {'spent'};
--         {'not voting', challenge}
local refusal, links = no_ballot()
if refusal then return refusal end
local who, owns = numbers_in(KEYS[9], KEYS[10], ARGV[2], links)
if who and redis.call('HEXISTS', KEYS[4], 'n' .. who) == 1 then
  redis.call('HSET', KEYS[4], 'q' .. who, ARGV[8])
end
return ballot_of('more', who, owns)
