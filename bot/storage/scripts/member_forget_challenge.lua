-- Take a member who left out of a challenge. What is open is withdrawn: what they put in, their
-- picks, guesses and the offer that stands. Of what is in the pool the words go, and the salt, so
-- that its seal says nothing any more; a closed challenge is else left whole, with their number as
-- a pseudonym. Safe to run again.
-- KEYS  1 challenge  2 what was put in  3 pool  4 ballots  5 picks  6 said  7 reports
--       8 the latest themes  9 notices  10 agenda
-- ARGV  1 what was kept for an identity of theirs  2 challenge id  3 now (ms)  4 the item that shows
--       what was posted of it as it then is, its platform left out
-- Returns {'ok'} where there was something of theirs; {'none'}
local record = whole(KEYS[1])
if not record.state then return {'none'} end
local who = number_in(ARGV[1], record.links or 0)
local running, changed = record.state == 'open' or record.state == 'voting', false
local told = false -- whether something that is posted may show them

changed = redis.call('HDEL', KEYS[2], 'm' .. who, 'r' .. who) > 0
for alias, text in pairs(whole(KEYS[3])) do
  local entry = cjson.decode(text)
  -- Results name who made an entry, and who made the piece that it was made from.
  told = told or tostring(entry.a or 0) == who or (entry.p or '') ~= ''
  if tostring(entry.a or 0) == who and (entry.t or entry.s) then
    entry.t, entry.s = nil, nil
    redis.call('HSET', KEYS[3], alias, cjson.encode(entry))
    changed = true
  end
end
if changed then redis.call('HINCRBY', KEYS[1], 'rev', 1) end
if running then
  local count = tonumber(redis.call('HGET', KEYS[4], 'n' .. who) or 0)
  for n = 1, count do redis.call('HDEL', KEYS[5], who .. '.' .. n) end
  redis.call('HDEL', KEYS[4], who, 'b' .. who, 'n' .. who, 'q' .. who, 'w' .. who)
  if count > 0 then
    for name in pairs(whole(KEYS[6])) do
      if string.match(name, '^[gps](%d+)') == who then redis.call('HDEL', KEYS[6], name) end
    end
    changed = true
  end
end
for name in pairs(whole(KEYS[6])) do -- results name the best guessers
  told = told or string.match(name, '^g(%d+)') == who
end
for name in pairs(whole(KEYS[7])) do -- what they reported of others is still counted
  if string.match(name, '%.(%d+)$') == who then
    redis.call('HDEL', KEYS[7], name)
    changed = true
  end
end

local proposer = record.proposer or '0'
if proposer == number_in(ARGV[1]) or proposer == own_number(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'theme', '')
  redis.call('HDEL', KEYS[1], 'proposer')
  redis.call('LREM', KEYS[8], 1, record.theme or '')
  -- What others are still to be told of it names them the theme.
  for name, text in pairs(whole(KEYS[9])) do
    local of = string.match(name, ' =([^ /]+)/%S+$') or string.match(name, ' !x([^ .]+)%.%d+$')
    if of == ARGV[2] then
      local notice = cjson.decode(text)
      notice.q = ''
      redis.call('HSET', KEYS[9], name, cjson.encode(notice))
    end
  end
  changed, told = true, true
end
if told then
  show_anew(KEYS[1], KEYS[10], ARGV[3], ARGV[4])
end
return {changed and 'ok' or 'none'}
