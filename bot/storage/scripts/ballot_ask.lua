-- Settle which entries a member is asked about once their ballot is done, where it isn't yet.
-- KEYS  those of ballots (_shared.lua)
-- ARGV  those of ballots  8 aliases with spaces between them
-- Returns their ballot, with 'asked'; {'no challenge'}; {'foreign'}; {'spent'};
--         {'not voting', challenge}
local refusal, links = no_ballot()
if refusal then return refusal end
local who, owns = numbers_in(KEYS[9], KEYS[10], ARGV[2], links)
if who then redis.call('HSETNX', KEYS[6], 's' .. who, ARGV[8]) end
return ballot_of('asked', who, owns)
