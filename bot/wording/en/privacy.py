"""What a member is told of what is theirs: what Muse keeps, how to have it, how to end it."""

from __future__ import annotations

HELP_MINE = "your pieces and votes, what Muse keeps of you, and how to have it forgotten"
PARAM_MINE = "all of it in a file; to have it forgotten; to link your other identity, or unlink"
PARAM_SURE = "that you mean it"

MINE_HEADING = "What is yours here"
MINE_NO_PIECES = "No pieces yet."
MINE_NO_MORE = "There are no more pieces."
MINE_VOTES = "Your votes in open rounds"
MINE_NO_VOTES = "No votes in open rounds."
MINE_MORE_VOTES = "And in {count} more."
MINE_VOTED = "{prompt}: {numbers}"
MINE_PIECE_OPEN = "{prompt} · open until {when}"
MINE_PIECE_CLOSED = "{prompt} · closed {when}"
MINE_PIECE_VOTES = "{piece} · {votes}"
MINE_PIECE_SEEN = "{piece} · {votes} of {seen} who saw it"
MINE_PIECE_HIDDEN = "hidden until an organiser has looked"
MINE_KEPT = "What Muse keeps of you"
MINE_KEEPS = (
    "The id that this platform gives you, and no name. What you wrote: pieces, prompts, what you "
    "wanted remixed. Which pieces you voted for and why, and when you did any of it. What you "
    "put into challenges, your picks and guesses there; challenges stay. Rounds "
    "and what is in them go {days} days after they close; the 100 best pieces of all time stay, "
    "as do the points on the boards."
)
MINE_KEEPS_NOTHING = "Nothing. Muse has not met you here, or has forgotten you."
MINE_KEEPS_ORGANISER = (
    "You organise here, so what you did as an organiser is in the log, up to 1,000 lines of it."
)
MINE_KEEPS_LINKED = "That you are one member with {people}. /mine unlink parts you again."
MINE_KEEPS_JOINED = "When you joined: {when}. Some votes are only open to who was here before."
MINE_EXPORT = "All of it in a file"
MINE_FORGET = "Forget me…"
MINE_NEWER, MINE_OLDER = "Newer", "Older"

EXPORT_NAME = "muse-{day}.json"
EXPORTED = "Here is everything Muse keeps of you, as a file. Only you see it."
EXPORT_ABOUT = (
    "Everything that Muse keeps of you in this community. Moments are in UTC. Pieces are named "
    "by their round and their number in it."
)

FORGET_HEADING = "Have Muse forget you?"
FORGET_GOES = (
    "What goes, for good: the id that leads to you; the words of all your pieces, prompts and "
    "twists; your votes and pieces in rounds that are still open, with the votes they were "
    "given; what you put into a challenge, and your picks and guesses while it is on; your being "
    "an organiser, if you were named one."
)
FORGET_STAYS = (
    "What stays: the counts of closed rounds and challenges, the places on the boards and the "
    "organisers’ log, with “someone who left” or a number in your place. So do lines and angles "
    "that you told Muse for everyone here, without your name. If an organiser blocked you, that "
    "stays too, as a code that no name can be read from. So does, until the challenge that is on "
    "ends, that you have had your ballot in it. If you joined so lately that you can’t vote "
    "everywhere yet, the date stays too, for a year at most."
)
FORGET_AFTER = (
    "It can’t be undone. If you play again, you are somebody new to Muse, without points. "
    "To have everything in a file first: /mine export."
)
FORGET_YES = "Forget me for good"
FORGET_NO = "Keep everything"
FORGOTTEN_NOW = "Muse has forgotten you. Your words are gone, and nothing leads to you any more."
FORGOTTEN_SOON = (
    "Muse has forgotten you: nothing leads to you any more. Your words are being taken out of "
    "every round, and of the messages that showed them. That takes a few minutes at most."
)
FORGOTTEN_BEFORE = "Muse keeps nothing of you here."

FORGOTTEN_PIECE = "(forgotten)"
PROMPT_TAKEN_BACK = "(taken back)"
PROMPT_GONE = "The person who wrote this prompt has taken it back. Open a round with your own."


def no_such_own(what: str) -> str:
    """A word after `mine` that names nothing."""
    return f"/mine has no “{what[:40]}”. It has: export, forget, link, unlink."
