"""The game's values: frozen, platform-free, and named as DESIGN's vocabulary names them.

Ids are strings. A community id and a round id are short random-looking words; an entry
is a number within its round; a member is a number within its community. Moments are
aware UTC `datetime`s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

Row = TypeVar("Row")


class Origin(StrEnum):
    """Who made an entry."""

    HUMAN = "human"  #: declared so by its author
    AI = "ai"  #: a model wrote it
    TOGETHER = "together"  #: a person and a model
    DECK = "deck"  #: Muse's own deck, no model; never in verdicts or lens learning


class Facet(StrEnum):
    """Why a member voted for an entry. The order is the order of the buttons."""

    MOVED = "moved"
    ORIGINAL = "original"
    DEEP = "deep"


class RoundState(StrEnum):
    """A round's life. Entries and votes are taken in `WRITING` and `OPEN`."""

    WRITING = "writing"
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class SpaceRef:
    """A Discord guild, a Slack workspace, or the terminal, as its platform names it."""

    platform: str
    id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}"


@dataclass(frozen=True, slots=True)
class UserRef:
    """A person as a platform names them. Only the id: names are never stored."""

    platform: str
    id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> UserRef:
        """The person that `str` of a reference names."""
        platform, _, ident = text.partition(":")
        return cls(platform, ident)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: kept with a round so that any process can deliver it.

    `token` is a platform's short-lived right to answer (a Discord interaction token).
    It is left out of `repr` so that no log shows it.
    """

    space: SpaceRef
    channel: str
    thread: str = ""
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message on a platform, as `Stage.post` returned it."""

    address: Address
    id: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One text as a writer gives it, before it is an entry."""

    text: str
    lens: str
    origin: Origin
    model: str = ""
    plan: str = ""
    novelty: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One text by one author in a round.

    `number` is what people see and vote by; `rank` is its place in order of arrival,
    which decides which votes count as having seen it. `author` is 0 for Muse.
    """

    number: int
    rank: int
    text: str
    origin: Origin
    author: int = 0
    lens: str = ""
    model: str = ""
    parent: int = 0
    parent_author: int = 0
    withdrawn: bool = False
    novelty: float | None = None  #: 1 - the greatest lexical similarity to the community's past


@dataclass(frozen=True, slots=True)
class Tally:
    """What one entry was given: `approvals` of `seen_by` members, and their reasons."""

    approvals: int = 0
    seen_by: int = 0
    facets: dict[Facet, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Round:
    """One prompt and the entries answering it, as it stands in Redis."""

    community: str
    id: str
    state: RoundState
    prompt: str
    form: str
    asker: int
    address: Address
    wanted: int
    seed: int
    opened: datetime
    closes: datetime
    closed: datetime | None = None
    parent: str = ""
    lenses: tuple[str, ...] = ()  #: one for each entry wanted, as chosen when it opened
    entries: tuple[Entry, ...] = ()
    tallies: dict[int, Tally] = field(default_factory=dict)
    voters: int = 0
    prior: float = 0.3
    message: str = ""  #: its message on the platform, once posted
    result: str = ""  #: the message that told the result
    filled: str = ""  #: why the deck wrote some of it, as `bot.writing.engine.Reason` says
    periods: tuple[str, ...] = ()  #: the month and the week it closed in
    people: dict[int, UserRef] = field(default_factory=dict)

    @property
    def standing(self) -> tuple[Entry, ...]:
        """The entries not withdrawn, by number."""
        return tuple(e for e in self.entries if not e.withdrawn)

    @property
    def taking(self) -> bool:
        """Whether entries and votes are still taken."""
        return self.state in (RoundState.WRITING, RoundState.OPEN)


@dataclass(frozen=True, slots=True)
class Choice:
    """One member's standing approval of one entry, with the reasons they gave."""

    entry: int
    facets: frozenset[Facet] = frozenset()


@dataclass(frozen=True, slots=True)
class View:
    """A round as one member sees it: with their own number and votes."""

    round: Round
    reader: int = 0
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands after a vote: their choices and the round's tallies."""

    state: RoundState
    choices: tuple[Choice, ...] = ()
    tallies: Mapping[int, Tally] = field(default_factory=dict)
    voters: int = 0


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry on a board, as it was when its round closed. `score` is the approval score."""

    rank: int
    round: str
    number: int
    score: float
    text: str
    prompt: str
    form: str
    origin: Origin
    lens: str
    approvals: int
    seen_by: int
    author: UserRef | None
    written: bool  #: by Muse; else by a person, who may be forgotten


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A member on a board, with their points."""

    rank: int
    points: float
    user: UserRef | None


@dataclass(frozen=True, slots=True)
class LensRow:
    """A lens's record: approvals of the chances its entries had, over `rounds` rounds."""

    lens: str
    approvals: int
    chances: int
    rounds: int


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of a board and how many there are in all."""

    total: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Lens:
    """One way of looking.

    `name` is the slug kept with an entry; `label` is what people read beside it; `line`
    says in one sentence what it does; `instruction` is what a model is told.
    """

    name: str
    label: str
    line: str
    instruction: str


@dataclass(frozen=True, slots=True)
class Brief:
    """What a writer is asked: the prompt, the form and the lenses, and what to keep away from.

    `lenses` holds one name for each draft wanted, in the order to write; a community's own
    are in `own_lenses`. `avoid` holds texts that no draft may resemble, `without` words and
    ideas to leave out. `lore` are lines on the community, `loved` pieces it voted for,
    `parents` the pieces a refined round or a remix begins from, `twist` what a person adds
    to them. `bold` asks for the unlikely. `seed` makes a deck's answer repeatable.
    """

    prompt: str
    form: str
    lenses: tuple[str, ...]
    avoid: tuple[str, ...] = ()
    seed: int = 0
    own_lenses: tuple[Lens, ...] = ()
    without: tuple[str, ...] = ()
    lore: tuple[str, ...] = ()
    loved: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    twist: str = ""
    bold: bool = False
