-- What the scripts share. Each is given what it uses of it, by its name and whole (`bot.storage.client`):
-- so it defines and does nothing, and all that begins at the margin is a `local` with one name.

-- Whether a space may act here: it is the community's, or it is where the round was opened
-- (a space that has moved on may still finish its old rounds).
local function belongs(spaces, space, home)
  return space == home or redis.call('SISMEMBER', spaces, space) == 1
end

-- The number that an identity has now, of what is kept for it, or had in what was opened when
-- there had been `links`. '3 7@2' is 3 now, and 7 in what was opened before the community's
-- second link; where it says more, the later link stands first.
local function number_in(held, links)
  local number = string.match(held, '^%d+')
  if links and #number < #held then
    for earlier, link in string.gmatch(held, ' (%d+)@(%d+)') do
      if tonumber(links) >= tonumber(link) then break end
      number = earlier
    end
  end
  return number
end

-- A member's number, or false for somebody not seen before: that of now, or with `links` that
-- of a round. An identity that was linked to another, or unlinked, had other numbers.
local function known(ids, identity, links)
  local held = redis.call('HGET', ids, identity)
  return held and number_in(held, links)
end

-- A member's number, given to them `now` (ms) where they have none: s<m> says since when.
local function enrol(community, ids, people, identity, links, now)
  local number = known(ids, identity, links)
  if number then return number end
  number = tostring(redis.call('HINCRBY', community, 'members', 1))
  redis.call('HSET', ids, identity, number)
  redis.call('HSET', people, number, identity)
  redis.call('HSET', community, 's' .. number, now or '')
  return number
end

-- Remember that a member has voted or put in an entry: p<m>.
local function took_part(community, number)
  redis.call('HSETNX', community, 'p' .. number, 1)
end

-- The number that an identity had before it was ever linked, and has for itself alone.
local function own_number(held)
  return string.match(held, ' (%d+)@%d+$') or string.match(held, '^%d+')
end

