"""Voters whose picks are unlike the rest's: shown to organisers only, and never dropped.

Alternative accounts that push one entry pick against what everybody else finds. So does an honest
person with a taste of their own. That can't be told apart from picks, so both are named in the same
plain words, “picks unlike the rest”, beside how often an honest person of quite another taste would
be.

For a voter's picks d, with x the difference in strength of the two entries by the fit *without this
voter*, p = 1 / (1 + exp(-x)) the chance expected for the left, and s what they gave it:

    z = Σ x (s - p) / √(Σ x² p (1 - p))

the standardised log-likelihood of their picks (a person-fit index: Drasgow, Levine and Williams
1985, https://doi.org/10.1111/j.2044-8317.1985.tb00817.x). Picks between entries that are about
equally strong count for little, as they should. Below -2, with ten picks or more, it is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from bot.stats.bradley_terry import AT_ONCE, strengths, tabulate, wins

if TYPE_CHECKING:
    from bot.stats.duels import Floats, Picks

LEAST = 10  #: picks, below which nothing is said of a voter
UNLIKE = -2.0  #: the z below which their picks are unlike the rest's


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a voter's picks are like the rest's.

    `own_taste` is the chance that an honest person who shares nothing of the others' taste would
    be found unlike on the very same pairs; `same_taste` that of one who shares it all (1 in 44).
    """

    voter: str
    picks: int
    z: float
    own_taste: float
    same_taste: float = NormalDist().cdf(UNLIKE)

    @property
    def unlike(self) -> bool:
        """Whether to tell organisers."""
        return self.picks >= LEAST and self.z < UNLIKE


def likenesses(picks: Picks) -> tuple[Likeness, ...]:
    """Of all voters, in the order of `picks.voters`."""
    import numpy as np

    count = len(picks.voters)
    if not count:
        return ()
    known = _without_each(picks)
    gap = known[picks.voter, picks.left] - known[picks.voter, picks.right]
    chance = 1.0 / (1.0 + np.exp(-gap))

    def summed(figures: Floats) -> Floats:
        return np.bincount(picks.voter, figures, count).astype(np.float64, copy=False)

    off = summed(gap * (picks.share - chance))
    spread = np.sqrt(np.maximum(summed(gap**2 * chance * (1.0 - chance)), 1e-12))
    # A taste of one's own picks either with even chances, whatever the fit expects.
    off_alone, spread_alone = summed(gap * (0.5 - chance)), np.sqrt(summed(gap**2 / 4.0))
    made = np.bincount(picks.voter, minlength=count)
    alone = [
        NormalDist(mean, max(float(sd), 1e-6)).cdf(UNLIKE)
        for mean, sd in zip(off_alone / spread, spread_alone / spread, strict=True)
    ]
    return tuple(
        Likeness(voter, int(n), float(z), chance_alone)
        for voter, n, z, chance_alone in zip(picks.voters, made, off / spread, alone, strict=True)
    )


def _without_each(picks: Picks) -> Floats:
    """The strengths as the others' picks have them, for each voter: voters × entries."""
    import numpy as np

    table, count = tabulate(picks), len(picks.voters)
    every = strengths(table, wins(table, picks)[None])[0]
    found = np.empty((count, table.entries))
    width = max(1, AT_ONCE // len(table.first))
    for first in range(0, count, width):
        voters = range(first, min(first + width, count))
        others = [wins(table, picks, (picks.voter != one).astype(np.float64)) for one in voters]
        found[first : voters.stop] = strengths(table, np.stack(others), every, 1e-6)
    return found
