-- Give a challenge more time in the stage it is in.
-- KEYS  1 challenge  2 agenda  3 spaces  4 seen events  5… the audit's, where an organiser does it
-- ARGV  1 event id, or 'quiet' for a quiet week's, which is once  2 the stage it was read in  3 when
--       that ended (ms)  4 deadline (ms)  5 close (ms)  6 the item that takes it on  7 the
--       organiser's space, or ''  8 now (ms)  9 how far back events are remembered (ms, a
--       moment)  10 how many items follow  11… the items that tell it; the audit's
-- Returns {'ok'}, again for the same event; {'gone'}; {'foreign'}; {'state', state}; {'changed'}
local kept = whole(KEYS[1])
if not kept.state then return {'gone'} end
if ARGV[7] ~= '' and not belongs(KEYS[3], ARGV[7]) then return {'foreign'} end
if ARGV[7] ~= '' and redis.call('ZSCORE', KEYS[4], ARGV[1]) then return {'ok'} end
local longer = kept.longer and kept.longer .. ' ' or '' -- the events that had it so before
if string.find(' ' .. longer, ' ' .. ARGV[1] .. ' ', 1, true) then return {'ok'} end
if kept.state ~= ARGV[2] then return {'state', kept.state} end
local ends = kept.state == 'open' and kept.deadline or kept.closes
if ends ~= ARGV[3] then return {'changed'} end
redis.call('HSET', KEYS[1], 'longer', longer .. ARGV[1], 'deadline', ARGV[4], 'closes', ARGV[5])
if ARGV[1] == 'quiet' then redis.call('HSET', KEYS[1], 'extended', '1') end
redis.call('ZADD', KEYS[2], kept.state == 'open' and ARGV[4] or ARGV[5], ARGV[6])
for i = 11, 10 + tonumber(ARGV[10]) do redis.call('ZADD', KEYS[2], ARGV[8], ARGV[i]) end
if ARGV[7] ~= '' then
  served(KEYS[4], ARGV[1], ARGV[8], ARGV[9])
  record()
end
return {'ok'}
