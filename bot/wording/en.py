"""The one catalogue: every word Muse says, in English.

Texts with ``{names}`` are templates: presenters fill them with spans, so that a person's
text stays literal and a platform draws names and moments its own way. Texts that go into
errors are functions of plain strings.
"""

from __future__ import annotations

from collections.abc import Sequence

# What things are called.
LABELS = {
    "human": "declared human",
    "ai": "AI",
    "together": "a person with AI",
    "deck": "Muse’s deck",
    "moved": "moved me",
    "original": "original",
    "deep": "deep",
    "entries": "pieces",
    "people": "people",
    "lenses": "angles",
    "week": "this week",
    "month": "this month",
    "all": "all time",
}

# Help: one line a command, one an argument.
HELP_MUSE = "get four different answers to a prompt"
HELP_VOTE = "vote for pieces, and say why if you like"
HELP_UNVOTE = "take a vote back, or just a reason"
HELP_ADD = "put your own piece beside Muse’s"
HELP_REMIX = "make your own version of a piece; its author keeps credit"
HELP_AGAIN = "ask once more, for answers unlike these"
HELP_SHOW = "see the round as it stands, with your votes"
HELP_CLOSE = "end the round now, if you asked for it"
HELP_WITHDRAW = "take back your piece, or a round you asked for"
HELP_TOP = "the boards: pieces, people, angles"
HELP_HELP = "what you can type"

PARAM_PROMPT = "what to write about"
PARAM_FORM = "the shape of the answers"
PARAM_PIECES = "the numbers of the pieces"
PARAM_WHY = "your reasons"
PARAM_OWN = "your text"
PARAM_PARENT = "the number of the piece you start from"
PARAM_WITHDRAW = "the number of your piece; without it, the round you asked for"
PARAM_BOARD = "which board"
PARAM_PERIOD = "over which time"
PARAM_PAGE = "which page"
PARAM_COMMAND = "which command"

HELP_HEADING = "Muse: four different answers, then yours"
HELP_INTRO = (
    "Type a prompt and Muse answers with four pieces, each from another angle. "
    "Put yours beside them, remix the ones you like, and vote. "
    "When the round closes, the best are celebrated."
)
HELP_QUOTES = "A prompt that begins with one of these words goes in quotes: {example}."
HELP_EXAMPLES = "For example:"
OPTIONAL = "if you like"
SEVERAL = "one or more"
NUMBERS = "numbers of pieces"
HELP_MORE = "{example} tells more about one of them."

# A round.
ROUND_ASKED = "Asked by {who}"
ROUND_AGAIN = "Asked once more by {who}, for answers unlike the last ones"
ROUND_CLOSES = "Open until {when}"
ROUND_WRITING = "Muse is writing…"
ROUND_NO_VOTES = "No votes yet."
ROUND_ONE_VOTER = "One person has voted."
ROUND_VOTERS = "{count} people have voted."
ROUND_VOTE_TO_SEE = "{voted} Vote, and you see the tally."
ROUND_CLOSED = "Closed {when}. {voters} voted."
ROUND_CLOSED_UNVOTED = "Closed {when}. Nobody voted."
ROUND_WITHDRAWN = "{who} took this round back."
ROUND_DECK = (
    "No AI model is connected, so Muse’s own deck of hand-written turns wrote these. "
    "Whoever runs Muse can connect one: set OPENAI_API_KEY."
)
ROUND_FILLED = {
    "failed": "The model did not answer as it should, so Muse’s deck wrote {numbers}.",
    "refused": "The model would not write on this, so Muse’s deck wrote {numbers}.",
    "dull": "The model repeated itself or strayed from the form, so Muse’s deck wrote {numbers}.",
    "budget": "Today’s budget for the model is spent, so Muse’s deck wrote {numbers}.",
}
UNLIKE_ANYTHING = "unlike anything here before"
ROUND_SHORT = "Only {count} came out different enough to show."
ROUND_UNWRITTEN = "Muse could not write this time. Add your own, or ask again."

BYLINE_WRITTEN = "{lens} · {origin}"
BYLINE_PERSON = "{who} · {origin}"
BYLINE_REMIX = "{who} · {origin}, from {chain}"
LINEAGE_PERSON = "{number} by {who}"
LINEAGE_MUSE = "{number} by Muse"
LINEAGE_MORE = ", and more before"
LINEAGE_JOIN = ", itself from "
BYLINE_VOTES = "{byline} · {votes}"

ROUND_SUMMARY = "Prompt: {prompt} {pieces}"

VOTE = "Vote"
ADD = "Add yours"
AGAIN = "Again"
CLOSE = "Close"
SHOW = "See all"
NEXT = "Next"
PREVIOUS = "Back"

