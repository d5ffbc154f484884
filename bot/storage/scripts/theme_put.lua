-- Put a member's proposed theme on the list, with their vote. Where it is full, the oldest that
-- nobody but its proposer is for gives way.
-- KEYS  1 themes  2 spaces  3 community  4 ids  5 people
-- ARGV  1 space  2 identity  3 now (ms)  4 theme  5 the most proposals  6 the most of one member
-- Returns {'ok', id, member, what gave way or ''}, again for the same theme of theirs; {'foreign'}; {'same theme', id};
--         {'themes', the most}; {'own themes', the most}
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
local who = enrol(KEYS[3], KEYS[4], KEYS[5], ARGV[2], nil, ARGV[3])
local count, own, kept, liked, oldest = 0, 0, whole(KEYS[1]), {}, nil
for name in pairs(kept) do
  local of, voter = string.match(name, '^v(%d+)%.(%d+)$')
  if of and kept[of] and voter ~= string.match(kept[of], '^%d+') then liked[of] = true end
end
for name, text in pairs(kept) do
  if string.match(name, '^%d+$') then
    local by, theme = string.match(text, '^(%d+) (.*)$')
    if string.lower(theme) == string.lower(ARGV[4]) then
      return {by == who and 'ok' or 'same theme', name, who, ''}
    end
    if not liked[name] and (not oldest or tonumber(name) < tonumber(oldest)) then oldest = name end
    count, own = count + 1, own + (by == who and 1 or 0)
  end
end
if own >= tonumber(ARGV[6]) then return {'own themes', ARGV[6]} end
if count >= tonumber(ARGV[5]) then
  if not oldest then return {'themes', ARGV[5]} end
  unlist(KEYS[1], oldest)
else
  oldest = nil
end
local id = tostring(redis.call('HINCRBY', KEYS[1], 'n', 1))
redis.call('HSET', KEYS[1], id, who .. ' ' .. ARGV[4], 'v' .. id .. '.' .. who, 1)
return {'ok', id, who, oldest or ''}
