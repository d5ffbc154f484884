-- Give people the prompt of a round that Muse was to find one for, once, and remember it.
-- KEYS  1 round  2 prompts
-- ARGV  1 prompt  2 how many prompts are kept
-- Returns {'ok'}; {'gone'}; {'state', state}
local round = redis.call('HMGET', KEYS[1], 'state', 'prompt')
if not round[1] then return {'gone'} end
if round[2] ~= '' then return {'ok'} end
if round[1] ~= 'writing' then return {'state', round[1]} end
redis.call('HSET', KEYS[1], 'prompt', ARGV[1], 'state', 'open')
redis.call('LPUSH', KEYS[2], ARGV[1])
redis.call('LTRIM', KEYS[2], 0, tonumber(ARGV[2]) - 1)
return {'ok'}
