-- What the scripts share. It is put before each of them, so it defines and does nothing.

-- Whether a space may act here: it is the community's, or it is where the round was opened
-- (a space that has moved on may still finish its old rounds).
local function belongs(spaces, space, home)
  return space == home or redis.call('SISMEMBER', spaces, space) == 1
end

-- A member's number, or false for somebody not seen before.
local function known(ids, identity)
  return redis.call('HGET', ids, identity)
end

-- A member's number, given to them now where they have none.
local function enrol(community, ids, people, identity)
  local number = known(ids, identity)
  if number then return number end
  number = tostring(redis.call('HINCRBY', community, 'members', 1))
  redis.call('HSET', ids, identity, number)
  redis.call('HSET', people, number, identity)
  return number
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
