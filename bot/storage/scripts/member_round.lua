-- What of a round is one member's. Changes nothing.
-- KEYS  1 round  2 entries  3 votes  4 tally  5 reports
-- ARGV  1 what is kept for an identity of theirs
-- Returns {} where nothing is; {state, opened, closes, closed or '', who sees tallies, prompt,
--         whether they asked, whether the prompt is theirs, theme, wish, their votes,
--         pieces, twists, reports}: of pieces number, entry, approvals, who saw it at the close or
--         ''; of twists the entry and what to make of it, of reports the entry and why, all flat
local who = number_in(ARGV[1], redis.call('HGET', KEYS[1], 'links') or 0)
local round = redis.call('HMGET', KEYS[1], 'state', 'opened', 'closes', 'closed', 'tallies', 'prompt',
  'asker', 'by', 'theme', 'wish', 'b' .. who)
if not round[1] then return {} end
local asked, by = round[7] == who, (round[8] or round[7]) == who
local votes = redis.call('HGET', KEYS[3], who) or ''
local pieces, twists, reports = {}, {}, {}
if round[11] then
  for number, text in pairs(whole(KEYS[2])) do
    if tostring(cjson.decode(text).a) == who then
      pieces[#pieces + 1] = number
      pieces[#pieces + 1] = text
      pieces[#pieces + 1] = redis.call('HGET', KEYS[4], number) or '0'
      pieces[#pieces + 1] = redis.call('HGET', KEYS[1], 'n' .. number) or ''
    end
  end
  for field, value in pairs(whole(KEYS[1])) do
    local member, entry, text = string.match(value, '^(%d+)%.(%d+) (.*)$')
    if string.sub(field, 1, 2) == 't:' and member == who then
      twists[#twists + 1] = entry
      twists[#twists + 1] = text
    end
  end
end
for field, value in pairs(whole(KEYS[5])) do
  local entry, member = string.match(field, '^(%d+)%.(%d+)$')
  if member == who then
    reports[#reports + 1] = entry
    reports[#reports + 1] = string.match(value, '^%d (.*)$') or ''
  end
end
if not (asked or by) and votes == '' and #pieces + #twists + #reports == 0 then return {} end
return {round[1], round[2], round[3], round[4] or '', round[5] or '', round[6], asked and 1 or 0,
  by and 1 or 0, round[9] or '', round[10] or '', votes, pieces, twists, reports}
