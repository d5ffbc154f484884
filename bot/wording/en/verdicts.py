"""What is told of closed challenges: results, notes, the hall of fame, the verdict, pictures."""

from __future__ import annotations

from collections.abc import Sequence

# Results.
RESULTS_HEADING = "The challenge is decided: {theme}"
RESULTS_HEADING_EXAMPLE = "The example challenge is decided: {theme}"
RESULTS_FIRST = "First place: {who}"
RESULTS_SHARED = "First place is shared: the picks can’t tell these {count} apart."
RESULTS_CLOSE = "First by order, but too close to call: {who}"
RESULTS_UNVOTED = "Nobody picked this time, so there is no order. Here is who made what."
RESULTS_EMPTY = "No entry was left to be told of. The next challenge is another chance."
RESULTS_QUIET_HEADING = "A quiet week: {theme}"
RESULTS_QUIET = (
    "Too few people entered for a vote, which needs three. What was made is worth reading, "
    "so here it is, with thanks to who wrote it."
)
RESULTS_QUIET_NONE = "Nobody entered this time. Themes come and go: the next may be yours."
RESULTS_ALSO = "And then"
RESULTS_MORE = "… and {count} more: “See all” has them."
RESULTS_SHORTENED = "Shortened here. “See all” has them in full."
RESULTS_MOST = "{most}: {pieces}"
PIECES_LEVEL = "shared by {count} pieces, {often} each"
RESULTS_FOOLED = "Best disguise: {piece}. It fooled {share} % of you."
RESULTS_FOOLED_FEW = "Best disguise: {piece}. It fooled {fooled} of the {of} who guessed."
RESULTS_FOOLED_BOTH = "Best disguises: {pieces}. Each fooled {fooled} of the {of} who guessed."
RESULTS_FOOLED_MANY = "Best disguise: {count} pieces, each of which fooled {fooled} of {of}."
RESULTS_GUESSER = "Best guesser: {who}, with {right} of {of} right."
RESULTS_GUESSERS = "Best guessers: {people}, each with {right} of {of} right."
RESULTS_GUESSERS_MANY = "{count} of you guessed best, with {right} of {of} right."
RESULTS_GUESSED = (
    "“Who wrote this?” People guessed right {right} % of the time. By chance alone it would be "
    "{chance} % ({low}–{high} %)."
)
RESULTS_GUESSED_FEW = "“Who wrote this?” {right} of {count} guesses were right."
RESULTS_THANKS = "{voters} picked, {picks}."
RESULTS_PICK = "once in all"
RESULTS_PICKS = "{count} times in all"
RESULTS_SPACE = "In {place}: {voters}, {picks}."
RESULTS_SPACE_FIRST = "In {place}: {voters}, {picks}. By these alone, first: {pieces}."
RESULTS_SPACE_NONE = "In {place}: nobody picked."
RESULTS_MAY_NAME = "With {nominate}, whoever came first names the next theme."
RESULTS_OUT = {
    "struck": ("One entry was taken out by organisers.", "{count} were taken out by organisers."),
    "hidden": ("One entry is hidden after reports.", "{count} are hidden after reports."),
    "gone": (
        "One entry’s author left before the end.",
        "The authors of {count} left before the end.",
    ),
}
RESULTS_OUT_OF = "{reasons} What is out is not in the order, nor are picks with it."
RESULTS_UNLIKE = (
    "Some voters had picks unlike the rest. Nothing was left out: their picks count like all "
    "others. Without them the podium would be another."
)
RESULTS_HOW = (
    "“So many times in 100” is how often a piece would be picked over an average one here; the "
    "range after it holds the truth 19 times in 20."
)
RESULTS_PAGE = "{first}–{last} of {total}"
RESULTS_PAST_END = "That page is past the end: there are only {total} entries."
RESULTS_UNCOUNTED = "The picks are being counted. Look again in a moment."
NO_RESULTS = "No challenge has closed here yet, so there are no results."
RESULTS_NOT_YET = "That challenge is still running. Its results come when it closes."
RESULTS_CANCELLED = "That challenge was ended without results."

PIECE_MUSE = "Muse · {origin}"
PIECE_MUSE_MODEL = "Muse, with {model} · {origin}"
PIECE_PERSON = "{who} · {origin}"
PIECE_TOGETHER = "{who} · made together with AI{credit}"
PIECE_TOGETHER_MODEL = "{who} · made together with AI ({model}){credit}"
PIECE_FROM_MUSE = ", from a piece of Muse’s"
PIECE_FROM_PERSON = ", from a piece by {who}"
PIECE_PLACED = "{place} · {maker}"
PIECE_CHANCE = "{line} · {chance} times in 100 ({low}–{high}), shown {shown}"
PIECE_CLOSE = "{line}, too close to call"
PIECE_FOOLED = "{line} · fooled {fooled} of {of}"
PIECE_FACETS = "{line} · {facets}"
PIECE_FACET = "{label} {count}×"
PIECE_BY = "{text} by {who}"
PIECE_MUSES = "Muse"
PIECE_GONE = "a piece whose author left"
SHOWN_ONCE = "once"
SHOWN_OFTEN = "{count} times"

