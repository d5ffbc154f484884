-- Keep what was counted of a closed challenge, once; then have it told, and leave each who took
-- part a note. Counted anew (an entry was struck or restored after the close), only the results
-- change: nothing is told twice.
-- KEYS  1 challenge  2 results  3 agenda  4 notices  5 people
-- ARGV  1 now (ms)  2 the results as JSON  3 '1' where they are counted anew  4 the most notices
--       5 challenge id  6 how many items follow  7… the items that tell the results; then for each
--       member who is left a note: m, the note as JSON
-- Returns {'ok', 1 where it changed something, else 0}; {'gone'}; {'state', state}
local state, counted = unpack(redis.call('HMGET', KEYS[1], 'state', 'counted'))
if not state then return {'gone'} end
if state ~= 'closed' then return {'state', state} end
local anew = ARGV[3] == '1'
if (counted == '1') ~= anew then return {'ok', 0} end
if redis.call('GET', KEYS[2]) == ARGV[2] and anew then return {'ok', 0} end
redis.call('SET', KEYS[2], ARGV[2])
if anew then return {'ok', 1} end
redis.call('HSET', KEYS[1], 'counted', '1')
local items = tonumber(ARGV[6])
for i = 7, 6 + items do redis.call('ZADD', KEYS[3], ARGV[1], ARGV[i]) end
-- Of notes, only the latest challenge's are kept for who has not come back to read them; an
-- example's are kept beside those.
if redis.call('HGET', KEYS[1], 'example') ~= '1' then
  for name in pairs(whole(KEYS[4])) do
    if string.find(name, ' !x%S*$') then redis.call('HDEL', KEYS[4], name) end
  end
end
local room = tonumber(ARGV[4]) - redis.call('HLEN', KEYS[4])
for i = 7 + items, #ARGV, 2 do
  for _, identity in ipairs(identities_of(KEYS[5], ARGV[i])) do
    if room <= 0 then break end
    redis.call('HSET', KEYS[4], identity .. ' !x' .. ARGV[5] .. '.' .. ARGV[i], ARGV[i + 1])
    room = room - 1
  end
end
return {'ok', 1}
