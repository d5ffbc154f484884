-- Set what holds in a community or one of its channels, or several such things at once.
-- KEYS  1 rules  2 spaces  3… the audit's
-- ARGV  1 space  2 how many rules  3… for each: its name, and its value or '' to unset it; the audit's
-- Returns {'ok', the values before, '' where there was none, …}; {'foreign'}
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
local reply = {'ok'}
for i = 3, 2 + 2 * tonumber(ARGV[2]), 2 do
  reply[#reply + 1] = redis.call('HGET', KEYS[1], ARGV[i]) or ''
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[1], ARGV[i])
  else
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
record()
return reply
