-- Do what an organiser decided of an entry of a challenge, from when voting is on. They learn
-- nothing of who made it.
-- KEYS  1 challenge  2 pool  3 reported  4 notices  5 spaces  6 agenda; the audit's
-- ARGV  1 space  2 alias  3 'hide' | 'keep' | 'restore' | 'disqualify'  4 what the entry is called
--       in the queue  5 the most notices  6 now (ms)  7 the item that shows what was posted of
--       the challenge as it then is, its platform left out; the audit's
-- Returns {'ok', 1 where it changed something, else 0}; {'no challenge'}; {'foreign'};
--         {'settled'} where there is nothing to decide on; {'no contender', alias}
local challenge = redis.call('HMGET', KEYS[1], 'state', 'theme')
if not challenge[1] then return {'no challenge'} end
if redis.call('SISMEMBER', KEYS[5], ARGV[1]) == 0 then return {'foreign'} end
if challenge[1] ~= 'voting' and challenge[1] ~= 'closed' then return {'settled'} end
local alias, what, name = ARGV[2], ARGV[3], ARGV[4]
local kept = redis.call('HGET', KEYS[2], alias)
if not kept then return {'no contender', alias} end
local entry = cjson.decode(kept)
local before = cjson.encode({entry.hd or '', entry.dq or '', entry.ok or ''})
local authors = (entry.a or 0) > 0 and identities_of(KEYS[#KEYS], entry.a) or {}
if what == 'hide' then
  entry.hd, entry.ok = 'organiser', nil
elseif what == 'disqualify' then
  if not entry.dq and redis.call('HLEN', KEYS[4]) < tonumber(ARGV[5]) then
    local told = cjson.encode({n = 0, q = challenge[2] or '', y = ARGV[#ARGV], k = 'contender'})
    for _, identity in ipairs(authors) do
      redis.call('HSET', KEYS[4], identity .. ' ' .. name, told)
    end
  end
  entry.dq = true
else
  local out = entry.hd or entry.dq
  entry.hd, entry.ok = nil, true
  if what == 'restore' then
    if not out then return {'ok', 0} end
    for _, identity in ipairs(authors) do
      redis.call('HDEL', KEYS[4], identity .. ' ' .. name)
    end
    entry.dq = nil
  end
end
redis.call('ZREM', KEYS[3], name)
if cjson.encode({entry.hd or '', entry.dq or '', entry.ok or ''}) == before then return {'ok', 0} end
redis.call('HSET', KEYS[2], alias, cjson.encode(entry))
redis.call('HINCRBY', KEYS[1], 'rev', 1)
if challenge[1] == 'closed' then
  show_anew(KEYS[1], KEYS[6], ARGV[6], ARGV[7])
end
record()
return {'ok', 1}
