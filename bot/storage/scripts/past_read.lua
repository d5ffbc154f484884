-- What a community's new texts should not repeat: its latest, and its hall of fame.
-- KEYS  1 past  2 the all-time board of entries  3 pieces
-- ARGV  1 how many of the hall of fame
-- Returns {latest texts (r/k, a space, the text), pieces as kept}
local best = redis.call('ZREVRANGE', KEYS[2], 0, tonumber(ARGV[1]) - 1)
local pieces = {}
if #best > 0 then pieces = redis.call('HMGET', KEYS[3], unpack(best)) end
for i = 1, #pieces do pieces[i] = pieces[i] or '' end
return {redis.call('LRANGE', KEYS[1], 0, -1), pieces}