RESULTS_MINE = "How did mine do?"
RESULTS_HALL = "Hall of fame"
RESULTS_SAVE = "Save as a page"
RESULTS_VERDICT = "Verdict so far"
RESULTS_SUMMARY = "{lead} {pieces}"
SOMEONE = "a member"

# One's own.
OWN_HEADING = "How yours did: {theme}"
OWN_PLACE = "Place {place} of {of}."
OWN_PLACE_SHARED = "Place {place} of {of}, shared."
OWN_PLACE_CLOSE = "Place {place} of {of} by order, but too close to call."
OWN_CHANCE = (
    "Beside an average entry here, yours would be picked about {chance} times in 100. These picks "
    "alone allow for anything from {low} to {high}."
)
OWN_FEW = "It was shown {shown}, which is few, so take the place with a smile."
OWN_SHOWN = "It was in {shown} pairs and won {won} of them."
OWN_SHOWN_ONE = "It was in one pair and won {won} of it."
OWN_FACETS = "People said of it: {facets}."
OWN_FOOLED = "Of {of} who guessed who wrote it, {fooled} took it for {others}."
OWN_UNFOOLED = "All {of} who guessed who wrote it were right."
OWN_UNFOOLED_ONE = "The one who guessed who wrote it was right."
OWN_UNGUESSED = "Nobody guessed who wrote it."
OWN_GUESSES = "You guessed the maker of {of} pieces, and were right on {right}."
OWN_GUESS = "You guessed the maker of one piece, and were {right}."
OWN_RIGHT, OWN_WRONG = "right", "wrong"
OWN_STRUCK = "Organisers took your entry out of the running, so it has no place in the order."
OWN_HIDDEN = "Your entry is hidden after reports, so it has no place in the order."
OWN_UNVOTED = "Nobody picked in this challenge, so nothing has a place."
OWN_QUIET = (
    "Too few people entered for a vote, so nothing has a place. Yours was shown, with thanks."
)
OR = "{one} or {two}"
OWN_NOTHING = "You had no entry in this challenge. The next one is open to you."
OWN_SEALED = "Its seal was published before the first pick: {commitment}…"
TAKEN_FOR = {"human": "a person’s own", "ai": "AI’s", "together": "a person’s with AI"}

NOTE_PLACE = "The challenge on {theme} is decided: yours came {place} of {of}. {more}"
NOTE_SHARED = "The challenge on {theme} is decided: yours shares place {place} of {of}. {more}"
NOTE_FIRST = "The challenge on {theme} is decided, and yours came first of {of}! {more}"
NOTE_FIRST_CLOSE = (
    "The challenge on {theme} is decided, and yours came first of {of} by order, though that is "
    "too close to call. {more}"
)
NOTE_FIRST_SHARED = (
    "The challenge on {theme} is decided, and yours shares the first place of {of}! {more}"
)
NOTE_MAY_NAME = "You may name the next theme: {nominate}"
NOTE_CHANCE = "Over an average entry it would be picked {chance} times in 100 ({low}–{high})."
NOTE_FACETS = "People said of it: {facets}."
NOTE_FOOLED = "It fooled {fooled} of {of} who guessed its maker."
NOTE_GUESSES = "You guessed {right} of {of} makers right."
NOTE_VOTER = "The challenge on {theme} is decided. You guessed {right} of {of} makers right."
NOTE_OUT = "The challenge on {theme} is decided. Your entry is not in the order: {why}."
NOTE_UNVOTED = "The challenge on {theme} has closed without a pick. Thank you for your entry."
NOTE_WHY = {"struck": "organisers took it out of the running", "hidden": "it is hidden"}

# The hall of fame.
HALL_HEADING = "Hall of fame"
HALL_EMPTY = "The first challenge that closes here puts its podium in."
HALL_CHALLENGE = "Challenge {number}: {theme}, {when}"
HALL_ROW = "{place} · {piece}"
HALL_NONE = "no picks, no podium"

# Picks unlike the rest.
UNLIKE_HEADING = "Picks unlike the rest: {theme}"
UNLIKE_ROW = (
    "{who}: {picks} picks. An honest voter whose taste is their own alone would be shown here "
    "{rate} times in 100, on the same pairs."
)
UNLIKE_NONE = "Nobody’s picks are unlike the rest’s here. It takes ten picks to be looked at."
UNLIKE_MEANS = (
    "It proves nothing: a taste of one’s own shows in the same way. Of an honest minority of a "
    "fifth with a taste of its own, a third to a half is shown. All their picks count."
)
UNLIKE_CHANGES = "Without these picks the podium would be another; the results say so."
UNLIKE_SAME = "Without these picks the podium would be the same."

