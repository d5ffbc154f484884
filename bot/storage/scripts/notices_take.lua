-- Take what a member is to be told, once, whichever of their identities they act by.
-- KEYS  1 notices
-- ARGV  1 identity
-- Returns the notices as JSON
local found, told = {}, {}
local kept = whole(KEYS[1])
for name, text in pairs(kept) do
  local identity, piece = string.match(name, '^(.*) (%S+)$')
  if identity == ARGV[1] then
    found[#found + 1] = text
    told[piece] = true
  end
end
for name in pairs(kept) do
  if told[string.match(name, '%S+$')] then redis.call('HDEL', KEYS[1], name) end
end
return found
