-- Set what holds in a community or one of its channels, or several such things at once.
-- KEYS  1 rules  2 spaces  3… the audit's
-- ARGV  1 space  2 'one', 'several', which can be undone as one, or 'back', which undoes that
--       3 how many rules  4… for each: its name, and its value or '' to unset it; the audit's
-- Returns {'ok', for each its name, its value, and the value before, '' where there was none, …};
--         {'foreign'}; {'no preset'} where there is nothing to undo
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
local wanted = {}
for i = 4, 3 + 2 * tonumber(ARGV[3]), 2 do wanted[ARGV[i]] = ARGV[i + 1] end
if ARGV[2] == 'back' then
  local kept = redis.call('HGET', KEYS[1], '~')
  if not kept then return {'no preset'} end
  wanted = cjson.decode(kept)
end
local reply, before, changed = {'ok'}, {}, false
for name, value in pairs(wanted) do
  before[name] = redis.call('HGET', KEYS[1], name) or ''
  changed = changed or before[name] ~= value
  for _, part in ipairs({name, value, before[name]}) do reply[#reply + 1] = part end
  if value == '' then
    redis.call('HDEL', KEYS[1], name)
  else
    redis.call('HSET', KEYS[1], name, value)
  end
end
if ARGV[2] == 'back' then redis.call('HDEL', KEYS[1], '~') end
if not changed then return reply end
if ARGV[2] == 'several' then redis.call('HSET', KEYS[1], '~', cjson.encode(before)) end
-- The log tells a change of one rule whole: which, to what, and what it was.
if ARGV[2] == 'one' then ARGV[#ARGV - 1] = table.concat({reply[2], reply[3], reply[4]}, '\n') end
record()
return reply
