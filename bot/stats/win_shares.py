"""Duels between two sides, over all challenges: how much there is, and the win share “so far”.

Counted are blind duels between two different origins. Finals are left out: their pairs were chosen
by the success they had had. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.models import Origin
from bot.stats.duels import picks
from bot.stats.multiway import Crossed, wilson

if TYPE_CHECKING:
    from bot.stats.duels import Duel, EntryInfo, Flags, Floats, Ints, Picks

ENTRIES, CHALLENGES, VOTERS = 40, 8, 30  #: what a claim needs: entries a side, challenges, voters
_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Side:
    """An origin, or with `family` only what models of that family wrote."""

    origin: Origin
    family: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A win share of the first side, and an interval for it, all between 0 and 1."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much there is on two sides. An entry counts when it met one of the other side."""

    ones: int
    twos: int
    challenges: int
    voters: int
    duels: int

    @property
    def missing(self) -> tuple[int, int, int, int]:
        """What a claim still needs: entries of the first and second side, challenges, voters."""
        had = (self.ones, self.twos, self.challenges, self.voters)
        needed = (ENTRIES, ENTRIES, CHALLENGES, VOTERS)
        ones, twos, challenges, voters = (
            max(0, wanted - got) for wanted, got in zip(needed, had, strict=True)
        )
        return ones, twos, challenges, voters

    @property
    def enough(self) -> bool:
        """Whether a claim may be made at all."""
        return not any(self.missing)


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """All duels that may count, in columns, with what is known of the entries."""

    picks: Picks
    entries: Sequence[EntryInfo]
    challenge: Ints


def material(
    duels: Sequence[Duel], entries: Sequence[EntryInfo], challenges: Sequence[str]
) -> Material:
    """The duels of these challenges, named in the order in which they closed, without finals.

    Raises KeyError for a duel with an unknown entry.
    """
    import numpy as np

    order = {name: place for place, name in enumerate(challenges)}
    counted = [duel for duel in duels if not duel.final and duel.challenge in order]
    place = np.array([order[duel.challenge] for duel in counted], np.intp)
    return Material(picks(counted, [entry.name for entry in entries]), entries, place)


def between(found: Material, one: Side, two: Side) -> Crossed:
    """The duels between two sides, as the first one sees them."""
    import numpy as np

    table = found.picks
    ours, theirs = _of(one, found.entries), _of(two, found.entries)
    forth = ours[table.left] & theirs[table.right]
    back = theirs[table.left] & ours[table.right]
    columns = Crossed(
        np.where(forth, table.share, 1.0 - table.share),
        np.where(forth, table.left, table.right),
        np.where(forth, table.right, table.left),
        table.voter,
        found.challenge,
    )
    return columns.where(forth | back)


def _of(side: Side, entries: Sequence[EntryInfo]) -> Flags:
    import numpy as np

    family = side.family
    return np.array(
        [e.origin is side.origin and (not family or e.family == family) for e in entries], np.bool_
    )


def evidence(duels: Crossed) -> Evidence:
    """How much there is in these duels."""
    import numpy as np

    return Evidence(*duels.groups[:2], len(np.unique(duels.challenge)), duels.groups[2], len(duels))


def first_look(duels: Crossed) -> int:
    """The place of the challenge after which there was enough evidence, of duels that are enough.

    It depends on how much there was, never on who won: what is picked can't choose its own look.
    """
    import numpy as np

    order = np.argsort(duels.challenge, kind="stable")
    closed = duels.challenge[order]

    def reached(numbers: Ints, needed: int) -> int:
        _, first = np.unique(numbers[order], return_index=True)
        return int(np.sort(closed[first])[needed - 1])

    return max(
        reached(duels.one, ENTRIES),
        reached(duels.two, ENTRIES),
        reached(duels.challenge, CHALLENGES),
        reached(duels.voter, VOTERS),
    )


def so_far(duels: Crossed, shares: Floats) -> Estimate:
    """The share and its 95 % interval, from the shares that the bootstrap drew.

    Never narrower than Wilson's for as many independent picks: of a single duel the bootstrap
    would be certain. Of duels between two sides, one at least.
    """
    import numpy as np

    share = float(duels.share.mean())
    low, high = (float(each) for each in np.quantile(shares, (0.025, 0.975)))
    least, most = wilson(share, len(duels), _Z95)
    return Estimate(share, max(0.0, min(low, least)), min(1.0, max(high, most)))
