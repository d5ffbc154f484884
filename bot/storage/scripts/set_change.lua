-- Put a name into one of a community's lists, or take it out: organisers, words, the blocked.
-- KEYS  1 the list (hash)  2 spaces  3… the audit's
-- ARGV  1 space  2 the name  3 what is kept with it, or '' to take it out  4 the most names; the audit's
-- Returns {'ok', 1 where it changed something, else 0}; {'foreign'}; {'long list', the most}
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
if ARGV[3] == '' then
  if redis.call('HDEL', KEYS[1], ARGV[2]) == 0 then return {'ok', 0} end
else
  local new = redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0
  if not new then return {'ok', 0} end
  if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[4]) then return {'long list', ARGV[4]} end
  redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
end
record()
return {'ok', 1}
