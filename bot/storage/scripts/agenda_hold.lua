-- Prolong the leases of what is still being done, where they are still this process's.
-- KEYS  1 agenda
-- ARGV  1 new end (ms)  2… for each: the item, and the end it is held under (ms)
-- Returns the items that are held no more
local lost = {}
for i = 2, #ARGV, 2 do
  if redis.call('ZSCORE', KEYS[1], ARGV[i]) == ARGV[i + 1] then
    redis.call('ZADD', KEYS[1], ARGV[1], ARGV[i])
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return lost
