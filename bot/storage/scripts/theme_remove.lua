-- Take anybody's theme off the list, as an organiser, with all votes for it.
-- KEYS  1 themes  2 spaces  3… the audit's
-- ARGV  1 space  2 the proposal; the audit's
-- Returns {'ok', the theme, '' where it was gone before}; {'foreign'}; {'no theme', the proposal}
if not belongs(KEYS[2], ARGV[1]) then return {'foreign'} end
local there, text = proposed(KEYS[1], ARGV[2])
if not there then return {'no theme', ARGV[2]} end
if not text then return {'ok', ''} end
unlist(KEYS[1], ARGV[2])
record()
return {'ok', string.match(text, '^%d+ (.*)$')}