FORM_ADD = "Add yours"
FORM_REMIX = "Remix {number}"
FORM_TEXT = "Your text"
FORM_HINT = "Everyone here can read it and vote for it."
FORM_SUBMIT = "Add it"

# The private receipt.
RECEIPT_VOTED = "You voted for {numbers}."
RECEIPT_NONE = "You have no vote in this round now."
RECEIPT_CLOSED = "This round is closed; your vote counts as it stood."
RECEIPT_TALLY_HIDDEN = "The tally is shown when the round closes."
RECEIPT_WHY = "{number}: "
RECEIPT_WHY_ON = "✓ {number}: "
YOURS = "yours"
YOURS_TOO = "yours too"
REMIX_NUMBER = "Remix {number}"
TAKE_BACK = "Take back {number}"

ADDED = "Your piece is in, as {number}. You can take it back while the round is open."
REMIXED = "Your version is in, as {number}. Credit for {parent} stays with {ancestor}."
REMIXED_MUSE = "Your version is in, as {number}, beside {parent} that it came from."
WITHDRAW_PIECE = "Take {number} back"
WITHDRAWN_PIECE = "Your piece {number} is taken back, and its text is gone from Muse."
WITHDRAWN_ROUND = "The round is taken back."
CLOSED_BY_YOU = "The round is closed. The result follows."

# The closing card.
RESULT_HEADING = "The votes are in: {prompt}"
RESULT_HEADING_UNVOTED = "Closed: {prompt}"
RESULT_BEST = "The favourite"
RESULT_SHARED = "The favourites, level on votes"
RESULT_FACET = "{most}: {numbers}"
RESULT_NONE = (
    "The round has closed without a vote. Everything stays to be read; ask again any time."
)
RESULT_EMPTY = "The round has closed empty. Ask again any time."
RESULT_THANKS = "{voters} voted."
VOTES_ONE = "1 vote"
VOTES_OF = "{count} of {of}"
VOTES_MANY = "{count} votes"
PEOPLE_ONE = "One person"
PEOPLE_MANY = "{count} people"

MOST = {
    "moved": "Most moving",
    "original": "Most original",
    "deep": "Deepest",
}

# Boards.
BOARD_HEADING = "Top {board}, {period}"
BOARD_EMPTY_PEOPLE = (
    "Nobody is here yet: points come from votes on your own pieces, when a round closes."
)
BOARD_EMPTY = "Nothing is here yet. A round counts when it closes."
BOARD_PAGE = "{first}–{last} of {total}"
BOARD_PAST_END = "That page is past the end: there are only {total} here."
BOARD_ENTRY = "voted for by {approvals} of {seen} · {who}"
BOARD_ENTRY_MUSE = "voted for by {approvals} of {seen} · {lens}, {origin}"
BOARD_POINT = "{points} point"
BOARD_POINTS = "{points} points"
LENS_SETTLED = "settled"
LENS_EXPLORING = "still exploring"
BOARD_LENS = "{rate} % ({approvals} of {seen}, in {rounds})"
BOARD_LENS_UNSEEN = "nobody has voted on it yet ({rounds})"
ROUNDS_ONE = "1 round"
ROUNDS_MANY = "{count} rounds"
BOARD_HOW_ENTRIES = (
    "Ranked by how many of those who voted after a piece was there chose it. "
    "While votes are few, a piece stays near the average."
)
BOARD_HOW_PEOPLE = (
    "A point for each vote on your piece, half a point where it was remixed from yours."
)
BOARD_HOW_LENSES = "How often a piece from this angle was chosen by those who saw it and voted."

FORGOTTEN = "someone who left"

# What went wrong, and how to put it right.
BUTTON_UNKNOWN = "This button is from another version of Muse. Ask Muse to show it to you again."
NO_ROUND_HERE = "There is no round here yet. Type a prompt to open one."
ROUND_GONE = "That round is no longer here."
ROUND_IS_CLOSED = "This round has closed. The boards have its votes; ask again for a new one."
ROUND_IS_WITHDRAWN = "This round was taken back by the person who asked for it."
ROUND_SHARED = (
    "Somebody else has written in this round, so it can’t be taken back. "
    "You can close it, or take your own piece back."
)
ONLY_THE_ASKER = "Only the person who asked for this round can take it back."
NOT_YOUR_ROUND = "Only the person who asked for this round, or an organiser, can do that."
EMPTY_PROMPT = "Give Muse something to write about; a few words are enough."
EMPTY_ENTRY = "There is no text in it. Write a line or two."
UNKNOWN_BOARD = "There is no such board. Boards: pieces, people, angles."
STORE_DOWN = (
    "Muse can’t reach its memory right now. Nothing was lost; please try again in a minute."
)
UNEXPECTED = (
    "Something went wrong on Muse’s side. "
    "If it happens again, tell the person who runs Muse: {reference}."
)
SPACE_MOVED = "This place has just been joined with another. Please try again."


