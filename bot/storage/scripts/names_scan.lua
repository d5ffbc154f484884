-- A step through the names in a hash or a sorted set. Changes nothing.
-- KEYS  1 the hash or the sorted set
-- ARGV  1 'HSCAN' | 'ZSCAN'  2 cursor, '0' to begin  3 what names look like, as MATCH takes it
--       4 about how many a step  5 the value that is looked for, or '' for any
-- Returns {the next cursor, '0' at the end; names}
local page = redis.call(ARGV[1], KEYS[1], ARGV[2], 'MATCH', ARGV[3], 'COUNT', ARGV[4])
local names = {}
for i = 1, #page[2], 2 do
  if ARGV[5] == '' or page[2][i + 1] == ARGV[5] then names[#names + 1] = page[2][i] end
end
return {page[1], names}
