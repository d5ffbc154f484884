-- A round whole, with its people and the reader's own votes. Changes nothing.
-- KEYS  1 round  2 entries  3 votes  4 tally  5 spaces  6 ids  7 people
-- ARGV  1 space, or '' for Muse itself  2 identity, or ''
-- Returns {'ok', round, entries, tally, people, reader, their votes}, hashes as flat lists;
--         {'gone'}; {'foreign'}
local fields = redis.call('HGETALL', KEYS[1])
if #fields == 0 then return {'gone'} end
local round = {}
for i = 1, #fields, 2 do round[fields[i]] = fields[i + 1] end
if ARGV[1] ~= '' and not belongs(KEYS[5], ARGV[1], round.space) then return {'foreign'} end
local people = {}
local function name(number)
  if number and number ~= '0' and not people[number] then
    people[number] = redis.call('HGET', KEYS[7], number) or ''
  end
end
name(round.asker)
for field, value in pairs(round) do
  if string.match(field, '^a%d+$') then
    local author, parent = string.match(value, '^[xhd]?(%d+)%.%d+%.(%d+)$')
    name(author)
    name(parent)
  elseif string.sub(field, 1, 2) == 't:' then
    name(string.match(value, '^(%d+)%.%d+ '))
  end
end
local flat = {}
for number, identity in pairs(people) do
  flat[#flat + 1] = number
  flat[#flat + 1] = identity
end
local reader, mine = '', ''
if ARGV[2] ~= '' then
  reader = known(KEYS[6], ARGV[2], round.links or 0) or ''
  if reader ~= '' then mine = redis.call('HGET', KEYS[3], reader) or '' end
end
return {'ok', fields, redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[4]),
  flat, reader, mine}
