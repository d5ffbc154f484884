-- Point a space at another community, as a move of it says: '<community> <move>'.
-- KEYS  1 the space's pointer
-- ARGV  1 from which community  2 to which  3 the move's number
-- Returns {'ok'}, also where it points there by this move already; {'late'} where the space has
--         moved since
local at, move = string.match(redis.call('GET', KEYS[1]) or '', '^(%S+) ?(%d*)$')
if at == ARGV[2] and move == ARGV[3] then return {'ok'} end
if at ~= ARGV[1] or tonumber(move ~= '' and move or 0) >= tonumber(ARGV[3]) then
  return {'late'}
end
redis.call('SET', KEYS[1], ARGV[2] .. ' ' .. ARGV[3])
return {'ok'}
