"""“Who wrote this?”: whether voters can tell, against what chance would get right.

Guesses on one entry are not independent (a piece that sounds like a machine sounds so to all), so
chance is a permutation: the same guesses, while the makers are dealt anew to the entries of each
challenge. Only where the right guesses are more than nearly all deals would give can people tell.
(Fisher's permutation test; Phipson and Smyth 2010, https://doi.org/10.2202/1544-6115.1585, for the
1 that is added above and below.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.models import Origin

if TYPE_CHECKING:
    import numpy as np

    from bot.stats.duels import EntryInfo, Floats, Guess

ROUNDS = 2_000  #: deals
_ORIGINS = tuple(Origin)


@dataclass(frozen=True, slots=True)
class Guessed:
    """How many guesses were right, as a share, and what chance alone would get right.

    `low` to `high` are the middle 95 % of chance; `odds` is how often chance gets as many right.
    """

    guesses: int
    right: float
    chance: float
    low: float
    high: float
    odds: float


def guessed(
    guesses: Sequence[Guess],
    entries: Sequence[EntryInfo],
    rng: np.random.Generator,
    rounds: int = ROUNDS,
) -> Guessed | None:
    """What the guesses come to; None without any.

    The entries of a challenge are all that its voters were asked about or not: makers are dealt
    over all of them. Raises KeyError for a guess on an unknown entry.
    """
    import numpy as np

    if not guesses:
        return None
    place = {entry.name: n for n, entry in enumerate(entries)}
    said = np.zeros((len(entries), len(_ORIGINS)))
    for guess in guesses:
        said[place[guess.entry], _ORIGINS.index(guess.origin)] += 1
    maker = np.array([_ORIGINS.index(entry.origin.guessed_as) for entry in entries])
    right = said[np.arange(len(entries)), maker].sum()
    dealt = np.zeros(rounds)
    for challenge in dict.fromkeys(entry.challenge for entry in entries):
        own = np.flatnonzero([entry.challenge == challenge for entry in entries])
        dealt += _dealt(said[own], maker[own], rng, rounds)
    odds = (1 + int((dealt >= right).sum())) / (1 + rounds)
    low, high = np.quantile(dealt, (0.025, 0.975)) / len(guesses)
    return Guessed(
        len(guesses),
        float(right) / len(guesses),
        float(dealt.mean()) / len(guesses),
        float(low),
        float(high),
        odds,
    )


def _dealt(
    said: Floats,
    maker: np.ndarray[tuple[int], np.dtype[np.intp]],
    rng: np.random.Generator,
    rounds: int,
) -> Floats:
    """How many guesses on one challenge's entries are right in each deal of its makers."""
    import numpy as np

    deals = rng.permuted(np.tile(maker, (rounds, 1)), axis=1)
    hits: Floats = said[np.arange(len(maker)), deals].sum(axis=1)
    return hits


def fooled(guesses: Sequence[Guess], entry: EntryInfo) -> float | None:
    """The share of guesses on this entry that named another maker; None without any."""
    own = [
        guess.origin is not entry.origin.guessed_as
        for guess in guesses
        if guess.entry == entry.name
    ]
    return sum(own) / len(own) if own else None
