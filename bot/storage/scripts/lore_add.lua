-- Put a line of lore on record; once for each event.
-- KEYS  1 lore  2 spaces  3… the audit's
-- ARGV  1 space  2 text  3 the most lines  4 event id; the audit's
-- Returns {'ok', number}; {'foreign'}; {'same line', number}; {'much', the most}
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
local lines, highest, count = whole(KEYS[1]), 0, 0
for number, line in pairs(lines) do
  if number ~= 'next' then
    count = count + 1
    local event, text = string.match(line, '^(%S*) (.*)$')
    if event == ARGV[4] then return {'ok', tonumber(number)} end
    if string.lower(text) == string.lower(ARGV[2]) then return {'same line', tonumber(number)} end
  end
end
if count >= tonumber(ARGV[3]) then return {'much', ARGV[3]} end
local number = tonumber(lines.next or 1)
redis.call('HSET', KEYS[1], number, ARGV[4] .. ' ' .. ARGV[2], 'next', number + 1)
ARGV[#ARGV - 1] = tostring(number) -- what it was put down as
record()
return {'ok', number}
