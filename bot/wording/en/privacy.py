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
    "The id that this platform gives you, never your name.\n"
    "What you wrote: pieces, prompts, and what you wanted remixed.\n"
    "Which pieces you voted for, why and when.\n"
    "What you put into challenges, and your picks and guesses there. Challenges are kept for "
    "good.\n"
    "Rounds and everything in them are erased {days} days after they close. The 100 best pieces of "
    "all time and the points on the boards stay."
)
MINE_KEEPS_NOTHING = "Nothing. Muse has not met you here, or has forgotten you."
MINE_KEEPS_ORGANISER = (
    "What you did as an organiser. The organisers’ log keeps its latest 1,000 lines."
)
MINE_KEEPS_LINKED = "That you are one member with {people}. /mine unlink undoes that."
MINE_KEEPS_JOINED = "When you joined: {when}. Some votes are only for people who were here before."
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
    "What goes, for good: the id that leads to you, and the words of all your pieces, prompts and "
    "twists. In rounds that are still open, your votes and pieces go, with the votes they were "
    "given. In a challenge that is on, what you put in, your picks and your guesses go. If you "
    "were named an organiser, you are not one any more."
)
FORGET_STAYS = (
    "What stays: the results of closed rounds and challenges, the boards and the organisers’ log. "
    "They show “someone who left” or a number in your place. Lines and angles that you told Muse "
    "for everyone here stay, without your name. If an organiser blocked you, that stays, as a code "
    "that no name can be read from. If you have voted in the challenge that is on, Muse remembers "
    "that until it ends. If you joined so lately that you can’t vote everywhere yet, the date "
    "stays, for a year at most."
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
