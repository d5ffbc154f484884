-- What of a challenge is one member's. Changes nothing.
-- KEYS  1 challenge  2 what was put in  3 pool  4 picks  5 said  6 reports  7 ballots
-- ARGV  1 what was kept for an identity of theirs
-- Returns {state, number, theme or '', opened, deadline, closes, closed or '', 1 where the theme is
--         theirs, what they put in or '', their entries of the pool, their picks, what they said,
--         their reports}, hashes as flat lists; {} where there is nothing of theirs
local record = whole(KEYS[1])
if not record.state then return {} end
local who = number_in(ARGV[1], record.links or 0)
local proposer = record.proposer or '0'
local theirs = proposer == number_in(ARGV[1]) or proposer == own_number(ARGV[1])
local put = redis.call('HGET', KEYS[2], 'm' .. who) or ''
local pool, picks, said, reports = {}, {}, {}, {}
for alias, text in pairs(whole(KEYS[3])) do
  if tostring(cjson.decode(text).a or 0) == who then
    pool[#pool + 1] = alias
    pool[#pool + 1] = text
  end
end
for n = 1, tonumber(redis.call('HGET', KEYS[7], 'n' .. who) or 0) do
  local pick = redis.call('HGET', KEYS[4], who .. '.' .. n)
  if pick then
    picks[#picks + 1] = who .. '.' .. n
    picks[#picks + 1] = pick
  end
end
if #picks > 0 then
  for name, value in pairs(whole(KEYS[5])) do
    if string.match(name, '^[gp](%d+)%.') == who then
      said[#said + 1] = name
      said[#said + 1] = value
    end
  end
end
for name, text in pairs(whole(KEYS[6])) do
  local alias, by = string.match(name, '^(.*)%.(%d+)$')
  if by == who then
    reports[#reports + 1] = alias
    reports[#reports + 1] = string.sub(text, 3)
  end
end
if not theirs and put == '' and #pool + #picks + #said + #reports == 0 then return {} end
return {record.state, record.number, record.theme or '', record.opened, record.deadline,
  record.closes, record.closed or '', theirs and 1 or 0, put, pool, picks, said, reports}
