-- Add a lens of the community's own, or describe it anew.
-- KEYS  1 angles  2 spaces  3… the audit's
-- ARGV  1 space  2 name  3 the lens as JSON  4 the most of one's own; the audit's
-- Returns {'ok', 1 where it is new, else 0}; {'foreign'}; {'angles', the most}
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
local field = 'own:' .. ARGV[2]
local new = redis.call('HEXISTS', KEYS[1], field) == 0
if new then
  local count = 0
  for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
    if string.sub(name, 1, 4) == 'own:' then count = count + 1 end
  end
  if count >= tonumber(ARGV[4]) then return {'angles', ARGV[4]} end
end
redis.call('HSET', KEYS[1], field, ARGV[3])
record()
return {'ok', new and 1 or 0}