# The verdict.
VERDICT_HEADING = "People and AI here: the verdict"
VERDICT_HEADING_SO_FAR = "People and AI here: the verdict so far"
VERDICT_NONE = (
    "No challenge has been counted here yet. After each one, this says whether people’s pieces, "
    "AI’s, or those made together were picked more often, blind."
)
VERDICT_NO_MEETINGS = (
    "{challenges} counted, but no pieces of different makers have met yet: there is nothing to "
    "compare."
)
VERDICT_BASIS = "{challenges}, {voters}, {picks} between pieces of different makers, all blind."
SIDES = {"human": "People’s own", "ai": "AI’s", "together": "Made together"}
SIDES_SMALL = {"human": "people’s own", "ai": "AI’s", "together": "those made together"}
PAIR = "{one} against {two}"
PAIR_SMALL = "{one} and {two}"
PAIR_FAMILY = "People’s own against {family}"
PAIR_SHARE = "{share} in 100 (so far {low}–{high})"
PAIR_SURE = "{share} in 100 (so far {low}–{high}; sure {least}–{most})"
PAIR_NEVER = "have not met yet"
CLAIMS = {
    "more": "{one} are picked more often than {two}.",
    "less": "{one} are picked less often than {two}.",
    "equal": "{one} and {two} are picked equally often.",
}
MISSING = "Before anything is claimed of {pair}, still missing: {what}."
MISSING_ENTRIES = "{count} of {side}"
MISSING_CHALLENGES = ("one challenge", "{count} challenges")
MISSING_VOTERS = ("one voter", "{count} voters")
PLAIN_FIRST = (
    "When a person’s own piece stood beside one of AI’s, and nobody knew which was which, the "
    "person’s was picked {share} times in 100."
)
PLAIN_LUCK = (
    "With other voters and other pieces, it could have come to anything from {low} to {high}."
)
PLAIN_EARLY = (
    "That is too early to call: a claim waits for 40 pieces a side, 8 challenges and 30 voters, "
    "since looking every week and shouting at the first difference would be wrong far too often."
)
PLAIN_OPEN = "So it can go either way, and Muse claims nothing yet."
PLAIN_MORE = "That is more than luck explains, however often one looks: here people are ahead."
PLAIN_LESS = "That is more than luck explains, however often one looks: here AI is ahead."
PLAIN_EQUAL = "The range is so narrow around 50 that here the two are as good as each other."
PLAIN_UNMET = "People’s own pieces and AI’s have not met yet, so there is nothing to say of them."
VERDICT_GUESSED = (
    "“Who wrote this?” {right} of 100 guesses were right; makers dealt out at random would get "
    "{chance} ({low}–{high}). {told}"
)
GUESSED_TELLS = "So you can tell, at least a little."
GUESSED_CANT = "So far you can’t tell better than chance."
VERDICT_UNDECLARED = (
    "“Human” is what people declare, and nobody can check it. If one, two or three in ten of those "
    "pieces had been AI’s, people’s own would have {shares} in 100 against AI’s."
)
VERDICT_SURE = (
    "“So far” would be right at one look; “sure” holds however often one looks, and claims rest "
    "on it alone. docs/statistics.md has the formulas."
)
CHALLENGES_ONE, CHALLENGES_MANY = "One challenge", "{count} challenges"
VOTERS_ONE, VOTERS_MANY = "one voter", "{count} voters"
PICKS_ONE, PICKS_MANY = "one pick", "{count} picks"

# Pictures.
CHART_RESULTS = "Picked over an average entry, times in 100"
CHART_CHALLENGE = "Challenge {number}"
CHART_MORE = "And {count} more"
CHART_TOGETHER = "together"
CHART_HUMAN = "person"
CHART_AI = "AI"
CHART_KEY = "Bar: estimate. Line: where it may be, 19 times in 20."
CHART_ALT = (
    "Challenge {number}. Bars of how often, times in 100, each entry would be picked over an "
    "average one, with the range that holds the truth 19 times in 20. {rows}"
)
CHART_ALT_ROW = "{place}. “{piece}”, {origin}: {chance}, {low} to {high}."
CHART_HISTORY = "People’s own against AI’s, wins in 100"
CHART_HISTORY_KEY = "By challenge. Line: so far. Band: where it may be."
CHART_HISTORY_ALT = (
    "How often people’s own pieces were picked over AI’s, in 100, after each challenge, with its "
    "range. {rows}"
)
CHART_HISTORY_ROW = "After challenge {number}: {share}, {low} to {high}."

_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}


def ordinal(place: int) -> str:
    """``1st``, ``2nd``, ``11th``."""
    return f"{place}th" if place % 100 in (11, 12, 13) else _last_digit(place)


def _last_digit(place: int) -> str:
    known = _ORDINALS.get(place % 10)
    return f"{place // 10 or ''}{known}" if known else f"{place}th"


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
