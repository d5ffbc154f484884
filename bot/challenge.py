"""The values of a challenge: frozen and platform-free, named as DESIGN's vocabulary names them.

A challenge is `open` for entries, then `voting`, then `closed`. While it is open people and
Muse put in *contributions*. At the deadline they become the *pool*: each has a random alias,
and from then on nothing but the alias names it until the close. A member is a number within
their community, as in rounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.models import Address, Facet, Origin, SpaceRef


class ChallengeState(StrEnum):
    """A challenge's life."""

    OPEN = "open"  #: entries are taken
    VOTING = "voting"  #: the pool is fixed; picks are taken
    CLOSED = "closed"  #: nothing is taken; once it is counted, makers are told
    CANCELLED = "cancelled"  #: by an organiser; no results


class Electorate(StrEnum):
    """Who may vote in a challenge."""

    SETTLED = "settled"  #: accounts of a week, here before it opened; on Slack full members
    ANYONE = "anyone"  #: whoever the community's own gates let in


class ThemeSource(StrEnum):
    """Where themes come from. Each falls back on the next."""

    MEMBERS = "members"  #: what members proposed and voted for
    MUSE = "muse"  #: written from lore and past winners
    DECK = "deck"  #: Muse's own list


class Declared(StrEnum):
    """How a member says that their entry was made."""

    MINE = "mine"  #: theirs alone
    HELPED = "helped"  #: theirs, with AI's help


class Side(StrEnum):
    """What a member says of two entries."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"  #: both good: half a win each
    SKIP = "skip"  #: no pick; it uses up quota


@dataclass(frozen=True, slots=True)
class Plan:
    """How a community's challenges run, as an organiser set it.

    `addresses` are where it is announced, one for each space of the community. `weekday` counts
    from Monday, 0; `minute` from midnight, in `zone` (IANA). Days open and days of voting are a
    week together at the most: one challenge at a time. `mention` and `winner_role` are the
    ids of roles, each behind the name of the platform that it is of: ``discord:1 slack:S2``.
    """

    addresses: tuple[Address, ...] = ()
    weekday: int = 4
    minute: int = 18 * 60
    zone: str = "UTC"
    open_days: int = 3
    voting_days: int = 2
    ai: bool = True
    electorate: Electorate = Electorate.SETTLED
    themes: ThemeSource = ThemeSource.MEMBERS
    mention: str = ""
    winner_role: str = ""
    event: bool = False  #: whether the platform's calendar is to show it, where it has one
    running: bool = False  #: whether one begins each week; off until it is set up, and when paused

    @property
    def days(self) -> int:
        """How long a challenge takes in all."""
        return self.open_days + self.voting_days

    def at(self, space: SpaceRef) -> Address | None:
        """Where it is announced in a space; None where it is not."""
        return next((each for each in self.addresses if each.space == space), None)


def role_on(roles: str, platform: str) -> str:
    """The id of a role on a platform, of those that a plan names; '' where there is none."""
    named = dict(each.split(":", 1) for each in roles.split())
    return named.get(platform, "")


def with_role(roles: str, platform: str, role: str) -> str:
    """The roles that a plan names, with another on a platform; '' is none there."""
    named = dict(each.split(":", 1) for each in roles.split()) | {platform: role}
    return " ".join(f"{on}:{role}" for on, role in sorted(named.items()) if role)


@dataclass(frozen=True, slots=True)
class DailyPlan:
    """When Muse gives people a prompt by itself: on `days` (Monday is 0) at `minute` in `zone`."""

    address: Address | None = None
    days: frozenset[int] = frozenset(range(7))
    minute: int = 9 * 60
    zone: str = "UTC"
    form: str = "free"
    running: bool = False


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge as it stands, without its entries.

    `number` counts a community's challenges from 1. `links` is how many links of identities the
    community had when it opened: a later one counts from the next challenge. An `example` is of
    an hour, for organisers to try; nothing of it counts for boards or the verdict.
    """

    community: str
    id: str
    number: int
    state: ChallengeState
    theme: str
    opened: datetime
    deadline: datetime
    closes: datetime
    plan: Plan
    seed: int
    links: int = 0
    example: bool = False
    extended: bool = False  #: whether a quiet week has had its longer time
    quiet: bool = False  #: whether it closed with too few people's entries, and no voting
    voting_since: datetime | None = None
    closed: datetime | None = None
    counted: bool = False  #: whether its results are there
    proposer: int = 0  #: who proposed the theme, 0 for Muse
    why: str = ""  #: why it was cancelled, in an organiser's words
    redrawn: int = 0  #: when (ms) what was posted of it last had to be shown anew
    changes: int = 0  #: of what is put in, so that nothing is decided on what was read before

    @property
    def running(self) -> bool:
        """Whether it is neither over nor cancelled."""
        return self.state in (ChallengeState.OPEN, ChallengeState.VOTING)

    @property
    def taking_entries(self) -> bool:
        """Whether entries are taken."""
        return self.state is ChallengeState.OPEN

    @property
    def taking_picks(self) -> bool:
        """Whether picks are taken."""
        return self.state is ChallengeState.VOTING


