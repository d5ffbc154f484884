"""What went wrong, and how to put it right."""

from __future__ import annotations

from collections.abc import Sequence

BUTTON_UNKNOWN = "This button is from another version of Muse. Ask Muse to show it to you again."
NO_ROUND_HERE = "There is no round here yet. Type a prompt to open one."
ROUND_GONE = "That round is no longer here."
ROUND_IS_CLOSED = "This round has closed. The boards have its votes; ask again for a new one."
ROUND_IS_WITHDRAWN = "This round is gone: it was taken back, or an organiser removed it."
ROUND_SHARED = (
    "Somebody else has written in this round, so it can’t be taken back. "
    "You can close it, or take your own piece back."
)
ONLY_THE_ASKER = "Only the person who asked for this round can take it back."
NOT_YOUR_ROUND = "Only the person who asked for this round, or an organiser, can do that."
EMPTY_PROMPT = "Give Muse something to write about; a few words are enough."
EMPTY_ENTRY = "There is no text in it. Write a line or two."
EMPTY_TWIST = "Say what to make of it; a few words are enough."
NOTHING_TO_REFINE = "There is nothing in this round to go on from yet."
MUSE_ANSWERS_ALREADY = "Muse answers in this round already."
PROMPT_STILL_COMING = "Muse is still looking for the prompt. Try again in a moment."
NO_PICTURES = (
    "Muse can’t paint here: there is no image model. "
    "Whoever runs Muse can set OPENAI_IMAGE_MODEL. Any other form works."
)
PEOPLE_WRITE = "People answer in words, so a prompt for them has no form “picture”."
REMIX_FAILED = "The model did not answer as it should. Please try again."
REMIX_SPENT = (
    "Too little is left of today’s budget for the model. /add puts in your own version meanwhile."
)
REMIX_NEEDS_MODEL = "No model is connected any more. /add puts in your own version."
PARENT_GONE = "The piece it came from was taken back."
NOT_HERE = (
    "Muse takes no prompts in this channel. Try another channel, or ask an organiser to allow it "
    "here."
)
UNKNOWN_BOARD = "There is no such board. Boards: pieces, people, angles."
STORE_DOWN = (
    "Muse can’t reach its memory right now. Nothing was lost; please try again in a minute."
)
UNEXPECTED = (
    "Something went wrong on Muse’s side. "
    "If it happens again, tell the person who runs Muse: {reference}."
)
SPACE_MOVED = "This place has just been joined with another. Please try again."


def crowded(seconds: int) -> str:
    """More is asked of Muse at once than it can do soon; about so long it takes now."""
    about = max(5, -(-seconds // 5) * 5)
    return f"Muse is very busy just now, so this was not done. Try again in {about} seconds."


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


def wait_member(length: str) -> str:
    """A member opens rounds faster than they may."""
    return f"You have just opened a round here. You can open another in {length}."


def wait_channel(length: str) -> str:
    """A channel gets rounds faster than it may."""
    return f"A round has just been opened in this channel. The next can be opened in {length}."


def only_these_forms(forms: Sequence[str]) -> str:
    """A form that is not offered here."""
    if len(forms) == 1:
        return f"The only form here is {forms[0]}. Leave the form out and you get it."
    return f"The only forms here are {', '.join(forms)}. Leave the form out and you get one."
