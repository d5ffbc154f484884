-- Put work that was given up on the agenda again, as if it had never been tried.
-- KEYS  1 agenda  2 tries  3 dead  4 spaces  5… the audit's
-- ARGV  1 space  2 now (ms)  3 how many items  4… the items; the audit's
-- Returns {'ok', how many were still given up}; {'foreign'}
if not belongs(KEYS[4], ARGV[1]) then return {'foreign'} end
local count = 0
for i = 4, 3 + tonumber(ARGV[3]) do
  if redis.call('HDEL', KEYS[3], ARGV[i]) == 1 then
    redis.call('HDEL', KEYS[2], ARGV[i])
    redis.call('ZADD', KEYS[1], 'NX', ARGV[2], ARGV[i])
    count = count + 1
  end
end
if count > 0 then record() end
return {'ok', count}
