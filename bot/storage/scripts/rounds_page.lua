-- Some of a community's rounds, the newest first. Changes nothing.
-- KEYS  1 rounds
-- ARGV  1 opened at the latest (ms, or '+inf')  2 at the earliest (ms, or '-inf')  3 how many of
--       these are passed by  4 the most
-- Returns names and moments, flat
return redis.call('ZREVRANGEBYSCORE', KEYS[1], ARGV[1], ARGV[2], 'WITHSCORES', 'LIMIT', ARGV[3],
  ARGV[4])
