"""What a member may ask of the game, whichever door it came through.

A typed command, a native command with options and a pressed button all become one of
these. `round` is None where the member means "the latest round here".
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.cards import Answer
from bot.models import Address, Facet, SpaceRef, UserRef


@dataclass(frozen=True, slots=True)
class RoundRef:
    """A round, named whole: ids of one community mean nothing in another."""

    community: str
    round: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Open a round on a prompt."""

    prompt: str
    form: str = "free"


@dataclass(frozen=True, slots=True)
class Again:
    """Open a new round on the same prompt, unlike everything in this one."""

    round: RoundRef | None = None
    form: str = ""


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
class Compose:
    """Open the form for one's own entry, or with `parent` for a remix of that entry."""

    round: RoundRef
    parent: int = 0


Request = Ask | Again | Vote | Unvote | Add | Close | Withdraw | Show | Top | Help | Compose


@dataclass(frozen=True, slots=True)
class Command:
    """One event from a platform: who, where, and what they ask.

    `event` is the platform's own id of the event; what is created takes its id from it, so
    that a redelivery creates nothing twice. `answer` is what its door has promised: how it
    will be answered was declared before anything was read. `manages` is the platform's word
    that the member may manage the space.
    """

    event: str
    space: SpaceRef
    user: UserRef
    address: Address
    request: Request
    answer: Answer
    manages: bool = False
