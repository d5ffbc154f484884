"""How sure a win share is, where the same entries and the same voters come again and again.

A duel depends on its two entries and its voter, and so on every other duel that shares one of them.
Counting duels as if each were a new toss (a pooled Wilson interval) is therefore wrong here: a few
strong entries and a few voters with strong views make many duels of the same opinion.

Two ways to reckon with it, told apart since each errs on its own side:

* `bootstrap`: the share is worked out anew in each round with weights for the duels, the product of
  one exponential weight for each of the two entries and one for the voter (Owen and Eckles,
  "Bootstrapping data arrays of arbitrary order", 2012, https://arxiv.org/abs/1106.2125). It counts
  a duel's own luck 7 times (2·2·2 - 1) instead of once and is careful for it, the more so the
  fewer duels an entry is in.
* `clustered`: the multiway-clustered variance (Cameron, Gelbach and Miller, "Robust Inference With
  Multiway Clustering", 2011, https://doi.org/10.1198/jbes.2010.07136), which counts every pair of
  duels that share something once. It is right on average whatever the size, so the rule for claims,
  which has to hold to a figure, is built on it.

With e = what went to the first side less the share, and S_f = Σ (sum of e within each group of f)²:

    clustered:  (S_a + S_b + S_v - S_ab - S_av - S_bv + S_abv) / n²
    bootstrap:  (S_a + S_b + S_v + S_ab + S_av + S_bv + S_abv) / n²,  about
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from bot.stats.duels import Flags, Floats, Ints

_AT_ONCE = 200_000  # weights multiplied at once


@dataclass(frozen=True, slots=True, eq=False)
class Crossed:
    """Duels between two sides, in columns: what went to the first side, who met, who picked.

    `one` and `two` number the entries of the two sides, `voter` the voters; `challenge` is the
    place of the duel's challenge in the order in which they closed.
    """

    share: Floats
    one: Ints
    two: Ints
    voter: Ints
    challenge: Ints

    def __len__(self) -> int:
        return len(self.share)

    @property
    def groups(self) -> tuple[int, int, int]:
        """How many entries of each side, and how many voters, there are in these duels."""
        one, two, voter = (_groups(each) for each in (self.one, self.two, self.voter))
        return one, two, voter

    def where(self, kept: Flags) -> Crossed:
        """Only these duels."""
        return Crossed(
            self.share[kept],
            self.one[kept],
            self.two[kept],
            self.voter[kept],
            self.challenge[kept],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """The exponential weights of every entry and every voter, as rounds × entries and voters.

    Drawn once for all comparisons, so that what two of them have in common moves both alike.
    """

    entries: Floats
    voters: Floats

    @classmethod
    def drawn(cls, rng: np.random.Generator, rounds: int, entries: int, voters: int) -> Weights:
        """New ones."""
        return cls(rng.exponential(size=(rounds, entries)), rng.exponential(size=(rounds, voters)))


@dataclass(frozen=True, slots=True)
class Spread:
    """The variance of a share, and how many degrees of freedom the estimate of it has.

    `bootstrapped` is about what the bootstrap's would be, without drawing it.
    """

    variance: float
    freedom: float
    bootstrapped: float


def clustered(duels: Crossed) -> Spread:
    """The multiway-clustered variance of the mean share.

    Each factor's own part is multiplied by G / (G - 1) for its G groups. The degrees of freedom
    are Satterthwaite's (1946, https://doi.org/10.2307/3002019), of the parts' sum. Where a thin
    table makes the difference negative, and below the parts' largest, the largest is taken.
    """
    import numpy as np

    error = duels.share - duels.share.mean()
    groups = duels.groups
    one, two, voter = duels.one, duels.two, duels.voter
    own = [
        float((np.bincount(factor, error) ** 2).sum()) * size / (size - 1) if size > 1 else 0.0
        for factor, size in zip((one, two, voter), groups, strict=True)
    ]
    seconds, voters = int(two.max()) + 1, int(voter.max()) + 1
    pairs = one * seconds + two
    shared = (
        _squares(pairs, error)
        + _squares(one * voters + voter, error)
        + _squares(two * voters + voter, error)
    )
    all_three = _squares(pairs * voters + voter, error)
    variance = max(sum(own) - shared + all_three, *own)
    weights = sum(part**2 / (size - 1) for part, size in zip(own, groups, strict=True) if size > 1)
    freedom = sum(own) ** 2 / weights if weights else 1.0
    square = len(duels) ** 2
    return Spread(variance / square, freedom, (sum(own) + shared + all_three) / square)


def _groups(numbers: Ints) -> int:
    import numpy as np

    return int(np.count_nonzero(np.bincount(numbers)))


def _squares(keys: Ints, error: Floats) -> float:
    """Σ (sum of the errors within each group of equal keys)²."""
    import numpy as np

    order = np.argsort(keys)
    sorted_keys = keys[order]
    starts = np.flatnonzero(np.diff(sorted_keys, prepend=sorted_keys[0] - 1))
    return float((np.add.reduceat(error[order], starts) ** 2).sum())


def bootstrap(duels: Crossed, weights: Weights) -> Floats:
    """The share that went to the first side, in each round."""
    import numpy as np

    width = max(1, _AT_ONCE // len(duels))
    found = []
    for first in range(0, len(weights.entries), width):
        entries = weights.entries[first : first + width]
        weight = np.take(weights.voters[first : first + width], duels.voter, axis=1)
        weight *= np.take(entries, duels.one, axis=1)
        weight *= np.take(entries, duels.two, axis=1)
        found.append(weight @ duels.share / weight.sum(axis=1))
    return np.concatenate(found)


def wilson(share: float, count: int, z: float) -> tuple[float, float]:
    """Wilson's interval of a share of so many independent picks (1927, doi 10.2307/2276774)."""
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2) / (1 + z * z / count)
    return centre - half, centre + half


def student(normal: float, freedom: float) -> float:
    """As many standard errors as a Student-t variable exceeds as seldom as a normal one `normal`.

    The expansion of Cornish and Fisher in 1/freedom (Abramowitz and Stegun 26.7.5), right to 1 %
    from 10 degrees of freedom for tails down to 1 in 2,000.
    """
    one = (normal**3 + normal) / 4.0
    two = (5 * normal**5 + 16 * normal**3 + 3 * normal) / 96.0
    three = (3 * normal**7 + 19 * normal**5 + 17 * normal**3 - 15 * normal) / 384.0
    return normal + one / freedom + two / freedom**2 + three / freedom**3
