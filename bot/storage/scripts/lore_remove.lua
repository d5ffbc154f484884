-- Forget a line of lore.
-- KEYS  1 lore  2 spaces  3… the audit's
-- ARGV  1 space  2 number; the audit's
-- Returns {'ok', the line, '' where it was gone before}; {'foreign'}; {'no line', number}
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
local line = redis.call('HGET', KEYS[1], ARGV[2])
if not line then
  local next = tonumber(redis.call('HGET', KEYS[1], 'next') or 1)
  if tonumber(ARGV[2]) < next then return {'ok', ''} end
  return {'no line', ARGV[2]}
end
redis.call('HDEL', KEYS[1], ARGV[2])
record()
return {'ok', string.match(line, '^%S* (.*)$')}
