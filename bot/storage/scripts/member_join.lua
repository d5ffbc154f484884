-- Link an identity to the member who gave a code: from here on both are one. The older number
-- goes on; in rounds that are open already each keeps the number it has there.
-- KEYS  1 community  2 ids  3 people  4 the code  5 blocked
-- ARGV  1 identity  2 now (ms)  3 event id  4 the most identities of one member
--       5 how often one identity may have been linked
-- Returns {'ok', their identities…}, again for the same event; {'code'} where it is wrong, used,
--         over, or of somebody who was blocked since; {'yourself'} where they are one already;
--         {'identities', the most}; {'often'}
local code = redis.call('GET', KEYS[4])
if code == 'used ' .. ARGV[3] then
  return {'ok', unpack(identities_of(KEYS[3], known(KEYS[2], ARGV[1])))}
end
local giver, good_until = string.match(code or '', '^(%d+) (%d+)$')
local giver_identity = giver and identities_of(KEYS[3], giver)[1]
if not giver_identity or tonumber(good_until) <= tonumber(ARGV[2]) then return {'code'} end
for _, identity in ipairs(redis.call('HVALS', KEYS[5])) do
  if identity == giver_identity or identity == ARGV[1] then return {'code'} end
end

local here = enrol(KEYS[1], KEYS[2], KEYS[3], ARGV[1], nil, ARGV[2])
local there = known(KEYS[2], giver_identity)
if here == there then return {'yourself'} end
local kept = tonumber(here) < tonumber(there) and here or there
local linked = identities_of(KEYS[3], kept)
for _, identity in ipairs(identities_of(KEYS[3], kept == here and there or here)) do
  linked[#linked + 1] = identity
end
if #linked > tonumber(ARGV[4]) then return {'identities', ARGV[4]} end
for _, identity in ipairs(linked) do
  local _, changes = string.gsub(redis.call('HGET', KEYS[2], identity), '@', '@')
  if changes >= tonumber(ARGV[5]) then return {'often'} end
end

local link = redis.call('HINCRBY', KEYS[1], 'links', 1)
for _, identity in ipairs(linked) do
  renumber(KEYS[2], identity, kept, link)
  name_all(KEYS[2], KEYS[3], identity, linked)
end
redis.call('SET', KEYS[4], 'used ' .. ARGV[3], 'KEEPTTL')
return {'ok', unpack(linked)}
