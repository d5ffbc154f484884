"""Joining places and linking one's identities, in words."""

from __future__ import annotations

HELP_LINK = "join another server or workspace to this one, or this one to another"
HELP_UNLINK = "see the joined places, and separate one"
PARAM_CODE = "the code that Muse gave in the other place"
PARAM_PLACE = "which place, as the list names it; without it, the list"
PARAM_SURE_LINK = "yes, to go ahead"
PARAM_SURE_REMOVE = "yes, remove it without asking again"

#: What each platform's place is called.
PLACES = {
    "discord": "the Discord server {id}",
    "slack": "the Slack workspace {id}",
    "console": "the terminal {id}",
}

LINK_HEADING = "Join another place to this one"
LINK_CODE = "The code is {code}. It works once, until {until}."
LINK_TYPE = "An organiser of the other place types there: {command}"
LINK_MEANS = (
    "Their place then plays in this community, with the same boards, rules and in-jokes. Its "
    "organisers organise here too, so give the code only to somebody you trust. They see what it "
    "means before they go ahead. /muse-admin unlink undoes it."
)
JOIN_HEADING = "Join {place}?"
JOIN_MEANS = (
    "Members here then play in that community. Its boards, rules, in-jokes, word list, blocks and "
    "budget hold here too. Its organisers organise here, and you organise there."
)
JOIN_STAYS = (
    "What was played here so far stays as it is, and nothing is added together. Open rounds go on: "
    "people vote in them, close them and look at them from their messages. /top shows the other "
    "community’s boards. The settings, named organisers, word list and blocks of this place are "
    "not used meanwhile. Set there what you need."
)
JOIN_UNDO = (
    "To undo it, an organiser of either place uses /muse-admin unlink. Then all of that is back. "
    "What was played meanwhile stays with the other community."
)
JOIN_YES = "Join them"
JOINED_HERE = (
    "This place and {place} are one community now. Rounds, boards and settings are those of "
    "{place}; rounds that were open here go on. /muse-admin unlink undoes it."
)
JOINED_TOLD = (
    "Challenges are announced in this channel too; with /muse-admin challenge-setup an organiser "
    "here chooses another."
)
JOINED_UNTOLD = (
    "Challenges are announced in this place once an organiser here chooses a channel, with "
    "/muse-admin challenge-setup."
)
JOINED_THERE = (
    "{place} has joined this community: its members play here now, and its organisers organise "
    "here too. /muse-admin unlink undoes it."
)
PARTED_HERE = (
    "This place is a community of its own again, with its own boards and settings. It has left "
    "{place}; rounds that were opened meanwhile go on."
)
PARTED_THERE = "{place} has left this community. Rounds that were opened there meanwhile go on."

UNLINK_HEADING = "Joined places"
UNLINK_FIRST = "{place}, with which the community began"
UNLINK_MEANS = (
    "A place that you separate is a community of its own again, with the boards, settings and "
    "organisers it had before. What was played meanwhile stays here."
)
UNLINK_ONE = "Separate {place}"

CODE_WRONG = (
    "That code doesn’t work. It may be mistyped, used already, or too old. Ask for a new one."
)
CODE_OF_ONES_OWN = "That code is from this very community. Use it in the other place."
PLACE_JOINED_ALREADY = (
    "This place has joined another community already. /muse-admin unlink separates them first."
)
PLACE_HAS_OTHERS = (
    "Other places have joined this one, so it can’t join another itself. /muse-admin unlink lists "
    "them."
)
PLACE_MOVING = "Places are being joined or separated right now. Try again in a moment."
PLACE_ABSENT = (
    "The other place is just joining another community itself, so nothing was changed. Ask its "
    "organisers for a new code."
)
PLACE_UNKNOWN = "That place isn’t joined here. /muse-admin unlink lists those that are."
PLACE_IS_FIRST = (
    "The community began with that place, so it stays. Separate the others from it instead."
)
PLACE_IS_ANOTHERS = (
    "Only that place itself, or the one the community began with, can separate it. Ask an "
    "organiser there."
)
NO_PLACE_JOINED = (
    "No other place is joined to this one. /muse-admin link gives you a code to join one."
)

MY_CODE = "Your code is {code}. It works once, until {until}."
MY_CODE_TYPE = "As your other self, in a place joined to this one, type: {command}"
MY_CODE_MEANS = (
    "Muse then counts both as one member, with one vote and one score. In rounds that are open "
    "already, each keeps the votes it has there. Give the code to nobody else: who uses it "
    "shares your vote. /mine unlink undoes it."
)
MY_LINK_DONE = (
    "From the next round on, these are one member with one vote: {people}. In rounds that are "
    "open already, each keeps its own."
)
MY_LINK_POINTS = (
    "Points so far stay where they are, under the same name. New ones go to whoever of them Muse "
    "met first. /mine unlink undoes it."
)
MY_LINK_UNDO = "Undo"
MY_UNLINK_DONE = (
    "From the next round on, each of these is a member of their own again: {people}. Rounds that "
    "were opened meanwhile keep one vote of theirs together."
)
YOURSELF_ALREADY = "That is you already: both count as one member."
LINKED_TOO_OFTEN = (
    "You have been linked and unlinked so often that Muse can’t keep track any more. It stays "
    "as it is."
)
LINKED_TO_NOBODY = "No other identity of yours is linked here. /mine link gives you a code for one."


def too_many_codes(length: str) -> str:
    """Too many tries with codes."""
    return f"Too many codes were tried within an hour. You can try the next one in {length}."


def too_many_places(limit: int) -> str:
    """No room for another place in a community."""
    return f"That community has {limit} places, which is the most. One of them has to leave first."


def too_many_identities(limit: int) -> str:
    """No room for another identity of one member."""
    return f"You can link {limit} identities at most. /mine unlink separates yours again."
