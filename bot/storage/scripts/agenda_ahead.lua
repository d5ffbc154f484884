-- How much writing waits, and how much is under way: what a new round would wait behind.
-- KEYS  1 agenda
-- ARGV  1 since when it must have been due to be called waiting (ms)  2 the latest end of a
--       lease (ms)  3 the community that asks
-- Returns how much of the community's waits and is under way, how many communities wait, and how
-- much is under way in all
local WRITES = { write = true, paint = true, prompt = true, twist = true }
local since, mine = tonumber(ARGV[1]), { 0, 0 }
local waiting, seen, running = 0, {}, 0
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[2], 'WITHSCORES', 'LIMIT', 0, 4096)
for i = 1, #due, 2 do
  local verb, community = string.match(due[i], '^([^:@]+)[^:]*:([^:]*)')
  if WRITES[verb] then
    local state = tonumber(due[i + 1]) <= since and 1 or 2
    if community == ARGV[3] then mine[state] = mine[state] + 1 end
    if state == 2 then
      running = running + 1
    elseif not seen[community] then
      seen[community] = true
      waiting = waiting + 1
    end
  end
end
return { mine[1], mine[2], waiting, running }
