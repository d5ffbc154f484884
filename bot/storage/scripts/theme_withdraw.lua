-- Take a theme of one's own off the list, with all votes for it.
-- KEYS  1 themes  2 spaces  3 ids
-- ARGV  1 space  2 identity  3 the proposal
-- Returns {'ok', the theme, '' where it was gone before}; {'foreign'}; {'no theme', the proposal};
--         {'not your theme', the proposal}
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
local there, text = proposed(KEYS[1], ARGV[3])
if not there then return {'no theme', ARGV[3]} end
if not text then return {'ok', ''} end
local by, theme = string.match(text, '^(%d+) (.*)$')
if by ~= known(KEYS[3], ARGV[2]) then return {'not your theme', ARGV[3]} end
unlist(KEYS[1], ARGV[3])
return {'ok', theme}
