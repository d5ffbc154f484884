"""What the statistics of challenges are worked out from: duels, entries and guesses. Pure values.

They know no storage and no platform. Entries and voters go by names that their caller chooses; an
entry's name must be its own over all challenges that are handed in together. `Picks` holds the same
duels in columns, for arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bot.models import Origin

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]
    Flags = NDArray[np.bool_]


class Outcome(Enum):
    """What a voter picked; the value is what of the duel's one win goes to the left."""

    LEFT = 1.0
    RIGHT = 0.0
    BOTH = 0.5  #: "both good": half a win each


@dataclass(frozen=True, slots=True)
class Duel:
    """One voter's pick between two entries of a challenge. Skips are no duels."""

    challenge: str
    left: str
    right: str
    outcome: Outcome
    voter: str
    final: bool = False  #: a duel among the top eight: never in a verdict


@dataclass(frozen=True, slots=True)
class EntryInfo:
    """Who made an entry, as the results of its challenge tell it.

    `family` is the model family of an entry that a model wrote or helped with, else empty.
    """

    name: str
    challenge: str
    origin: Origin
    family: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """One voter's answer to “who wrote this?” on one entry."""

    entry: str
    origin: Origin
    voter: str


@dataclass(frozen=True, slots=True, eq=False)
class Picks:
    """Duels in columns: position d of every column is the same duel.

    `left`, `right` and `voter` are positions in `entries` and `voters`; `share` is what of the
    win went to the left: 1, 0 or ½.
    """

    entries: tuple[str, ...]
    voters: tuple[str, ...]
    left: Ints
    right: Ints
    share: Floats
    voter: Ints

    def __len__(self) -> int:
        return len(self.share)

    @property
    def appearances(self) -> Ints:
        """How many duels each entry was in, in the order of `entries`."""
        import numpy as np

        both = np.concatenate([self.left, self.right])
        return np.bincount(both, minlength=len(self.entries))


def picks(duels: Sequence[Duel], entries: Sequence[str]) -> Picks:
    """The duels in columns. `entries` names all there are, in any order, also those never shown.

    Raises KeyError for a duel with an entry that is not among them.
    """
    import numpy as np

    names = tuple(dict.fromkeys(entries))
    place = {name: n for n, name in enumerate(names)}
    voters = {name: n for n, name in enumerate(dict.fromkeys(duel.voter for duel in duels))}
    return Picks(
        names,
        tuple(voters),
        np.array([place[duel.left] for duel in duels], np.intp),
        np.array([place[duel.right] for duel in duels], np.intp),
        np.array([duel.outcome.value for duel in duels], np.float64),
        np.array([voters[duel.voter] for duel in duels], np.intp),
    )
