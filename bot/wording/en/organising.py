"""What organisers are told: of lore and of angles."""

from __future__ import annotations

from bot.wording.en.typing import did_you_mean

LORE_HEADING = "What Muse knows of this place"
LORE_NONE = (
    "Nothing yet. Tell it an in-joke, a person everybody knows, the lift that always breaks: "
    "a line each."
)
LORE_HOW = "Muse may use a line where it fits the prompt. Nobody outside sees them."
LORE_ADD = "Tell Muse something"
SHOW_ANEW = "Show anew"
FORM_LORE = "One thing people here know"
FORM_LORE_HINT = "Every Friday the lift breaks, and we call it Gerald."
FORM_LORE_SUBMIT = "Keep it"

ANGLES_HEADING = "The angles Muse writes from here"
ANGLES_OWN = "Your own"
ANGLES_HOW = (
    "Each answer takes one of these. Which come up more often is learned from your votes; "
    "what is hidden does not come up."
)
ANGLE_ADD = "Add an angle"
HIDDEN = "hidden"
FORM_ANGLE_NAME = "What people read beside a piece"
FORM_ANGLE_DOES = "How it looks at things"
FORM_ANGLE_HINT = "Write as the driver of the last bus, who has seen us all."
FORM_ANGLE_SUBMIT = "Keep it"

ORGANISERS_ONLY = (
    "Only organisers can do that: the people who may manage this place, and whoever they name. "
    "Ask one of them."
)
EMPTY_LORE = "There is no text in it. Tell Muse one thing people here know."
EMPTY_ANGLE = "An angle needs a name, which people read beside a piece. For example: the last bus."
EMPTY_INSTRUCTION = "Say how it looks at things. For example: as the driver of the last bus."
BAD_ANGLE_NAME = "An angle’s name has no commas, colons, semicolons or tildes. Leave them out."
ANGLE_IS_MUSES = "Muse has an angle of that name already. Choose another name."
NO_OWN_ANGLE = "Only angles that were added here can be removed. Muse’s own can be hidden."


YOU_ARE_BLOCKED = (
    "An organiser here has blocked you from Muse. If you think that is a mistake, ask them. "
    "/mine still shows what is yours, and can remove it."
)
ORGANISERS_HEADING = "Who organises here"
ORGANISERS_NONE = "Whoever may manage this place. Nobody else has been named yet."
ORGANISERS_BESIDES = "Whoever may manage this place, and these people:"
ORGANISERS_HOW = (
    "/muse-admin organiser-add names somebody, /muse-admin organiser-remove takes it back."
)
ORGANISER_NAMED = "They are an organiser now."
ORGANISER_UNNAMED = "They are no longer an organiser."
NO_SUCH_PERSON = "Say who is meant, such as @ana."
BLOCK_YOURSELF = "You can’t block yourself."
BLOCKED = "They are blocked from Muse here. What they wrote stays; unblock lets them in again."
BLOCKED_BEFORE = "They were blocked already."
UNBLOCKED = "They may play again."
UNBLOCKED_BEFORE = "They were not blocked."
LOG_NEWER, LOG_OLDER = "Newer", "Older"
LOG_HEADING = "What organisers did"
LOG_NONE = "Nothing yet."
LOG_ROW = "{who} {deed}"
LOG_WHY = ": “{why}”"
DEEDS = {
    "lore-add": "told Muse line {of}",
    "lore-remove": "had Muse forget line {of}",
    "angle-add": "described the angle “{of}”",
    "angle-hide": "hid the angle “{of}”",
    "angle-show": "brought back the angle “{of}”",
    "angle-remove": "removed the angle “{of}”",
    "rule": "set {of}",
    "preset": "set this place up as “{of}”",
    "preset-back": "undid that, so that those settings are as before",
    "organiser-add": "named member {of} an organiser",
    "organiser-remove": "took member {of} off the organisers",
    "word-add": "added a word to the list",
    "word-remove": "took a word off the list",
    "hide": "hid piece {of}",
    "keep": "kept piece {of}",
    "restore": "restored piece {of}",
    "disqualify": "disqualified piece {of}",
    "delete-round": "removed round {of}",
    "block": "blocked member {of}",
    "unblock": "let member {of} in again",
    "plan": "set the {of} of challenges",
    "plan-preset": "set up challenges as “{of}” has it",
    "plan-resume": "had a challenge begin each week",
    "plan-pause": "paused the challenges",
    "daily": "set the {of} of the daily prompt",
    "theme-remove": "took theme {of} off the list of proposals",
    "challenge-skip": "left out the next challenge",
    "challenge-now": "began challenge {of}",
    "challenge-example": "began an example, challenge {of}",
    "challenge-extend": "gave challenge {of} more time",
    "challenge-cancel": "called challenge {of} off",
    "try-again": "had Muse try again what it had given up ({of})",
    "place-code": "asked for a code with which another place can join",
    "place-join": "joined this place to {of}",
    "place-joined": "brought {of} into this community",
    "place-part": "separated this place from {of}",
    "place-parted": "separated {of} from this community",
}


def list_full(limit: int) -> str:
    """No room for another name on a list."""
    return f"That list is full: it has {limit}, which is the most. Take one off first."


def lore_added(number: int) -> str:
    """A line was kept."""
    return f"Muse knows it now, as {number}."


def lore_removed(number: int) -> str:
    """A line was forgotten; what it said follows."""
    return f"Muse has forgotten {number}."


def lore_already(number: int) -> str:
    """The same line is there."""
    return f"Muse knows that already, as {number}."


def no_such_lore(number: int) -> str:
    """A number that no line ever had."""
    return f"There is no line {number}. /muse-admin lore lists them."


def too_much_lore(limit: int) -> str:
    """No room for another line."""
    return (
        f"Muse has {limit} lines already, which is the most. Remove one first: "
        "/muse-admin lore-remove 1."
    )


def angle_added(name: str) -> str:
    """A lens was added."""
    return f"“{name}” is one of the angles now."


def angle_described(name: str) -> str:
    """A lens was described anew."""
    return f"“{name}” is described anew."


def angle_hidden(name: str) -> str:
    """A lens was hidden."""
    return f"“{name}” comes up no more. /muse-admin angle-show {name} brings it back."


def angle_shown(name: str) -> str:
    """A lens was brought back."""
    return f"“{name}” comes up again."


def angle_removed(name: str, instruction: str) -> str:
    """A lens was taken back; what it was is said, so that it can be added again."""
    return f"“{name}” is removed. It went: “{instruction.rstrip('.')}”."


def no_such_angle(name: str) -> str:
    """A name that no lens has."""
    return f"There is no angle “{name[:40]}”. /muse-admin angles lists them."


def too_many_angles(limit: int) -> str:
    """No room for another lens."""
    return f"You have {limit} angles of your own, which is the most. Remove one first."


def too_few_angles(limit: int) -> str:
    """Hiding this one would leave too few."""
    return f"At least {limit} angles have to be left, or rounds would look alike. Show one first."


def unknown_in_group(group: str, word: str, close: str) -> str:
    """A group's second word that names nothing."""
    lists = f" /help {group} lists what there is."
    if not word:
        return f"/{group} needs one more word.{lists}"
    return (
        f"/{group} has no “{word[:40]}”.{did_you_mean(close) or lists} "
        "If it was meant as a prompt, put it in quotes."
    )
