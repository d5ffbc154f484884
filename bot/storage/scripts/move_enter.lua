-- Take a space into a community: the first step of its move. The outcome is kept under the move's
-- number, so that the step may be run again, and does nothing once there was a later move.
-- KEYS  1 moves  2 spaces  3 community  4 its own first space's move  5 gone  6 plan  7… the audit's
-- ARGV  1 space  2 the move's number  3 'join' | 'part'  4 the most spaces; the audit's
-- Returns {'ok'}; {'late'} where the space has moved since; {'absent'} where the community's first
--         space is about to join another, or has; {'places', the most}; {'challenge'} where one runs
local at, outcome = string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '0 in', '^(%d+) (.*)$')
if tonumber(at) > tonumber(ARGV[2]) then return {'late'} end
if at == ARGV[2] then
  if outcome == 'in' then return {'ok'} end
  return {outcome, ARGV[4]}
end
outcome = 'in'
if ARGV[3] == 'join' then
  if redis.call('HEXISTS', KEYS[3], 'away') == 1 or redis.call('EXISTS', KEYS[3]) == 0
      or redis.call('HGET', KEYS[4], 'state') == 'begun' or redis.call('HEXISTS', KEYS[5], '!') == 1 then
    outcome = 'absent'
  elseif redis.call('SCARD', KEYS[2]) >= tonumber(ARGV[4]) then
    outcome = 'places'
  elseif redis.call('HEXISTS', KEYS[6], 'current') == 1 then
    outcome = 'challenge'
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. outcome)
if outcome ~= 'in' then return {outcome, ARGV[4]} end
if ARGV[3] == 'part' then redis.call('HDEL', KEYS[3], 'away') end
redis.call('SADD', KEYS[2], ARGV[1])
record()
return {'ok'}
