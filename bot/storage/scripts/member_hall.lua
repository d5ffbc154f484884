-- The pieces of one member that outlive their rounds. Changes nothing.
-- KEYS  1 hall  2 pieces
-- ARGV  1 their number
-- Returns r/k and the piece, flat
local found = {}
for _, name in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local author, text = string.match(redis.call('HGET', KEYS[2], name) or '', '^(%d+) (.*)$')
  if author == ARGV[1] then
    found[#found + 1] = name
    found[#found + 1] = text
  end
end
return found
