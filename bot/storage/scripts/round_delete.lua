-- Remove a round for an organiser: its texts go, and the boards forget it if it had closed.
-- KEYS  1 round  2 entries  3 votes  4 tally  5 pieces  6 reported  7 reports  8 past  9 prompts
--       10 agenda  11 tries  12 spaces  13… for each period of a closed round: the boards of
--       entries and people; the audit's
-- ARGV  1 space  2 round id  3 the item that writes it  4 the item that closes it
--       5 the item that expires it  6 when (ms), if it had not closed  7 the periods; the audit's
-- Returns {'ok', 1 where it changed something, else 0}; {'gone'}; {'foreign'}; {'moved'}
local round = whole(KEYS[1])
if not round.state then return {'gone'} end
if not belongs(KEYS[12], ARGV[1], round.space) then return {'foreign'} end
if round.state == 'withdrawn' then return {'ok', 0} end
if periods_of(round) ~= ARGV[7] then return {'moved'} end
for number, text in pairs(whole(KEYS[2])) do
  local entry, name = cjson.decode(text), ARGV[2] .. '/' .. number
  if round.state == 'closed' and not (entry.x or entry.hd or entry.dq) then
    rank(-1, name, number, entry, round, KEYS[3], KEYS[4], KEYS[5], 0, KEYS, 13, #KEYS - 4)
  end
  redis.call('LREM', KEYS[8], 1, name .. ' ' .. entry.t)
  redis.call('ZREM', KEYS[6], name)
  entry.t, entry.x, entry.pic = '', true, nil
  redis.call('HSET', KEYS[2], number, cjson.encode(entry))
  redis.call('HSET', KEYS[1], 'a' .. number, mark_of(entry))
end
for field in pairs(round) do
  local kind = string.sub(field, 1, 2)
  if kind == 't:' or string.match(field, '^h%x+$') then redis.call('HDEL', KEYS[1], field) end
end
if round.prompt ~= '' then redis.call('LREM', KEYS[9], 1, round.prompt) end
redis.call('HSET', KEYS[1], 'state', 'withdrawn', 'removed', 1, 'prompt', '', 'theme', '', 'wish', '')
redis.call('UNLINK', KEYS[7])
redis.call('ZREM', KEYS[10], ARGV[3], ARGV[4])
redis.call('HDEL', KEYS[11], ARGV[3], ARGV[4])
redis.call('ZADD', KEYS[10], 'NX', ARGV[6], ARGV[5])
if (round.message or '') ~= '' then show_soon(KEYS[1], KEYS[10], round.space, ARGV[#ARGV - 4]) end
record()
return {'ok', 1}
