-- Take a member's last pick back, as long as the next is not made: its two entries stand again, and
-- behind them those that were offered next.
-- KEYS  those of ballots (_shared.lua)
-- ARGV  those of ballots  8 number of the pick, 0 for the last
-- Returns their ballot, with 'unpicked'; 'again' for what was done before; 'late' where there is
--         nothing to take back any more; {'no challenge'}; {'foreign'}; {'spent'};
--         {'not voting', challenge}
local refusal, links = no_ballot()
if refusal then return refusal end
local who, owns = numbers_in(KEYS[9], KEYS[10], ARGV[2], links)
if not who then return ballot_of('late', who, owns) end
if redis.call('ZSCORE', KEYS[11], ARGV[5]) then return ballot_of('again', who, owns) end
local offer = offer_of(who, owns)
local kept = redis.call('HMGET', KEYS[4], who, 'b' .. who, 'n' .. who)
local last = offer and offer.number - 1 or tonumber(kept[3] or 0)
local number = tonumber(ARGV[8])
if number == 0 then number = last end
if offer and offer.number == number then return ballot_of('again', who, owns) end
local made = number == last and not kept[2] and redis.call('HGET', KEYS[5], who .. '.' .. number)
if not made then return ballot_of('late', who, owns) end
local left, right, _, final = string.match(made, '^%a|([^|]*)|([^|]*)|(%d+)|(.*)$')
if not may_see(left, owns) or not may_see(right, owns) then return ballot_of('late', who, owns) end
served_before()
redis.call('HDEL', KEYS[5], who .. '.' .. number)
if kept[1] then redis.call('HSET', KEYS[4], 'b' .. who, kept[1]) end
-- They have read these two before, so a quick pick is not asked again.
redis.call('HSET', KEYS[4], who, table.concat({number, left, right, ARGV[4], final .. '2'}, '|'))
return ballot_of('unpicked', who, owns)
