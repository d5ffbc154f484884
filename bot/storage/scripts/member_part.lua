-- Make every identity of a member somebody of their own again, as they were before they were
-- linked. In rounds that were opened meanwhile they stay one.
-- KEYS  1 community  2 ids  3 people
-- ARGV  1 identity
-- Returns {'ok', the identities…}; {'alone'} where they are linked to nobody
local who = known(KEYS[2], ARGV[1])
local linked = who and identities_of(KEYS[3], who) or {}
if #linked < 2 then return {'alone'} end
local link = redis.call('HINCRBY', KEYS[1], 'links', 1)
for _, identity in ipairs(linked) do
  renumber(KEYS[2], identity, own_number(redis.call('HGET', KEYS[2], identity)), link)
  name_all(KEYS[2], KEYS[3], identity, {identity})
end
return {'ok', unpack(linked)}
