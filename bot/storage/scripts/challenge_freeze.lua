-- Make what was put into a challenge its pool, and open the voting.
-- KEYS  1 challenge  2 what was put in  3 pool  4 agenda
-- ARGV  1 now (ms)  2 how often what was put in had changed when it was read  3 when voting closes
--       (ms)  4 the item that closes it  5 how many aliases and entries follow  6… alias, the
--       entry as JSON; then the items that tell it
-- Returns {'ok'}; {'gone'}; {'state', state}; {'early', deadline}; {'changed'}
local state, deadline, rev = unpack(redis.call('HMGET', KEYS[1], 'state', 'deadline', 'rev'))
if not state then return {'gone'} end
if state ~= 'open' then return {'state', state} end
if tonumber(deadline) > tonumber(ARGV[1]) then return {'early', deadline} end
if (rev or '0') ~= ARGV[2] then return {'changed'} end
local rows = tonumber(ARGV[5])
for i = 6, 5 + rows, 2 do redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1]) end
redis.call('UNLINK', KEYS[2])
redis.call('HSET', KEYS[1], 'state', 'voting', 'voting', ARGV[1], 'closes', ARGV[3])
redis.call('ZADD', KEYS[4], ARGV[3], ARGV[4])
for i = 6 + rows, #ARGV do redis.call('ZADD', KEYS[4], ARGV[1], ARGV[i]) end
return {'ok'}
