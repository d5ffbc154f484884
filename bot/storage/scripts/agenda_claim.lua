-- Take what is due, under a lease: who dies with it loses it when the lease ends. What this
-- process can't do (a platform it does not speak to, a verb of a newer Muse) is left alone.
-- What is quick goes first. Of what writes, whoever has least under way is next, and within a
-- community the oldest: however long one's line, it does not keep another waiting.
-- KEYS  1 agenda  2 tries
-- ARGV  1 now (ms)  2 end of the lease (ms)  3 the most items  4 the most of them that write
--       5 the most that a community may have under way that write  6 how many names follow
--       7… what this process can do: verb, or verb@platform; then for each community that has
--       writing under way here: its id, how much
-- Returns the items, how often each was begun and when it was due (ms), flat
local WRITES = { write = true, paint = true, prompt = true, twist = true }
local room, writing, share = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local able, held, names = {}, {}, 6 + tonumber(ARGV[6])
for i = 7, names do able[ARGV[i]] = true end
for i = names + 1, #ARGV, 2 do held[ARGV[i]] = tonumber(ARGV[i + 1]) end

local taken, lines, waiting, seen, count = {}, {}, {}, 0, 0
local function take(item, was)
  redis.call('ZADD', KEYS[1], ARGV[2], item)
  taken[#taken + 1] = item
  taken[#taken + 1] = redis.call('HINCRBY', KEYS[2], item, 1)
  taken[#taken + 1] = was
  count = count + 1
end

local quick = {}
repeat
  local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', seen, 256)
  for i = 1, #due, 2 do
    local head, community = string.match(due[i], '^([^:]+):([^:]*)')
    if able[head] then
      if not WRITES[string.match(head, '^[^@]+')] then
        quick[#quick + 1] = { due[i], due[i + 1] }
      else
        local line = lines[community]
        if not line then
          line = { first = 1 }
          lines[community] = line
          waiting[#waiting + 1] = community
        end
        if #line < share then line[#line + 1] = { due[i], due[i + 1] } end
      end
    end
  end
  seen = seen + #due / 2
until #due < 512 or seen >= 4096 or #quick >= room

for _, item in ipairs(quick) do
  if count >= room then return taken end
  take(item[1], item[2])
end
while count < room and writing > 0 do
  local least, whose
  for _, community in ipairs(waiting) do
    local has = held[community] or 0
    if has < share and lines[community][lines[community].first] and (not least or has < least) then
      least, whose = has, community
    end
  end
  if not whose then return taken end
  local line = lines[whose]
  take(line[line.first][1], line[line.first][2])
  line.first = line.first + 1
  held[whose] = least + 1
  writing = writing - 1
end
return taken
