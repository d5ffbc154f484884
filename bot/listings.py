"""What is listed for people: the rows of boards, of usage, of the organisers' log and of reports,
and a page of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, TypeVar

from bot.models import Entry, Origin, UserRef

Row = TypeVar("Row")


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
class Spending:
    """What calls cost: tokens, and money in millionths."""

    calls: int = 0
    tokens_in: int = 0
    cached: int = 0
    tokens_out: int = 0
    cost: int = 0


@dataclass(frozen=True, slots=True)
class UsageDay:
    """One day of a community, with the members who used most."""

    day: date
    spending: Spending = field(default_factory=Spending)
    members: tuple[tuple[UserRef | None, int], ...] = ()

    @property
    def tokens(self) -> int:
        """All of them."""
        return self.spending.tokens_in + self.spending.tokens_out


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One deed of an organiser: `what` to `of`, and `why` in their words."""

    at: datetime
    by: UserRef | None
    what: str
    of: str
    why: str


@dataclass(frozen=True, slots=True)
class Reported:
    """An entry that was reported: how often, how often by members of standing, and why."""

    round: str
    entry: Entry
    prompt: str
    reports: int
    of_standing: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportedContender:
    """A reported entry of a challenge whose voting is on: what an organiser may know of it."""

    challenge: str
    alias: str
    text: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Accusation:
    """That one member reported an entry of another: their numbers, and the entry's name."""

    author: int
    reporter: int
    piece: str


@dataclass(frozen=True, slots=True)
class Notice:
    """That an entry of a member's was disqualified, and why, in an organiser's words.

    Of `kind` ``contender`` it was of the challenge whose theme is the `prompt`.
    """

    number: int
    prompt: str
    why: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of a board and how many there are in all."""

    total: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Work that was given up: `item` on the agenda, called `code` among people. `said` is what an
    error of Muse's own tree said, which is safe for people; empty for any other.
    """

    item: str
    code: str
    verb: str
    platform: str
    at: datetime
    said: str
