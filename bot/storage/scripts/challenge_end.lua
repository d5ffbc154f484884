-- End a challenge: close it, close a quiet one without voting, or cancel it.
-- KEYS  1 challenge  2 plan  3 agenda  4 spaces  5 what stands for those who voted and were forgotten
--       6 seen events  7… the audit's, where an organiser does it
-- ARGV  1 now (ms)  2 challenge id  3 'closed' | 'quiet' | 'cancelled'  4 how often what was put in had
--       changed when it was read, for a quiet one  5 why, or ''  6 the organiser's space, or ''
--       7 the item that would take it on  8 the organiser's event, or ''  9 how far back events
--       are remembered (ms, a moment)  10 how many items follow  11… the items that follow from it;
--       the audit's
-- Returns {'ok', 1 where it changed something, else 0}; {'gone'}; {'foreign'}; {'state', state};
--         {'early', when (ms)}; {'changed'}
local kept = whole(KEYS[1])
if not kept.state then return {'gone'} end
if ARGV[6] ~= '' and not belongs(KEYS[4], ARGV[6]) then return {'foreign'} end
if ARGV[6] ~= '' and redis.call('ZSCORE', KEYS[6], ARGV[8]) then return {'ok', 0} end
local to = ARGV[3] == 'quiet' and 'closed' or ARGV[3]
if kept.state == to then return {'ok', 0} end
if kept.state ~= 'open' and kept.state ~= 'voting' then return {'state', kept.state} end
if ARGV[3] ~= 'cancelled' then
  local ends = ARGV[3] == 'quiet' and 'deadline' or 'closes'
  if kept.state ~= (ARGV[3] == 'quiet' and 'open' or 'voting') then return {'state', kept.state} end
  if tonumber(kept[ends]) > tonumber(ARGV[1]) then return {'early', kept[ends]} end
end
if ARGV[3] == 'quiet' then
  if (kept.rev or '0') ~= ARGV[4] then return {'changed'} end
  redis.call('HSET', KEYS[1], 'quiet', '1')
end
redis.call('HSET', KEYS[1], 'state', to, 'closed', ARGV[1])
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'why', ARGV[5]) end
if redis.call('HGET', KEYS[2], 'current') == ARGV[2] then redis.call('HDEL', KEYS[2], 'current') end
redis.call('UNLINK', KEYS[5])
redis.call('ZREM', KEYS[3], ARGV[7])
for i = 11, 10 + tonumber(ARGV[10]) do redis.call('ZADD', KEYS[3], ARGV[1], ARGV[i]) end
if ARGV[6] ~= '' then
  served(KEYS[6], ARGV[8], ARGV[1], ARGV[9])
  record()
end
return {'ok', 1}
