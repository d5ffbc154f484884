-- Take a member who left out of the pieces that outlive their rounds; what they scored stays.
-- KEYS  1 hall  2 pieces
-- ARGV  1 their number
-- Returns {'ok'}
for _, name in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local author, text = string.match(redis.call('HGET', KEYS[2], name) or '', '^(%d+) (.*)$')
  if author then
    local piece = cjson.decode(text)
    local wrote, asked = author == ARGV[1], tostring(piece.qb) == ARGV[1]
    if wrote then piece.t = '' end
    if asked then
      if author == '0' then piece.t = without_prompt(piece.t, piece.q, piece.o ~= 'deck') end
      piece.q, piece.qb = '', 0
    end
    if wrote or asked then redis.call('HSET', KEYS[2], name, author .. ' ' .. cjson.encode(piece)) end
  end
end
return {'ok'}
