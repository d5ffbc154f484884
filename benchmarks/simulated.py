"""Simulated weeks and seasons of challenges: entries of known strength, voters of known taste.

The model of a pick: voter v finds entry i as good as θ_i, plus what v thinks of i's origin, plus
v's own taste for i; says “both good” with a fixed chance, and else picks i over j with the chance
1 / (1 + exp(-(the difference))). Strengths θ are normal. Who is offered what is decided by
`bot.stats.pairing` itself, with voters coming in any order and some entries' authors among them;
since that doesn't depend on picks, each size is played a few times and its offers are used for many
weeks, the entries being dealt anew to the numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from bot.models import Origin
from bot.stats.duels import EntryInfo, Picks
from bot.stats.pairing import MOST, Ballot, Pair, Shown, next_pair, pair
from bot.stats.win_shares import Material

if TYPE_CHECKING:
    from bot.stats.duels import Floats, Ints

Rng = np.random.Generator
ORIGINS = (Origin.HUMAN, Origin.AI, Origin.TOGETHER)
DESIGNS = 12  #: times the pairing is played for each size


@dataclass(frozen=True, slots=True)
class Taste:
    """How voters differ and tie. All but `ties` are standard deviations of strengths."""

    entries: float = 1.0  #: of the entries' strengths
    own: float = 0.0  #: of what a voter thinks of an entry and others don't
    origin: float = 0.0  #: of what a voter thinks of an origin, in all weeks
    ties: float = 0.0  #: the chance of “both good”


@dataclass(frozen=True, slots=True, eq=False)
class Offers:
    """Who was shown which two, in columns."""

    left: Ints
    right: Ints
    voter: Ints


def offers(entries: int, quotas: Sequence[int], rng: Rng) -> Offers:
    """What the pairing shows voters with these quotas; half of the entries' authors vote."""
    return _designs(entries, tuple(quotas))[int(rng.integers(DESIGNS))]


@cache
def _designs(entries: int, quotas: tuple[int, ...]) -> list[Offers]:
    return [_played(entries, quotas, Random(seed)) for seed in range(DESIGNS)]


def _played(entries: int, quotas: tuple[int, ...], rng: Random) -> Offers:
    shown, met = [0] * entries, defaultdict[Pair, int](int)
    had: list[set[Pair]] = [set() for _ in quotas]
    authors = min(entries, len(quotas)) // 2
    waiting, rows = list(range(len(quotas))), []
    while waiting:
        voter = rng.choice(waiting)
        own = (voter,) if voter < authors else ()
        quota = min(quotas[voter], MOST)
        ballot = Ballot(Shown(shown, met), own, had[voter], str(rng.random()), quota)
        offer = next_pair(ballot)
        if offer is None:
            waiting.remove(voter)
            continue
        both = pair(offer.left, offer.right)
        had[voter].add(both)
        met[both] += 1
        for entry in both:
            shown[entry] += 1
        rows.append((offer.left, offer.right, voter))
    left, right, voters = np.array(rows, np.intp).T
    return Offers(left, right, voters)


def picked(offered: Offers, liked: Floats, ties: float, rng: Rng) -> Floats:
    """What goes to the left in each duel; `liked` is how good voters find entries (v × i)."""
    gap = liked[offered.voter, offered.left] - liked[offered.voter, offered.right]
    share = (rng.random(len(gap)) < 1.0 / (1.0 + np.exp(-gap))).astype(np.float64)
    share[rng.random(len(gap)) < ties] = 0.5
    return share


def columns(offered: Offers, share: Floats, entries: int) -> Picks:
    """Duels as the statistics take them."""
    voters = int(offered.voter.max()) + 1
    return Picks(
        tuple(map(str, range(entries))),
        tuple(map(str, range(voters))),
        offered.left,
        offered.right,
        share,
        offered.voter,
    )


def liked(strengths: Floats, voters: int, own: float, rng: Rng) -> Floats:
    """How good each voter finds each entry."""
    found: Floats = strengths + own * rng.normal(size=(voters, len(strengths)))
    return found


def expected(gap: Floats, spread: float, ties: float) -> Floats:
    """The share of picks over a gap in strength, among voters whose own gaps have this spread."""
    points, weights = np.polynomial.hermite_e.hermegauss(41)
    chance = 1.0 / (1.0 + np.exp(-(gap[..., None] + spread * points)))
    share: Floats = ties / 2 + (1.0 - ties) * (chance @ (weights / weights.sum()))
    return share


def truth(strengths: Floats, taste: Taste) -> Floats:
    """The strengths that endlessly many voters and duels would give, told from their mean."""
    share = expected(strengths[:, None] - strengths, taste.own * 2**0.5, taste.ties)
    found = np.zeros(len(strengths))
    for _ in range(300):
        fitted = 1.0 / (1.0 + np.exp(found - found[:, None]))
        step = 0.5 * (share - fitted).sum(axis=1) / (fitted * (1.0 - fitted)).sum(axis=1)
        found += step - step.mean()
        if np.abs(step).max() < 1e-7:
            break
    return found


@dataclass(frozen=True, slots=True)
class Season:
    """A year of challenges: entries a week by origin (human, AI, together), voters, their picks."""

    sizes: tuple[int, int, int]
    voters: int
    each: int
    taste: Taste
    weeks: int = 52

    @property
    def name(self) -> str:
        """Its figures in words."""
        entries = "+".join(str(size) for size in self.sizes if size)
        taste = self.taste
        return (
            f"{entries} entries, {self.voters} voters × {self.each}, sd {taste.entries:g}/"
            f"{taste.origin:g}/{taste.own:g}, ties {taste.ties:.0%}"
        )

    def played(self, lead: float, rng: Rng) -> Material:
        """All its duels; human entries are stronger by `lead`. The voters are the same all year."""
        entries, taste = sum(self.sizes), self.taste
        fixed = np.repeat(np.arange(3), self.sizes)
        views = taste.origin * rng.normal(size=(self.voters, 3))
        parts: list[tuple[Ints, Ints, Floats, Ints]] = []
        infos: list[EntryInfo] = []
        for week in range(self.weeks):
            offered = offers(entries, [self.each] * self.voters, rng)
            offered = Offers(
                offered.left, offered.right, rng.permutation(self.voters)[offered.voter]
            )
            origin = rng.permutation(fixed)
            strengths = taste.entries * rng.normal(size=entries) + lead * (origin == 0)
            how = liked(strengths, self.voters, taste.own, rng) + views[:, origin]
            share = picked(offered, how, taste.ties, rng)
            before = week * entries
            parts.append((offered.left + before, offered.right + before, share, offered.voter))
            infos += [EntryInfo(f"{week} {n}", str(week), ORIGINS[o]) for n, o in enumerate(origin)]
        left, right, shares, voters = (
            np.concatenate([part[column] for part in parts]) for column in range(4)
        )
        names = tuple(info.name for info in infos)
        table = Picks(
            names,
            tuple(map(str, range(self.voters))),
            left.astype(np.intp),
            right.astype(np.intp),
            shares,
            voters.astype(np.intp),
        )
        week_of = np.repeat(np.arange(self.weeks), [len(part[0]) for part in parts])
        return Material(table, infos, week_of)

    def lead_for(self, share: float) -> float:
        """How much stronger human entries must be for this true win share."""
        taste = self.taste
        spread = (2 * (taste.entries**2 + taste.own**2 + taste.origin**2)) ** 0.5
        low, high = 0.0, 10.0
        for _ in range(60):
            middle = (low + high) / 2
            if float(expected(np.array(middle), spread, taste.ties)) < share:
                low = middle
            else:
                high = middle
        return high
