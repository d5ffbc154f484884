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


class Origin(StrEnum):
    """Who made an entry."""

    HUMAN = "human"  #: declared so by its author
    AI = "ai"  #: a model wrote it
    TOGETHER = "together"  #: a person and a model
    DECK = "deck"  #: Muse's own deck, no model; never in verdicts or lens learning

    @property
    def guessed_as(self) -> Origin:
        """What is right to guess for it: who is asked knows of people, AI and both together."""
        return Origin.AI if self is Origin.DECK else self


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


_DIRECT = "dm-"  # before the id of whose direct message it is


@dataclass(frozen=True, slots=True)
class SpaceRef:
    """A Discord guild, a Slack workspace, or the terminal, as its platform names it.

    What is within another, such as a direct message in a workspace, is named behind it:
    ``T1:D1``. A direct message that is within none is `direct`.
    """

    platform: str
    id: str

    @classmethod
    def direct(cls, platform: str, user: str) -> SpaceRef:
        """Where somebody speaks to Muse alone, and in no other space."""
        return cls(platform, f"{_DIRECT}{user}")

    @property
    def place(self) -> SpaceRef:
        """What takes turns with others: a space with all that is within it, and together all
        direct messages that are within none. Anybody can have many of those, a server few.
        """
        if self.id.startswith(_DIRECT):
            return SpaceRef(self.platform, _DIRECT)
        return self.outer or self

    @property
    def outer(self) -> SpaceRef | None:
        """The space that this one is within."""
        ident, within, _ = self.id.partition(":")
        return SpaceRef(self.platform, ident) if within else None

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
    picture: str = ""  #: where its platform keeps it; the text describes it


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
    picture: str = ""  #: where its platform keeps it, as `Stage.keep` said; the text describes it
    hidden: str = ""  #: "reports" or "organiser", where nobody sees it until it is restored
    struck: bool = False  #: disqualified: to be read, and out of the running


@dataclass(frozen=True, slots=True)
class Tally:
    """What one entry was given: `approvals` of `seen_by` members, and their reasons."""

    approvals: int = 0
    seen_by: int = 0
    facets: Mapping[Facet, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """What an asker asked for besides the prompt.

    `twist` is what they add to it or change; `pieces` the numbers, in the parent round, of what
    is to be gone on from; `source` a text from elsewhere to go on from; `without` what no
    answer may hold; `bold` asks for the unlikely.
    """

    twist: str = ""
    pieces: tuple[int, ...] = ()
    source: str = ""
    without: tuple[str, ...] = ()
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Twist:
    """What a member asked Muse to make of an entry: a remix that is still to be written."""

    key: str
    member: int
    user: UserRef
    entry: int
    text: str


@dataclass(frozen=True, slots=True)
class Round:
    """One prompt and the entries answering it, as it stands in Redis.

    Muse's entries have the `wanted` numbers from `first` on. With `for_people` Muse gave the
    prompt, on `theme`, and people answer.
    """

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
    first: int = 1
    wish: Wish = Wish()
    for_people: bool = False
    theme: str = ""
    twists: tuple[Twist, ...] = ()  #: remixes that Muse is still to write
    unwritten: str = ""  #: what went wrong with the last remix, safe to show
    tallies_for: str = "vote"  #: who sees the votes before the end: vote, always, close
    language: str = ""  #: what Muse writes in, where it is not the prompt's own
    entries: tuple[Entry, ...] = ()
    tallies: dict[int, Tally] = field(default_factory=dict)
    voters: int = 0
    prior: float = 0.3
    message: str = ""  #: its message on the platform, once posted
    result: str = ""  #: the message that told the result
    filled: str = ""  #: why the deck wrote some of it, as `bot.writing.outcomes.Reason` says
    renews: datetime | None = None  #: when the budget that was spent does
    periods: tuple[str, ...] = ()  #: the month and the week it closed in
    people: dict[int, UserRef] = field(default_factory=dict)
    removed: bool = False  #: by an organiser; its texts are gone

    @property
    def standing(self) -> tuple[Entry, ...]:
        """The entries in the running, by number: not withdrawn, hidden or disqualified."""
        return tuple(e for e in self.entries if not (e.withdrawn or e.hidden or e.struck))

    @property
    def placed(self) -> tuple[Entry, ...]:
        """The entries that have a place on the card: all but those withdrawn."""
        return tuple(e for e in self.entries if not e.withdrawn)

    @property
    def taking(self) -> bool:
        """Whether entries and votes are still taken."""
        return self.state in (RoundState.WRITING, RoundState.OPEN)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture's bytes, and what kind they are: ``image/png``."""

    data: bytes = field(repr=False)
    mime: str = "image/png"


@dataclass(frozen=True, slots=True)
class Tenure:
    """How long somebody has been around, as far as their platform tells; `full` is no guest.

    `zone` is the IANA zone of their profile, where the platform has one.
    """

    account_since: datetime | None = None
    member_since: datetime | None = None
    full: bool = True
    zone: str = ""


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
    tallies_for: str = "vote"  #: who sees them before the end


@dataclass(frozen=True, slots=True)
class Limits:
    """What a day may cost: tokens, and money in millionths. 0 is no limit."""

    tokens: int = 0
    member_tokens: int = 0
    cost: int = 0


@dataclass(frozen=True, slots=True)
class RoundRef:
    """A round, named whole: ids of one community mean nothing in another."""

    community: str
    round: str