def numbers(values: Sequence[int]) -> str:
    """``2``, ``2 and 4``, ``1, 2 and 4``."""
    words = [str(value) for value in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _did_you_mean(close: str) -> str:
    return f" Did you mean “{close}”?" if close else ""


def unknown_command(word: str, close: str) -> str:
    """A slash word that names no command."""
    if not word:
        return "There is no command after the slash. /help lists what there is."
    return (
        f"There is no /{_short(word)}.{_did_you_mean('/' + close if close else '')} "
        "/help lists what there is; without the slash it is a prompt."
    )


def unknown_option(option: str, command: str, close: str, options: Sequence[str]) -> str:
    """An option that the command does not have."""
    listed = f" It knows {', '.join(options)}." if options else " It has no options."
    return (
        f"/{command} has no option {_short(option)}.{_did_you_mean(close) or listed} "
        "To keep it as text, put the whole in quotes."
    )


def option_without_value(option: str, choices: Sequence[str]) -> str:
    """An option at the very end."""
    return f"{option} needs a word after it: {', '.join(choices)}."


def unknown_choice(name: str, value: str, close: str, choices: Sequence[str]) -> str:
    """A value that is not among an option's."""
    listed = ", ".join(choices)
    return f"There is no {name} “{_short(value)}”.{_did_you_mean(close)} There are: {listed}."


def unknown_word(word: str, command: str, close: str, options: Sequence[str], example: str) -> str:
    """A word that a command can't place."""
    listed = f" It takes {', '.join(options)}." if options else ""
    return (
        f"/{command} can’t use “{_short(word)}”.{_did_you_mean(close) or listed} "
        f"For example: /{example}. If it was meant as a prompt, put it in quotes."
    )


def one_word_only(choice: str, earlier: str, command: str) -> str:
    """A second word where one is taken."""
    return f"/{command} takes “{earlier}” or “{choice}”, not both."


def missing(command: str, name: str, example: str) -> str:
    """A required argument that was not given."""
    if command == "muse":
        return f"Give Muse a prompt. For example: /muse {example}."
    what = "the number of a piece" if name in ("pieces", "piece") else "some text"
    return f"/{command} needs {what}. For example: /{_ended(example)}"


def not_a_number(word: str, command: str, example: str) -> str:
    """A number was needed."""
    return f"“{_short(word)}” is not a number /{command} can use. For example: /{_ended(example)}"


def reasons_last(command: str) -> str:
    """A number behind a reason: whose reason it is can't be told."""
    return (
        f"Name the pieces first, then why: /{command} 1 3 moved. "
        "For different reasons, do it once for each piece."
    )


def one_number_only(command: str) -> str:
    """Two numbers where one is taken."""
    return f"/{command} takes one number."


def no_such_entry(number: int, count: int) -> str:
    """An entry number that the round does not have."""
    if count == 0:
        return f"There is no {number} here: this round has no pieces yet."
    return f"There is no {number} in this round. Its pieces are numbered up to {count}."


def entry_withdrawn(number: int) -> str:
    """An entry that was taken back."""
    return f"{number} was taken back by its author."


def own_entry(number: int) -> str:
    """A vote on one's own."""
    return f"{number} is your own. Votes are for the others; nothing was changed."


def not_your_entry(number: int) -> str:
    """Withdrawing somebody else's entry."""
    return f"{number} is not yours to take back."


def too_long(what: str, length: int, limit: int) -> str:
    """A text over its limit. Lengths in characters."""
    return (
        f"That {what} has {length} characters; {limit} is the most. "
        f"Please shorten it by {length - limit}."
    )


def too_many_entries(limit: int) -> str:
    """The round is full."""
    return f"This round is full: {limit} pieces. Ask again to open another."


def enough_entries(limit: int) -> str:
    """A member has put in as many as one may."""
    times = "once" if limit == 1 else f"{limit} times"
    return f"You have put something into this round {times}, as often as one person may."


def already_there(number: int) -> str:
    """The same text stands in the round."""
    return f"That is already here, word for word, as {number}."


def _ended(example: str) -> str:
    """An example at the end of a sentence."""
    return example if example.endswith((".", "!", "?", "…")) else f"{example}."


def _short(word: str, limit: int = 40) -> str:
    return word if len(word) <= limit else word[: limit - 1] + "…"
