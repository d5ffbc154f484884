"""What keeps a community safe, in words: refused texts, gates, the word list, reports."""

from __future__ import annotations

#: What a text is to the person who wrote it.
MODERATED = {
    "prompt": "That prompt",
    "source": "The message you begin from",
    "without": "What is to be left out",
    "piece": "That piece",
    "twist": "That twist",
    "change": "What you want changed",
    "theme": "That theme",
    "line": "That line",
    "name": "That name",
    "description": "That description",
    "reason": "That reason",
}
_FAULTS = {
    "word": (
        "has a word in it that is kept out of here. Please say it in other words. If the word "
        "should be allowed, ask an organiser."
    ),
    "link": "has a link in it, and links are kept out of here. Please leave it out.",
    "flood": "repeats one character too often. Please shorten that.",
    "marks": "has too many marks on its letters to be read. Please write it plainly.",
    "mentions": "mentions too many people. Please name a few at most.",
    "objected": (
        "was stopped by the check for harmful texts. It may be a misunderstanding: "
        "please put it another way."
    ),
    "unknown": (
        "can’t be checked right now, and here nothing appears unchecked. "
        "Nothing was lost; please try again in a minute."
    ),
}

_UNTIL_THEN = "Until then you can read everything and open a round."
GATE_GUESTS = (
    "Guests can’t vote or add a piece here; full members can. "
    "You can still read everything and open a round."
)


ROUND_REMOVED = "An organiser removed this round."
PIECE_HIDDEN = "{number}: hidden until an organiser has looked."
PIECE_STRUCK = "out of the running"
TREE_HIDDEN = "{number} (hidden)"
JUST_CLOSED = "The round has just closed. Please try again."

WORDS_HEADING = "Words that no text may hold here"
WORDS_NONE = "The list is empty."
WORDS_HOW = (
    "Only organisers see this list. Muse finds a word in disguise too, such as gr4ckle, but "
    "not inside a longer word. "
    "/muse-admin word-add adds one, /muse-admin word-remove takes one off."
)
WORD_ADDED = "Added."
WORD_ADDED_BEFORE = "It was on the list already."
WORD_REMOVED = "Taken off."
WORD_REMOVED_BEFORE = "It was not on the list."
BAD_WORD = "Give one word or a short phrase of 2 to 40 letters."

REPORT = "Report a piece…"
REPORT_OPTION = "{number}: {text}"
REPORTED = "Thank you. The organisers here will look at it. Nobody is told who reported it."
REPORT_AGAIN = "You have reported this piece already. The organisers will see it."
REPORT_KEPT = (
    "An organiser has looked at this piece and kept it. They can look again if you ask them."
)
REPORTS_HEADING = "Reported pieces"
REPORTS_NONE = "Nothing waits for you."
REPORTS_ROW = "in {prompt}"
REPORTS_COUNT_ONE = "1 report"
REPORTS_COUNT = "{count} reports"
REPORTS_STANDING = "{count}, {of} by members of standing"
REPORTS_HIDDEN = "hidden until you decide"
REPORTS_FEW = "mostly the same few people report this author"
REPORTS_HOW = (
    "Members of standing have been here for a day and have voted or added a piece. Only their "
    "reports hide a piece before you decide. A piece that you disqualify can still be read, but "
    "it is out of the running."
)
REPORTS_WAIT = "Reported pieces wait for an organiser: {command}"
REPORTS_MORE = "More"
REASON_ROW = "“{why}”"
KEEP = "Keep {number}"
HIDE = "Hide {number}"
STRIKE = "Disqualify {number}…"
STRIKE_HEADING = "Disqualify piece {number}"
FORM_STRIKE = "Why? Its author is told this."
FORM_STRIKE_HINT = "It was copied from a song."
FORM_STRIKE_SUBMIT = "Disqualify it"
REMOVE_HEADING = "Remove the round “{prompt}” for good?"
REMOVE_INSTEAD = "To take out one piece only, in a way that can be undone: {command}."
REMOVE_YES = "Remove it for good…"
FORM_REMOVE_HEADING = "Remove this round for good"
FORM_REMOVE = "Why? The log keeps this."
FORM_REMOVE_HINT = "It was aimed at a colleague."
FORM_REMOVE_SUBMIT = "Remove it"
UNDO = "Undo"
REASON_UNREADABLE = "That reason can’t be read. Please write it anew, or leave it out."
WHY_NEEDED = "Please say why. The author is told, and the organisers’ log keeps it."
WHY_REMOVED_NEEDED = "Please say why. The organisers’ log keeps it."

KEPT = "Piece {number} stays, and further reports don’t hide it."
HIDDEN_NOW = (
    "Piece {number} is hidden. It keeps its votes, and comes back whole when you restore it."
)
RESTORED = "Piece {number} is back."
DISQUALIFIED = (
    "Piece {number} is out of the running. It can still be read. If a person wrote it, they are "
    "told why."
)
NOTHING_CHANGED = "That was so already; nothing was changed."
ROUND_DELETED = "The round is removed, and its texts are gone from Muse."
NOTICE = "An organiser took your piece {number} in {prompt} out of the running: {why}"


def entry_hidden(number: int) -> str:
    """A vote on a hidden entry, or a remix of one."""
    return f"{number} is hidden until an organiser has looked. Nothing was changed."


def entry_struck(number: int) -> str:
    """A vote on a disqualified entry, or a remix of one."""
    return f"An organiser took {number} out of the running. Nothing was changed."


def own_report(number: int) -> str:
    """A report of one's own."""
    return f"{number} is your own. You can take it back while the round is open."


def gate_account(days: int, wait: str) -> str:
    """An account that is too young to vote or add. `wait` is a length of time in words."""
    return (
        f"To vote or add a piece here, your account must be {_days(days)} old. "
        f"It will be in {wait}. {_UNTIL_THEN}"
    )


def gate_member(days: int, wait: str) -> str:
    """Somebody who has not been here long enough to vote or add."""
    return (
        f"To vote or add a piece here, you must have been here for {_days(days)}. "
        f"You can in {wait}. {_UNTIL_THEN}"
    )


def _days(count: int) -> str:
    return "a day" if count == 1 else f"{count} days"


def refused_text(what: str, fault: str) -> str:
    """A text that may not appear, and what to change about it."""
    return f"{MODERATED[what]} {_FAULTS[fault]}"


def remove_means(pieces: int) -> str:
    """What goes with a round of so many pieces."""
    whole = {0: "Its prompt", 1: "Its prompt, its piece"}.get(
        pieces, f"Its prompt, its {pieces} pieces"
    )
    return f"{whole} and all votes in it go, for everybody. Nobody can bring them back."
