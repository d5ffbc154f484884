"""What was counted when a challenge closed, and all that is told of it: frozen values.

The figures are kept once, by alias. Texts and makers are not among them: they stay with the
pool, so that whoever is forgotten is forgotten here too, and the order stays whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.challenge import Challenge, Contender
from bot.models import Facet, Origin, UserRef
from bot.stats.guessing import Guessed
from bot.stats.verdict import Verdict
from bot.stats.win_shares import Estimate

PODIUM = 3  #: places


class Out(StrEnum):
    """Why an entry of the pool is not in the order."""

    STRUCK = "struck"  #: organisers took it out of the running
    HIDDEN = "hidden"  #: it was reported, or an organiser hid it
    GONE = "gone"  #: its author left before the close


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry in the order. Entries that share a place have the same one.

    `chance` is that of being picked over an average entry, with its 95 % interval; `won` what it
    was given of its `appearances`, “both good” being a half; `close`: too close to call.
    `guesses` are the answers to “who wrote this?”.
    """

    alias: str
    place: int
    strength: float
    chance: float
    low: float
    high: float
    appearances: int
    won: float
    close: bool
    origin: Origin
    family: str = ""
    facets: Mapping[Facet, int] = field(default_factory=dict)
    guesses: Mapping[Origin, int] = field(default_factory=dict)

    @property
    def guessed(self) -> int:
        """How many guessed who made it."""
        return sum(self.guesses.values())

    @property
    def fooled(self) -> int:
        """How many of them guessed another maker."""
        return self.guessed - self.guesses.get(self.origin.guessed_as, 0)


@dataclass(frozen=True, slots=True)
class Guesser:
    """A member, and how many of their guesses were right."""

    member: int
    right: int
    of: int


@dataclass(frozen=True, slots=True)
class Unlike:
    """A voter whose picks were unlike the rest's. `own_taste` is how often an honest voter of
    quite another taste would be found so on the same pairs.
    """

    member: int
    picks: int
    own_taste: float


@dataclass(frozen=True, slots=True)
class Turnout:
    """Who voted from one space, and the aliases that they alone would have put first."""

    space: str
    voters: int
    picks: int
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """The results of a challenge: everything that was worked out from its picks."""

    order: tuple[Placed, ...] = ()
    out: Mapping[str, Out] = field(default_factory=dict)
    voters: int = 0
    picks: int = 0
    guessed: Guessed | None = None
    guessers: tuple[Guesser, ...] = ()  #: all who guessed, the best first
    unlike: tuple[Unlike, ...] = ()
    podium_changes: bool = False  #: whether it would be another without those
    turnouts: tuple[Turnout, ...] = ()  #: of each space, where there are several

    @property
    def first(self) -> tuple[Placed, ...]:
        """Who has, or shares, the first place; nobody where nobody voted."""
        return tuple(each for each in self.order if each.place == 1) if self.picks else ()

    @property
    def podium(self) -> tuple[Placed, ...]:
        """Places one to three; of a first place shared by more, all."""
        return tuple(each for each in self.order if each.place <= PODIUM) if self.picks else ()

    @property
    def shared(self) -> bool:
        """Whether the first place is."""
        return len(self.first) > 1

    @property
    def best_guessers(self) -> tuple[Guesser, ...]:
        """Those who guessed best, if they were right more often than not; of as many right, those
        of fewer guesses.
        """
        best = self.guessers[0] if self.guessers else None
        if best is None or 2 * best.right <= best.of:
            return ()
        return tuple(g for g in self.guessers if (g.right, g.of) == (best.right, best.of))

    def most(self, facet: Facet) -> tuple[Placed, ...]:
        """The entries that most found so; none where nobody said."""
        most = max((each.facets.get(facet, 0) for each in self.order), default=0)
        return tuple(each for each in self.order if most and each.facets.get(facet, 0) == most)

    @property
    def fooled_most(self) -> tuple[Placed, ...]:
        """The entries that most took for another maker's, of those that three at least guessed on;
        none where none fooled half of them. Of the same share, those that more guessed on.
        """
        tried = [e for e in self.order if e.guessed >= 3 and 2 * e.fooled >= e.guessed]
        best = max(((e.fooled / e.guessed, e.fooled) for e in tried), default=None)
        return tuple(e for e in tried if (e.fooled / e.guessed, e.fooled) == best)

    def placed(self, alias: str) -> Placed | None:
        """Where an entry is; None where it isn't in the order."""
        return next((each for each in self.order if each.alias == alias), None)


@dataclass(frozen=True, slots=True)
class Credit:
    """What a piece was made from: a member's, or a piece of Muse's own; or it is not known."""

    by: UserRef | None = None
    muse: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed challenge as it is told: what was counted, whose entries they are, and for whom.

    `people` has who a number is, for a reader on their platform; those forgotten are not in it.
    `own` are the numbers that the reader has here.
    """

    challenge: Challenge
    pool: Mapping[str, Contender]
    counted: Counted
    people: Mapping[int, UserRef] = field(default_factory=dict)
    credits: Mapping[str, Credit] = field(default_factory=dict)  #: by alias, of those made together
    own: int = 0

    def maker(self, alias: str) -> UserRef | None:
        """Who made an entry; None where Muse did, or somebody who is forgotten."""
        return self.people.get(self.pool[alias].author)

    @property
    def mine(self) -> tuple[Contender, ...]:
        """The reader's own entries in the pool."""
        return tuple(each for each in self.pool.values() if self.own and each.author == self.own)


@dataclass(frozen=True, slots=True)
class ResultNote:
    """What somebody who took part is told, with their next private card."""

    challenge: str
    number: int
    theme: str
    entry: Placed | None = None
    entries: int = 0  #: in the order
    shared: bool = False  #: whether its place is
    guesses: Guesser | None = None
    out: str = ""  #: why their entry is not in the order
    example: bool = False  #: whether it counts for nothing


@dataclass(frozen=True, slots=True)
class Told:
    """What all counted challenges come to. `numbers` names them, in the order of their closing;
    `weeks` is people's share against AI after each. `picks` are those between different makers.
    """

    verdict: Verdict
    numbers: tuple[int, ...]
    weeks: tuple[Estimate | None, ...]
    voters: int
    picks: int
    guessed: Guessed | None = None
