"""How sure the order of a challenge is: 95 % intervals, and who shares the first place.

There are two ways to be unsure. Few picks: that is the fit's observed information. And few voters,
each with a taste of their own that shows in all their picks: that is the voter bootstrap, in which
the fit is made again and again with another exponential weight for each voter (Rubin's Bayesian
bootstrap, 1981, https://doi.org/10.1214/aos/1176345338, over voters rather than picks). Each misses
what the other sees, so the wider of the two is told.

“Both good” leaves less to chance than a choice does: a share t of such picks takes about t off the
variance of a win. The information doesn't know that, so its variance is multiplied by 1 - t, by a
half at the least (McCullagh and Nelder's quasi-likelihood, https://doi.org/10.1201/9780203753736,
with the dispersion taken from the share of ties).

Strengths are told from the mean of the challenge's entries, so that an interval says how an entry
stands to the others it was shown with, and not to the anchor, whom nobody saw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.stats.bradley_terry import AT_ONCE, Fit, covariance, fit, strengths, wins

if TYPE_CHECKING:
    import numpy as np

    from bot.stats.duels import Flags, Floats, Picks

Z95 = 1.959964  #: how many standard errors to either side hold the truth 19 times in 20
ROUNDS = 400  #: of the bootstrap: enough to know its spread to 4 %
SHARED = 5  #: how many may share the first place
ENOUGH = 10  #: appearances, below which an entry is too close to call
_ALIKE = 1e-6  # strengths that differ by less are the same place
_ROUGHLY = 1e-4  # how well a bootstrap's strengths need to be found


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one entry stands.

    `strength` and its 95 % interval are told from the mean of the challenge. `place` counts from
    1; entries of equal strength, and those that share the first place, have the same one. `close`:
    “too close to call”, it was in fewer than ten duels, or it is first by order alone.
    """

    entry: str
    place: int
    strength: float
    low: float
    high: float
    appearances: int
    close: bool

    @property
    def chance(self) -> tuple[float, float, float]:
        """The same for people: the chance of being picked over an average entry; low, high."""
        first, low, high = (_chance(each) for each in (self.strength, self.low, self.high))
        return first, low, high


def _chance(strength: float) -> float:
    return 1.0 / (1.0 + math.exp(-strength))


@dataclass(frozen=True, slots=True, eq=False)
class Errors:
    """How unsure a fit is. `spread` are standard errors of strengths told from their mean.

    `apart[i]` are those of the differences to the strongest entry.
    """

    spread: Floats
    apart: Floats


def ranking(picks: Picks, rng: np.random.Generator, rounds: int = ROUNDS) -> tuple[Standing, ...]:
    """All entries in order, the strongest first; of equals, the first in `picks.entries`."""
    import numpy as np

    if not picks.entries:
        return ()
    fitted = fit(picks)
    unsure = errors(fitted, picks, voter_bootstrap(fitted, picks, rng, rounds))
    known = fitted.strengths - fitted.strengths.mean()
    order = np.argsort(-known.round(7), kind="stable")
    shown = picks.appearances
    shared = _first(known, unsure.apart, shown >= ENOUGH)
    places = _places(known[order], [bool(shared[n]) for n in order])
    alone = not shared.any()
    return tuple(
        Standing(
            picks.entries[n],
            place,
            float(known[n]),
            float(known[n] - Z95 * unsure.spread[n]),
            float(known[n] + Z95 * unsure.spread[n]),
            int(shown[n]),
            bool(shown[n] < ENOUGH) or (alone and place == 1),
        )
        for n, place in zip(order, places, strict=True)
    )


def _first(known: Floats, apart: Floats, enough: Flags) -> Flags:
    """Who is first: those not told from the strongest, and whoever is stronger than one of them.

    Nobody where that are too many, or where one of them was in too few duels to say.
    """
    import numpy as np

    strongest = known.max()
    near = strongest - known <= Z95 * apart + _ALIKE
    first: Flags = known >= known[near].min()
    if first.sum() > SHARED or not enough[first].all():
        return np.zeros_like(first)
    return first


def _places(known: Floats, first: Sequence[bool]) -> list[int]:
    """The places of entries in order: those that share the first come before all others."""
    places: list[int] = []
    for n, strength in enumerate(known):
        equal = n > 0 and known[n - 1] - strength < _ALIKE
        places.append(1 if first[n] else places[-1] if equal else n + 1)
    return places


def errors(fitted: Fit, picks: Picks, seen: Floats) -> Errors:
    """The wider of what the information and the voter bootstrap (`seen`) say, entry by entry."""
    import numpy as np

    best = int(fitted.strengths.round(7).argmax())
    told = covariance(fitted) * dispersion(picks)
    # Told from the mean: the covariance of C x, C being the identity less 1/n everywhere.
    centred = told - told.mean(axis=0) - told.mean(axis=1)[:, None] + told.mean()
    own = np.diagonal(told)
    return Errors(
        np.sqrt(np.maximum(np.diagonal(centred), _variance(seen - seen.mean(axis=1)[:, None]))),
        np.sqrt(np.maximum(own + own[best] - 2 * told[best], _variance(seen - seen[:, [best]]))),
    )


def dispersion(picks: Picks) -> float:
    """How much of a choice's variance is left by the picks of “both good”: ½ to 1."""
    import numpy as np

    return max(0.5, 1.0 - float(np.mean(picks.share == 0.5))) if len(picks) else 1.0


def _variance(seen: Floats) -> Floats:
    import numpy as np

    variance: Floats = np.var(seen, axis=0, ddof=1)
    return variance


def voter_bootstrap(
    fitted: Fit, picks: Picks, rng: np.random.Generator, rounds: int = ROUNDS
) -> Floats:
    """The strengths of each entry in each round, as rounds × entries. Two rounds at least."""
    import numpy as np

    table, found = fitted.table, np.empty((rounds, fitted.table.entries))
    width = max(1, AT_ONCE // len(table.first))
    for first in range(0, rounds, width):
        drawn = rng.exponential(size=(min(width, rounds - first), len(picks.voters)))
        weighted = np.stack([wins(table, picks, weight[picks.voter]) for weight in drawn])
        found[first : first + width] = strengths(table, weighted, fitted.strengths, _ROUGHLY)
    return found
