-- Take the themes that a member who left proposed off the list, and their votes for others'.
-- KEYS  1 themes
-- ARGV  1 what was kept for an identity of theirs
-- Returns {'ok'} where there was something of theirs; {'none'}
local own, gone, changed = {}, {}, false
own[number_in(ARGV[1])], own[own_number(ARGV[1])] = true, true
local kept = whole(KEYS[1])
for name, text in pairs(kept) do
  if (name == 'next' or string.match(name, '^%d+$')) and own[string.match(text, '^%d+')] then
    gone[name] = true
    redis.call('HDEL', KEYS[1], name)
    changed = true
  end
end
for name in pairs(kept) do
  local of, by = string.match(name, '^v(%d+)%.(%d+)$')
  if of and (gone[of] or own[by]) then
    redis.call('HDEL', KEYS[1], name)
    changed = true
  end
end
return {changed and 'ok' or 'none'}
