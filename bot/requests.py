"""What a member may ask of the game, whichever door it came through.

A typed command, a native command with options and a pressed button all become one of
these. `round` is None where the member means "the latest round here".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from bot.cards import Answer
from bot.challenge_requests import ChallengeRequest
from bot.community_requests import CommunityRequest
from bot.models import Address, Facet, RoundRef, SpaceRef, Tenure, UserRef


@dataclass(frozen=True, slots=True)
class Ask:
    """Open a round on a prompt."""

    prompt: str
    form: str = "free"
    without: tuple[str, ...] = ()
    bold: bool = False
    source: str = ""  #: a message's text to begin from, where the prompt is what to make of it


@dataclass(frozen=True, slots=True)
class Again:
    """Open a new round on the same prompt, unlike everything in this one."""

    round: RoundRef | None = None
    form: str = ""
    without: tuple[str, ...] = ()
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Refine:
    """Open a child of a round that goes on from its pieces; from the best liked, where none
    are named.
    """

    twist: str
    pieces: tuple[int, ...] = ()
    form: str = ""
    without: tuple[str, ...] = ()
    bold: bool = False
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Remix:
    """Have Muse write versions of an entry with a twist of one's own, made together."""

    piece: int
    twist: str
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Invite:
    """Have Muse give people a prompt: a round that they begin."""

    theme: str = ""
    form: str = "free"


@dataclass(frozen=True, slots=True)
class LetMuse:
    """Let Muse answer too, in a round that people began."""

    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Spark:
    """Be asked three questions that draw out one's own experience. `page` counts from 1."""

    theme: str = ""
    page: int = 1
    seed: int = 0  #: 0 draws one; a further page keeps it


@dataclass(frozen=True, slots=True)
class Vote:
    """Approve entries, with reasons; the state becomes *on*, whatever it was."""

    entries: tuple[int, ...]
    facets: tuple[Facet, ...] = ()
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Unvote:
    """Take approvals back, or with `facets` only those reasons."""

    entries: tuple[int, ...]
    facets: tuple[Facet, ...] = ()
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Add:
    """Put one's own entry into a round; with `parent`, a remix of that entry."""

    text: str
    parent: int = 0
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """End a round now."""

    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take back one's entry, or with `entry` 0 the whole round one asked for."""

    entry: int = 0
    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """See a round as it stands, with one's own votes."""

    round: RoundRef | None = None


@dataclass(frozen=True, slots=True)
class Top:
    """See a page of a board. `page` counts from 1."""

    board: str = "entries"
    period: str = "week"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Help:
    """See what can be typed, or how one command is used."""

    command: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """Speak to Muse in reply to one of its messages, by the platform's id of that.

    Where the message shows a round, this refines it; else it is a prompt like any other. With
    `threaded` the round that was opened last in the command's thread goes before.
    """

    text: str
    message: str
    threaded: bool = False


class Blank(StrEnum):
    """Which form is meant."""

    ENTRY = "entry"  #: one's own entry, or a remix
    REFINE = "refine"
    LORE = "lore"
    ANGLE = "angle"
    THEME = "theme"  #: for challenges
    STRIKE = "strike"  #: why an entry is disqualified
    REMOVE = "remove"  #: why a round is removed


@dataclass(frozen=True, slots=True)
class Compose:
    """Open a form: for one's own entry, with `parent` for a remix of that entry, or another."""

    round: RoundRef
    parent: int = 0
    blank: Blank = Blank.ENTRY


Request = (
    Ask
    | Again
    | Refine
    | Remix
    | Invite
    | LetMuse
    | Spark
    | Vote
    | Unvote
    | Add
    | Close
    | Withdraw
    | Show
    | Top
    | Help
    | Compose
    | Say
    | CommunityRequest
    | ChallengeRequest
)


@dataclass(frozen=True, slots=True)
class Command:
    """One event from a platform: who, where, and what they ask.

    `event` is the platform's own id of the event; what is created takes its id from it, so
    that a redelivery creates nothing twice. `answer` is what its door has promised: how it
    will be answered was declared before anything was read. `manages` is the platform's word
    that the member may manage the space, `standing` its word on how long they have been around.
    Where that has to be asked for, `asks` does, quickly, once a gate needs it; it never raises.
    """

    event: str
    space: SpaceRef
    user: UserRef
    address: Address
    request: Request
    answer: Answer
    manages: bool = False
    standing: Tenure = field(default_factory=Tenure)
    asks: Callable[[], Awaitable[Tenure]] | None = field(default=None, compare=False, repr=False)
