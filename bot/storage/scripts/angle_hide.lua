-- Hide a lens, show it again, or remove one of the community's own.
-- KEYS  1 angles  2 spaces  3… the audit's
-- ARGV  1 space  2 name  3 'hide' | 'show' | 'remove'  4 how many there are without the
--       community's own  5 the fewest that must be left; the audit's
-- Returns {'ok'}, also where it is so already; {'foreign'}; {'few', the fewest}
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
local own, hidden = 'own:' .. ARGV[2], 'hidden:' .. ARGV[2]
if ARGV[3] == 'show' then
  if redis.call('HDEL', KEYS[1], hidden) == 1 then record() end
  return {'ok'}
end
local is_own = redis.call('HEXISTS', KEYS[1], own) == 1
if ARGV[3] == 'remove' and not is_own then return {'ok'} end
local is_hidden = redis.call('HEXISTS', KEYS[1], hidden) == 1
local left = tonumber(ARGV[4])
for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
  left = left + (string.sub(name, 1, 4) == 'own:' and 1 or -1)
end
if not is_hidden and left <= tonumber(ARGV[5]) then return {'few', ARGV[5]} end
if ARGV[3] == 'remove' then
  redis.call('HDEL', KEYS[1], own, hidden)
else
  redis.call('HSET', KEYS[1], hidden, 1)
end
record()
return {'ok'}
