-- Let a space go that has moved to another community: the last step of its move. What it began
-- here it may still finish.
-- KEYS  1 moves  2 spaces  3 community  4 gone  5… the audit's
-- ARGV  1 space  2 the move's number  3 the community that it moved to, where this is its first,
--       else ''; the audit's
-- Returns {'ok'}; {'late'} where the space has moved since
local at, outcome = string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '0 in', '^(%d+) (.*)$')
if tonumber(at) > tonumber(ARGV[2]) then return {'late'} end
if at == ARGV[2] and outcome ~= 'leaving' then return {'ok'} end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' out')
redis.call('SREM', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[4], ARGV[1])
if ARGV[3] ~= '' then redis.call('HSET', KEYS[3], 'away', ARGV[3]) end
record()
return {'ok'}