@dataclass(frozen=True, slots=True)
class Contribution:
    """What somebody put into an open challenge: `key` is ``m<number>``, or ``a<n>`` for Muse's.

    `origin` is what it counts as, which may be other than what was `declared`: a near-duplicate
    of Muse's own output is `together`. `family` is the model family of what a model wrote or
    helped with; `parent` the piece it was made from: ``round/number``, or the key of one of Muse's
    in the same challenge.
    """

    key: str
    text: str
    origin: Origin
    author: int = 0
    declared: Declared = Declared.MINE
    model: str = ""
    family: str = ""
    parent: str = ""
    lens: str = ""
    at: datetime | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Contender:
    """An entry of the pool. Before the close only `alias` and `text` may leave the core.

    `salt` makes its commitment; forgetting its author drops it, with the text. `hidden` (by reports
    or an organiser) and `struck` (disqualified) as for rounds. `parent` is ``round/number``, or
    the alias of an entry of Muse's in the same pool.
    """

    alias: str
    text: str
    origin: Origin
    author: int = 0
    model: str = ""
    family: str = ""
    parent: str = ""
    lens: str = ""
    salt: str = field(default="", repr=False)
    commitment: str = ""
    hidden: str = ""
    struck: bool = False

    @property
    def standing(self) -> bool:
        """Whether it is shown to voters."""
        return bool(self.text) and not self.hidden and not self.struck

    @property
    def muses(self) -> bool:
        """Whether the words are Muse's, also where a member put in what is the deck's: then it is
        Muse that is named for it, and nobody who wins with it.
        """
        return self.origin in (Origin.AI, Origin.DECK)


@dataclass(frozen=True, slots=True)
class PickMade:
    """One member's pick in a challenge: the duel `number` of their ballot, from 1.

    A skip is kept too, and is no duel to the statistics.
    """

    member: int
    number: int
    left: str
    right: str
    side: Side
    final: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GuessMade:
    """Who a member thinks made an entry; `origin` None where they would not say."""

    member: int
    alias: str
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class PraiseGiven:
    """The entry that a member found most original, moving or deep of those they were shown."""

    member: int
    facet: Facet
    alias: str


@dataclass(frozen=True, slots=True)
class Offered:
    """The two entries that a member is choosing between, by alias."""

    number: int
    left: str
    right: str
    final: bool = False
    since: datetime | None = None
    asked_again: bool = False  #: whether a pick under two seconds was asked again


@dataclass(frozen=True, slots=True)
class Proposal:
    """A theme that a member proposed, and who voted for it."""

    id: str
    member: int
    theme: str
    votes: frozenset[int] = frozenset()