-- The identities of a member, a line each; whose number it was first stands first.
local function identities_of(people, number)
  local identities = {}
  for identity in string.gmatch(redis.call('HGET', people, number) or '', '[^\n]+') do
    identities[#identities + 1] = identity
  end
  return identities
end

-- Give an identity another number, from a link of the community's on.
local function renumber(ids, identity, number, link)
  local held = redis.call('HGET', ids, identity)
  local before = string.match(held, '^%d+')
  if before == number then return end
  redis.call('HSET', ids, identity,
    number .. ' ' .. before .. '@' .. link .. string.sub(held, #before + 1))
end

-- Have the number that is an identity's own name all of `linked`, itself first.
local function name_all(ids, people, identity, linked)
  local names = {identity}
  for _, other in ipairs(linked) do
    if other ~= identity then names[#names + 1] = other end
  end
  redis.call('HSET', people, own_number(redis.call('HGET', ids, identity)),
    table.concat(names, '\n'))
end

-- A member's votes: one character for how many entries there were when they last voted,
-- then one for each entry approved, followed by a digit where they gave reasons (1 moved,
-- 2 original, 4 deep, added up). The character of n is chr(64 + n): 'DAC2' is "had seen
-- four; approves 1, and 3 as original".
local function read_votes(text)
  local votes, i = {}, 2
  while i <= #text do
    local entry = string.byte(text, i) - 64
    local reasons = string.byte(text, i + 1) or 0
    if reasons >= 48 and reasons <= 55 then
      votes[entry] = reasons - 48
      i = i + 2
    else
      votes[entry] = 0
      i = i + 1
    end
  end
  return votes
end

local function seen_by(text)
  return string.byte(text, 1) - 64
end

local function write_votes(votes, seen, highest)
  local parts = {string.char(64 + seen)}
  for entry = 1, highest do
    local reasons = votes[entry]
    if reasons then
      parts[#parts + 1] = string.char(64 + entry)
      if reasons > 0 then parts[#parts + 1] = tostring(reasons) end
    end
  end
  if #parts == 1 then return '' end
  return table.concat(parts)
end

-- A hash as a table.
local function whole(key)
  local flat, map = redis.call('HGETALL', key), {}
  for i = 1, #flat, 2 do map[flat[i]] = flat[i + 1] end
  return map
end

-- Take away every vote for an entry. Who had voted for nothing else has no vote in the round
-- any more.
local function unvote(votes_key, tally_key, number, highest)
  for voter, text in pairs(whole(votes_key)) do
    local votes = read_votes(text)
    if votes[number] then
      votes[number] = nil
      local left = write_votes(votes, seen_by(text), highest)
      if left == '' then
        redis.call('HDEL', votes_key, voter)
        redis.call('HINCRBY', tally_key, 's' .. seen_by(text), -1)
      else
        redis.call('HSET', votes_key, voter, left)
      end
    end
  end
  redis.call('HDEL', tally_key, number, number .. ':1', number .. ':2', number .. ':4')
end

-- The field of a round that tells which entry has this text.
local function print_of(text)
  return 'h' .. string.sub(redis.sha1hex(string.lower(text)), 1, 12)
end

-- Words of three letters and more that no text is known by.
local common = ' the and for but not was are has had have with from that this into when what who how '
  .. 'its his her our you your they them then than there where which '

-- What Muse wrote on a prompt, without what it took up of it: an ellipsis stands for each of the
-- prompt's words and what begins like them, or with `whole` for the prompt where it stands in one.
local function without_prompt(text, prompt, whole)
  local letter = '[%w\128-\255]'
  local function plain(any) -- of the same length
    return (string.gsub(string.lower(any), '\226\128[\128-\191]', '   '))
  end
  local among, cuts = plain(text), {}
  local function cut(wanted, apart)
    local from = 1
    while true do
      local first, last = string.find(among, wanted, from, true)
      if not first then return end
      if apart and first > 1 and string.find(string.sub(among, first - 1, first - 1), letter) then
        from = last + 1
      else
        if apart then last = select(2, string.find(among, '^' .. letter .. '*', last + 1)) or last end
        cuts[#cuts + 1] = {first, last}
        from = last + 1
      end
    end
  end
  if whole then
    cut(plain(prompt), false)
  else
    for word in string.gmatch(plain(prompt), letter .. '+') do
      -- Not every script sets words apart.
      if #word > 2 and not string.find(common, ' ' .. word .. ' ', 1, true) then cut(word, string.byte(word) < 128) end
    end
  end
  table.sort(cuts, function(a, b) return a[1] < b[1] end)
  local parts, at = {}, 1
  for _, each in ipairs(cuts) do
    if each[1] >= at then
      parts[#parts + 1] = string.sub(text, at, each[1] - 1) .. '…'
      at = each[2] + 1
    end
  end
  return table.concat(parts) .. string.sub(text, at)
end

-- What the round's own hash says of an entry, so that a vote reads no entries: author, rank and
-- parent's author, after an x where it was taken back, h where it is hidden, d where it is
-- disqualified.
local function mark_of(entry)
  local sign = entry.x and 'x' or entry.hd and 'h' or entry.dq and 'd' or ''
  return sign .. entry.a .. '.' .. entry.r .. '.' .. entry.pa
end

-- The month and the week that a round closed in.
local function periods_of(round)
  return round.month and round.month .. ' ' .. round.week or ''
end

-- Put an entry of a closed round on its boards (sign 1), or take it off them (-1): its place, its
-- author's points, and half of them for who it was remixed from, their own vote aside.
-- `boards`: where, from `first` to `last`, the keys of the boards of entries and people stand.
local function rank(sign, name, number, entry, round, votes_key, tally_key, pieces, weight,
    boards, first, last)
  local given = tonumber(redis.call('HGET', tally_key, number) or 0)
  if given == 0 then return end
  local seen = tonumber(round['n' .. number])
  local function points(member, count)
    for i = first + 1, last, 2 do
      local had = redis.call('ZSCORE', boards[i], member)
      if sign > 0 or had then
        local left = redis.call('ZINCRBY', boards[i], sign * count, member)
        if tonumber(left) < 0.25 then redis.call('ZREM', boards[i], member) end
      end
    end
  end
  if sign > 0 then
    local score = string.format('%.6f', (given + weight * round.prior) / (seen + weight))
    for i = first, last, 2 do redis.call('ZADD', boards[i], score, name) end
    redis.call('HSET', pieces, name, entry.a .. ' ' .. cjson.encode({t = entry.t, o = entry.o,
      l = entry.l, m = entry.m, q = round.prompt, f = round.form, a = given, n = seen,
      qb = tonumber(round.by)}))
  else
    for i = first, last, 2 do redis.call('ZREM', boards[i], name) end
    redis.call('HDEL', pieces, name)
  end
  if entry.a > 0 then points(entry.a, given) end
  if entry.pa > 0 and entry.pa ~= entry.a then
    local theirs = redis.call('HGET', votes_key, entry.pa)
    if theirs and read_votes(theirs)[tonumber(number)] then given = given - 1 end
    if given > 0 then points(entry.pa, given / 2) end
  end
end

-- Write down what an organiser did. Its keys and values always come last in a script's:
-- KEYS  log, community, ids, people     ARGV  now (ms), identity, what, of what, why
local function record()
  local k, v = #KEYS, #ARGV
  local who = enrol(KEYS[k - 2], KEYS[k - 1], KEYS[k], ARGV[v - 3], nil, ARGV[v - 4])
  redis.call('LPUSH', KEYS[k - 3], cjson.encode({t = tonumber(ARGV[v - 4]), w = tonumber(who),
    a = ARGV[v - 2], d = ARGV[v - 1], y = ARGV[v]}))
  redis.call('LTRIM', KEYS[k - 3], 0, 999)
end

-- Whether an entry of a challenge's pool is shown to voters, of what is kept under its alias; and
-- the entry.
local function stands(kept)
  if not kept then return false end
  local entry = cjson.decode(kept)
  return entry.t and entry.t ~= '' and not entry.hd and not entry.dq, entry
end

-- The number that an identity has in a challenge, or false; and all numbers that are theirs in it,
-- those too of identities that were linked to theirs since it opened.
local function numbers_in(ids, people, identity, links)
  local held, all = redis.call('HGET', ids, identity), {}
  if not held then return false, all end
  local who = number_in(held, links)
  for _, other in ipairs(identities_of(people, number_in(held))) do
    local kept = redis.call('HGET', ids, other)
    if kept then all[number_in(kept, links)] = true end
  end
  all[who] = true
  return who, all
end

-- The scripts of ballots share their first keys and values:
-- KEYS  1 challenge  2 pool  3 shown  4 ballots  5 picks  6 said  7 spaces  8 community  9 ids
--       10 people  11 seen events  12 what stands for those who had a ballot and were forgotten
-- ARGV  1 space  2 identity  3 the version of the pool that the caller has  4 now (ms)
--       5 event id, or '' where it has none  6 how far back events are remembered (ms, a moment)
--       7 what stands for the identity

-- Why a ballot can't be had now, or nothing; and the challenge's links.
local function no_ballot()
  local kept = redis.call('HMGET', KEYS[1], 'state', 'links')
  if not kept[1] then return {'no challenge'} end
  if redis.call('SISMEMBER', KEYS[7], ARGV[1]) == 0 then return {'foreign'} end
  if kept[1] ~= 'voting' then return {'not voting', redis.call('HGETALL', KEYS[1])} end
  if redis.call('SISMEMBER', KEYS[12], ARGV[7]) == 1 then return {'spent'} end
  return nil, kept[2] or 0
end

-- How often each entry of the pool was shown, as a flat list. Of many entries there are by far more
-- pairs, and those are asked for by name (`Ballots.met`).
local function shown_of()
  local aliases, shown = redis.call('HKEYS', KEYS[2]), {}
  for from = 1, #aliases, 1000 do
    local names = {}
    for n = from, math.min(from + 999, #aliases) do
      names[#names + 1] = aliases[n]
      names[#names + 1] = 'f:' .. aliases[n]
    end
    for n, count in ipairs(redis.call('HMGET', KEYS[3], unpack(names))) do
      if count then
        shown[#shown + 1] = names[n]
        shown[#shown + 1] = count
      end
    end
  end
  return shown
end

-- A member's ballot as it stands, with a word on what was done: what every script of ballots
-- returns. {'ok', word, challenge, member or '', their numbers, version of the pool, the pool where
-- it is another than the caller's, the offer that stands, what waits behind it, how many offers
-- there were, quota, picks, what they said, the entries they are asked about, how often each entry
-- was shown to all (after f: in finals) where no offer stands}; hashes as flat lists
local function ballot_of(word, who, owns)
  local record = redis.call('HGETALL', KEYS[1])
  local version = redis.call('HMGET', KEYS[1], 'state', 'rev')
  version = version[1] .. (version[2] or '')
  local pool = version ~= ARGV[3] and redis.call('HGETALL', KEYS[2]) or {}
  local numbers, offer, waiting, count, quota, asked = {}, '', '', 0, '', ''
  local picks, said = {}, {}
  for number in pairs(owns) do numbers[#numbers + 1] = number end
  if who then
    local kept = redis.call('HMGET', KEYS[4], who, 'b' .. who, 'n' .. who, 'q' .. who)
    offer, waiting, count, quota = kept[1] or '', kept[2] or '', tonumber(kept[3] or 0), kept[4] or ''
    for n = 1, count do
      local name = who .. '.' .. n
      local pick = redis.call('HGET', KEYS[5], name)
      if pick then
        picks[#picks + 1] = name
        picks[#picks + 1] = pick
      end
    end
    asked = redis.call('HGET', KEYS[6], 's' .. who) or ''
    local names = {}
    for alias in string.gmatch(asked, '%S+') do names[#names + 1] = 'g' .. who .. '.' .. alias end
    for _, facet in ipairs({'moved', 'original', 'deep'}) do
      names[#names + 1] = 'p' .. who .. '.' .. facet
    end
    for i, value in ipairs(redis.call('HMGET', KEYS[6], unpack(names))) do
      if value then
        said[#said + 1] = names[i]
        said[#said + 1] = value
      end
    end
  end
  return {'ok', word, record, who or '', numbers, version, pool, offer, waiting, count, quota,
    picks, said, asked, offer == '' and shown_of() or {}}
end

-- What is kept of an offer: its number, left, right, since when (ms), marks.
local function read_offer(text)
  local number, left, right, since, marks = string.match(text, '^(%d+)|([^|]*)|([^|]*)|(%d+)|(.*)$')
  return {number = tonumber(number), left = left, right = right, since = tonumber(since),
    marks = marks}
end

-- Make the offer that stands a pick; what waits behind it stands next.
local function take_pick(who, offer, side)
  redis.call('HSET', KEYS[5], who .. '.' .. offer.number, table.concat({side, offer.left,
    offer.right, ARGV[4], string.find(offer.marks, 'f', 1, true) and 'f' or ''}, '|'))
  local waiting = redis.call('HGET', KEYS[4], 'b' .. who)
  if not waiting then
    redis.call('HDEL', KEYS[4], who)
    return
  end
  local following = read_offer(waiting)
  redis.call('HSET', KEYS[4], who, table.concat({following.number, following.left,
    following.right, ARGV[4], following.marks}, '|'))
  redis.call('HDEL', KEYS[4], 'b' .. who)
end

-- Whether an entry of the pool, by its alias, may be shown to the member whose numbers are `owns`.
local function may_see(alias, owns)
  local fine, entry = stands(redis.call('HGET', KEYS[2], alias))
  return fine and not owns[tostring(entry.a or 0)]
end

-- The offer that stands with a member, or false. One of which an entry may be shown no more is
-- passed over, as if it had been skipped; whether it was is what comes second.
local function offer_of(who, owns)
  local passed = false
  while true do
    local text = redis.call('HGET', KEYS[4], who)
    if not text then return false, passed end
    local offer = read_offer(text)
    if may_see(offer.left, owns) and may_see(offer.right, owns) then return offer, passed end
    take_pick(who, offer, 's')
    passed = true
  end
end

-- Whether an event was served before; if not, it is from `now` on. Those from before `since` are
-- remembered no more.
local function served(seen, event, now, since)
  if redis.call('ZSCORE', seen, event) then return true end
  redis.call('ZADD', seen, now, event)
  redis.call('ZREMRANGEBYSCORE', seen, '-inf', '(' .. since)
  return false
end

-- The same for the event of a script of ballots.
local function served_before()
  return served(KEYS[11], ARGV[5], ARGV[4], ARGV[6])
end

-- Have what was posted of a challenge shown as it now is: an item for each platform, made of one
-- without. Whoever posts of it at this moment sees by `redrawn` that it has changed meanwhile.
local function show_anew(challenge, agenda, now, item)
  redis.call('HSET', challenge, 'redrawn', now)
  for _, field in ipairs(redis.call('HKEYS', challenge)) do
    local platform = string.match(field, '^msg:([^:]+):')
    if platform then redis.call('ZADD', agenda, now, (string.gsub(item, '@', '@' .. platform, 1))) end
  end
end

-- The item that shows a round, of its key and the space it was opened in.
local function showing(round, space)
  return 'show@' .. string.match(space, '^[^:]+') .. string.match(round, '^{%d+}:r(:.+)$')
end

-- Have a round that has changed shown by somebody in 13 s (longer than a lease, so that whoever
-- shows it now does not strike it), in case whoever changed it dies first. Once is enough until
-- somebody begins to show it, which unsets `stale` (round_showing).
local function show_soon(round, agenda, space, now)
  redis.call('HSET', round, 'stale', 1)
  redis.call('ZADD', agenda, 'GT', now + 13000, showing(round, space))
end

-- Whether there ever was a proposed theme of a number, and what is kept of it if it is there still.
local function proposed(themes, id)
  if not string.match(id, '^%d+$') or #id > 15 then return false end
  local text = redis.call('HGET', themes, id)
  return text or tonumber(id) <= tonumber(redis.call('HGET', themes, 'n') or 0) and id ~= '0', text
end

-- Take a proposed theme off the list, with the votes for it.
local function unlist(themes, id)
  for name in pairs(whole(themes)) do
    if string.match(name, '^v(%d+)%.') == id then redis.call('HDEL', themes, name) end
  end
  redis.call('HDEL', themes, id)
end
