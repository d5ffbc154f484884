-- Let go the spaces that Muse has been away from long enough; with the last of them, begin to
-- erase the community. A space in which a round was opened since has come back.
-- KEYS  1 community  2 spaces  3 gone  4… the rounds opened last
-- ARGV  1 now (ms)  2 how long it is kept (ms)
-- Returns {'gone'}; {'away', when to look again (ms) or '', spaces that are let go};
--         {'erase', '', spaces that are let go}
if redis.call('EXISTS', KEYS[1]) == 0 then return {'gone'} end
local latest, later, let_go = {}, '', {}
for i = 4, #KEYS do
  local round = redis.call('HMGET', KEYS[i], 'space', 'opened')
  if round[1] then latest[round[1]] = math.max(latest[round[1]] or 0, tonumber(round[2])) end
end
for space, since in pairs(whole(KEYS[3])) do
  if string.sub(space, 1, 1) ~= '!' then
    local due = tonumber(since) + tonumber(ARGV[2])
    if (latest[space] or 0) > tonumber(since) then
      redis.call('HDEL', KEYS[3], space)
    elseif due <= tonumber(ARGV[1]) then
      redis.call('HDEL', KEYS[3], space)
      redis.call('SREM', KEYS[2], space)
      -- Its pointer is in another slot: it is named here until that is gone too.
      redis.call('HSET', KEYS[3], '!' .. space, ARGV[1])
    elseif later == '' or due < tonumber(later) then
      later = string.format('%.0f', due)
    end
  end
end
for _, space in ipairs(redis.call('HKEYS', KEYS[3])) do
  if #space > 1 and string.sub(space, 1, 1) == '!' then let_go[#let_go + 1] = string.sub(space, 2) end
end
-- Where its own first space has joined another community, what it left here goes with it there.
if redis.call('SCARD', KEYS[2]) > 0 or redis.call('HEXISTS', KEYS[1], 'away') == 1 then
  return {'away', later, let_go}
end
redis.call('HSET', KEYS[3], '!', ARGV[1])
return {'erase', '', let_go}
