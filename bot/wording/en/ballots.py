"""Choosing between the entries of a challenge: the ballot, its questions, reports of entries."""

from __future__ import annotations

BALLOT_HEADING = "Which one do you like more?"
BALLOT_PROGRESS = "“{theme}” · pick {number} of {quota}"
BALLOT_PROGRESS_UNTHEMED = "Pick {number} of {quota}"
BALLOT_LEFT, BALLOT_RIGHT = "Left", "Right"
BALLOT_BOTH = "Both good"
BALLOT_SKIP = "Skip"
BALLOT_REPORT = "Report…"
BALLOT_UNDO = "Take last pick back"
BALLOT_HOW = (
    "Only you see this. Entries are by people, by AI, or by both; who made which is told when "
    "voting ends."
)
BALLOT_QUICK = "That was quick. Have you read both? Pick once more, and it counts."
BALLOT_LATE = "You had picked there already, so nothing was changed. Here is where you are."
BALLOT_PASSED = "One of the two is not shown any more. Here is the next pair."
BALLOT_UNPICKED = "Your last pick is taken back. Here are the two again."
BALLOT_NOT_UNPICKED = "That pick can’t be taken back any more."
BALLOT_SAID = "Noted."
BALLOT_UNASKED = "That question is not open to you now. Here is where you are."

BALLOT_DONE_HEADING = "Thank you"
BALLOT_DONE_ONE = "You made one pick. It counts when voting ends, {when}."
BALLOT_DONE = "You made {count} picks. They count when voting ends, {when}."
BALLOT_DONE_NONE = "You made no picks this time. Voting goes on until {when}."
BALLOT_NO_PAIRS = "There are no two entries to choose between for you."
BALLOT_ALL = "You have had every pair that there is for you."
BALLOT_MORE = "More picks"

GUESS_ASK = "A guess, if you like ({number} of {count}): who wrote this?"
GUESS_PERSON, GUESS_AI, GUESS_TOGETHER = "A person", "AI", "Both together"
GUESS_PASS = "I can’t tell"  # noqa: S105 a button
GUESSES_DONE = "Your guesses are in. The results will say how well people guessed."
PRAISE_ASK = "Did an entry that you saw stand out? Say which, and how."
PRAISE = {
    "moved": "This one moved me",
    "original": "This one was original",
    "deep": "This one was deep",
}
PRAISE_OPTION = "{number}: {text}"

BALLOT_REPORT_HEADING = "Which of the two should not be here?"
BALLOT_REPORT_HOW = (
    "The organisers will see the entry, and nobody learns who reported it. You go on with the "
    "next pair."
)
BALLOT_REPORT_LEFT, BALLOT_REPORT_RIGHT = "Report the left one", "Report the right one"
BALLOT_REPORT_BACK = "Back"

VOTING_NOT_YET = "Voting begins when the time for entries is over, {when}."
VOTING_WAITS = "Voting has not begun yet."
VOTING_OVER = "Voting on “{theme}” is over."
VOTING_OVER_UNTHEMED = "Voting is over."
VOTING_CANCELLED = "That challenge was cancelled, so there is nothing to vote on."
SEE_RESULTS = "See the results"
NOT_SHOWN_THAT = "You were not shown an entry with that number."
NOTHING_TO_REPORT = "There is no pair in front of you to report from. Nothing was reported."
REPORT_NEEDS_SIDE = "Say which of the two you mean: left or right."

VOTERS_GUESTS = (
    "In this challenge only full members of the workspace vote, not guests. You can still enter "
    "it, and play rounds."
)
BALLOT_BUSY = (
    "So many are voting at this moment that no pair could be drawn for you. What you picked is "
    "kept: have your ballot shown once more."
)
BALLOT_SPENT = (
    "You had your ballot in this challenge before you were forgotten, and nobody gets two. You can "
    "vote in the next one."
)
VOTERS_JOINED = (
    "Only people who were here when it opened vote in this challenge, so that nobody can bring "
    "voters along. You can vote in the next one."
)
MINE_CHALLENGES = "Your part in challenges"
MINE_CHALLENGE_NUMBER = "Challenge {number}"
MINE_CHALLENGE_OPEN = "{theme} · entries until {when}"
MINE_CHALLENGE_VOTING = "{theme} · voting until {when}"
MINE_CHALLENGE_OVER = "{theme} · over since {when}"
MINE_ENTRY = "Yours: {text}"
MINE_PICKS_ONE = "One pick made so far."
MINE_PICKS = "{count} picks made so far."
MINE_PICKED_ONE = "One pick made."
MINE_PICKED = "{count} picks made."
MINE_ENTRY_OPEN = "You can change it or take it back until then: /challenge enter."

CONTENDER_ROW = "challenge entry {alias}"
CONTENDER_HIDDEN = "hidden until you decide"
CONTENDER_KEEP, CONTENDER_HIDE = "Keep {alias}", "Hide {alias}"
CONTENDER_KEPT = "{alias} stays, and further reports don’t hide it."
CONTENDER_HIDDEN_NOW = (
    "{alias} is hidden: nobody is shown it, and it is not in the results unless you restore it."
)
CONTENDER_RESTORED = "{alias} is back."
CONTENDER_ROLE = (
    "The results are counted anew for whoever looks. Muse moves the winner’s role only when they "
    "are posted: if the winners are others now, please move it yourself."
)
CONTENDER_STRUCK = (
    "{alias} is out of the challenge. If a person made it, they are told why. You learn who made "
    "it no sooner than everybody."
)
CONTENDER_NOTICE = "An organiser took your entry in the challenge {theme} out of it: {why}"
CONTENDER_NOTICE_UNTHEMED = "An organiser took your entry in a challenge out of it: {why}"
BAD_DECISION = "An entry can be kept, hidden, restored or struck: keep, hide, restore, strike."
DECIDED_TOO_LATE = "There is nothing to decide on in that challenge now. Nothing was changed."


def voters_account(days: int, wait: str) -> str:
    """An account that is too young for a challenge. `wait` is a length of time in words."""
    return (
        f"To vote in this challenge, an account must be {days} days old, so that nobody can make "
        f"voters up. Yours will be in {wait}."
    )


def no_such_contender(alias: str) -> str:
    """An alias that no entry of the challenge has."""
    return f"No entry of the challenge goes by “{alias[:20]}”."
