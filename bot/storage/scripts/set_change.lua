-- Put names into one of a community's lists, or take them out: organisers, words, the blocked.
-- KEYS  1 the list (hash)  2 spaces  3… the audit's
-- ARGV  1 space  2 the most names  3 how many names  4… for each: itself, and what is kept with it
--       or '' to take it out; the audit's
-- Returns {'ok', how many were changed}; {'foreign'}; {'long list', the most}
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
local changes, more = {}, 0
for i = 4, 3 + 2 * tonumber(ARGV[3]), 2 do
  local there, on = redis.call('HEXISTS', KEYS[1], ARGV[i]) == 1, ARGV[i + 1] ~= ''
  if there ~= on then
    changes[#changes + 1] = i
    more = more + (on and 1 or 0)
  end
end
if #changes == 0 then return {'ok', 0} end
if more > 0 and redis.call('HLEN', KEYS[1]) + more > tonumber(ARGV[2]) then
  return {'long list', ARGV[2]}
end
for _, i in ipairs(changes) do
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[1], ARGV[i])
  else
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
record()
return {'ok', #changes}
