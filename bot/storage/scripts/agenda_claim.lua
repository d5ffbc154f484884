-- Take what is due, under a lease: who dies with it loses it when the lease ends. What this
-- process can't do (a platform it does not speak to, a verb of a newer Muse) is left alone.
-- KEYS  1 agenda  2 tries
-- ARGV  1 now (ms)  2 end of the lease (ms)  3 the most items  4… what this process can do:
--       verb, or verb@platform
-- Returns the items, how often each was begun and when it was due (ms), flat
local able = {}
for i = 4, #ARGV do able[ARGV[i]] = true end
local taken, passed = {}, 0
repeat
  -- What is taken leaves the range, what is passed by stays in it.
  local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', passed, 256)
  for _, item in ipairs(due) do
    if #taken >= 3 * tonumber(ARGV[3]) then return taken end
    if able[string.match(item, '^[^:]+')] then
      local was = redis.call('ZSCORE', KEYS[1], item)
      redis.call('ZADD', KEYS[1], ARGV[2], item)
      taken[#taken + 1] = item
      taken[#taken + 1] = redis.call('HINCRBY', KEYS[2], item, 1)
      taken[#taken + 1] = was
    else
      passed = passed + 1
    end
  end
until #due < 256
return taken
