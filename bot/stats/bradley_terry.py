"""How strong each entry of a challenge is, from picks between two.

The model (Bradley and Terry 1952, https://doi.org/10.2307/2334029): entry i is picked over entry j
with probability p = π_i / (π_i + π_j). What is told is the *strength* log π, of which a difference
of 0 is an even chance, 1 is 73 %, 2 is 88 %. It is found by Newman's iteration ("Efficient
Computation of Rankings from Pairwise Comparisons", JMLR 24 (238), 2023,
https://jmlr.org/papers/v24/22-1086.html):

    π_i ← Σ_j w_ij π_j / (π_i + π_j)  /  Σ_j w_ji / (π_i + π_j)

w_ij is how often i was picked over j; "both good" is half a win each. A weak prior keeps all finite
and in the right order (undefeated, never picked, never met): the *anchor*, an entry that nobody
sees, draws once with every entry. It is one more row in the table, and strengths are told from it.

All entries are worked on at once, and tables that differ only in their weights at once, too: that
is what makes a bootstrap quick. Newman works entry by entry, where each uses what the one before it
got; at once, the plain step can swing forever (two entries that only met each other swap places).
So each step starts from a mixture of where the last few ended (Anderson's mixing: Walker and Ni
2011, https://doi.org/10.1137/10078356X), which ends the swings and takes a third of the steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.stats.duels import Floats, Ints, Picks

ANCHOR_DRAWS = 1.0  #: how often the anchor draws with each entry
TOLERANCE = 1e-9  #: strengths are found when a step moves none of them by more
MEMORY = 5  #: how many ends before the last one are mixed in
ROOM = 24_000  #: numbers worked on at once: a processor's own memory holds them between two sums
LIMIT = 400  #: steps at most, of which a week takes a dozen or two; then Newton's method goes on


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Who met whom: for each entry, and for the anchor behind them all, its row of opponents.

    Cell c says that `owner[c]` met `other[c]`; `mirror[c]` is the same meeting as `other[c]` has
    it; row i begins at `rows[i]` and has `widths[i]` cells. `cell` is that of each duel's left
    entry.
    """

    entries: int
    owner: Ints
    other: Ints
    mirror: Ints
    rows: Ints
    widths: Ints
    cell: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What the picks say of each entry, in the order of `Picks.entries`.

    `strengths` are logarithms of π, the anchor's being 0. `wins` has a column for each of the
    table's cells: how often its owner was picked over the other, a draw counting one half.
    """

    table: Table
    wins: Floats
    strengths: Floats


def tabulate(picks: Picks) -> Table:
    """The table of meetings, without who won: the same for every weighting of the duels."""
    import numpy as np

    count = len(picks.entries)
    size = count + 1
    codes = picks.left * size + picks.right
    # A square of flags is quicker than a sort: a million of them for a thousand entries.
    met = np.zeros(size * size, np.bool_)
    met[codes] = met[picks.right * size + picks.left] = True
    square = met.reshape(size, size)
    square[count, :count] = square[:count, count] = True
    cells = np.flatnonzero(met)
    rows = np.searchsorted(cells, np.arange(size) * size)
    widths = np.diff(rows, append=len(cells))
    owner = np.repeat(np.arange(size), widths)
    other = owner * size
    np.subtract(cells, other, out=other)
    number = np.empty(size * size, np.intp)  # as numpy takes an index, without a copy
    number[cells] = np.arange(len(cells))
    np.multiply(other, size, out=cells)  # room that is not needed any more: new room is slow
    cells += owner
    return Table(count, owner, other, number[cells], rows, widths, number[codes])


def wins(table: Table, picks: Picks, weights: Floats | None = None) -> Floats:
    """Each cell's wins, the anchor's draws included; `weights` counts duels for more or less."""
    import numpy as np

    cells = len(table.owner)
    gained = picks.share if weights is None else picks.share * weights
    lost = (1.0 if weights is None else weights) - gained
    counted: Floats = np.bincount(table.cell, lost, cells)[table.mirror].astype(np.float64)
    counted += np.bincount(table.cell, gained, cells)
    counted[table.rows[-1] :] = ANCHOR_DRAWS / 2  # the anchor's row is the last …
    counted[table.rows[1:] - 1] = ANCHOR_DRAWS / 2  # … and its column ends each other's
    return counted


def fit(picks: Picks) -> Fit:
    """The strengths that explain the picks best."""
    table = tabulate(picks)
    counted = wins(table, picks)
    return Fit(table, counted, strengths(table, counted[None, :])[0])


def strengths(
    table: Table,
    wins: Floats,
    start: Floats | None = None,
    tolerance: float = TOLERANCE,
) -> Floats:
    """The strengths for each row of `wins` (one weighting of the same table), as rows.

    `start` is where to begin: strengths known for much the same picks.
    """
    import numpy as np

    if not table.entries:
        return np.zeros((len(wins), 0))
    lost = np.take(wins, table.mirror, axis=1)
    blocks = _blocks(table, len(wins))
    found = np.zeros((len(wins), table.entries + 1))
    if start is None:  # where the first step from equal strengths would end
        gained, given = (np.add.reduceat(each, table.rows, axis=1) for each in (wins, lost))
        found[:, :-1] = np.log(gained / given)[:, :-1]
    else:
        found[:, :-1] = start
    steps: list[Floats] = []
    ends: list[Floats] = []
    for _ in range(LIMIT):
        power = np.exp(found)
        end = np.log(np.hstack([_newman(table, each, wins, lost, power) for each in blocks]))
        end -= end[:, -1:]
        step = end - found
        if np.abs(step).max(initial=0.0) <= tolerance:
            reached: Floats = end[:, :-1]
            return reached
        steps, ends = [step, *steps[:MEMORY]], [end, *ends[:MEMORY]]
        found = _mixed(steps, ends)
    return np.stack(
        [
            _by_curvature(table, row, first, tolerance)
            for row, first in zip(wins, found, strict=True)
        ]
    )


def _blocks(table: Table, weightings: int) -> list[tuple[slice, slice]]:
    """The table in pieces of whole rows, for so many weightings: which rows, and their cells."""
    import numpy as np

    ends = table.rows + table.widths
    blocks, first = [], 0
    while first < len(ends):
        begin = table.rows[first]
        fitting = int(np.searchsorted(ends, begin + ROOM // weightings, side="right"))
        last = max(fitting, first + 1)
        blocks.append((slice(first, last), slice(begin, ends[last - 1])))
        first = last
    return blocks


def _newman(
    table: Table, block: tuple[slice, slice], wins: Floats, lost: Floats, power: Floats
) -> Floats:
    """Newman's step for the rows of a block, all of which start from `power`, as π."""
    import numpy as np

    rows, cells = block
    begins = table.rows[rows] - cells.start
    theirs = np.take(power, table.other[cells], axis=1, mode="clip")
    shared = np.repeat(power[:, rows], table.widths[rows], axis=1)
    shared += theirs
    np.divide(1.0, shared, out=shared)
    theirs *= shared
    theirs *= wins[:, cells]
    shared *= lost[:, cells]
    reached: Floats = np.add.reduceat(theirs, begins, axis=1)
    reached /= np.add.reduceat(shared, begins, axis=1)
    return reached


def _mixed(steps: list[Floats], ends: list[Floats]) -> Floats:
    """Where to go on from: the mixture of the last ends whose mixed step would be the shortest."""
    import numpy as np

    if len(steps) == 1:
        return ends[0]
    changes = np.stack([steps[0] - step for step in steps[1:]], axis=1)
    square = changes @ changes.swapaxes(1, 2)
    size = np.trace(square, axis1=1, axis2=2)[:, None, None]
    square += np.eye(len(changes[0])) * (size * 1e-12 + 1e-300)  # never singular
    share = np.linalg.solve(square, changes @ steps[0][:, :, None])
    moved = np.stack([ends[0] - end for end in ends[1:]], axis=1)
    mixture: Floats = ends[0] - (share * moved).sum(axis=1)
    return mixture


def _by_curvature(table: Table, wins: Floats, start: Floats, tolerance: float) -> Floats:
    """The same by Newton's method, which is slow with many entries but sure to get there.

    A hundred entries in one long line, each of which beat only the next, many times over, need it.
    No step goes further than 1, within which the likelihood's curvature changes little.
    """
    import numpy as np

    known = np.clip(np.nan_to_num(start[:-1]), -50.0, 50.0)
    met = wins + wins[table.mirror]
    for _ in range(LIMIT):
        chance = _chances(table, known)
        missing = np.add.reduceat(wins - met * chance, table.rows)[:-1]
        step = np.linalg.solve(_information(table, met, chance), missing)
        size = np.abs(step).max()
        known += step / max(1.0, size)
        if size <= tolerance:
            break
    return known


def chances(fit: Fit) -> Floats:
    """For each cell, the fitted chance that its owner is picked over the other."""
    return _chances(fit.table, fit.strengths)


def _chances(table: Table, strengths: Floats) -> Floats:
    import numpy as np

    known = np.append(strengths, 0.0)
    chance: Floats = 1.0 / (1.0 + np.exp(known[table.other] - known[table.owner]))
    return chance


def covariance(fit: Fit) -> Floats:
    """How uncertain the strengths are, and how much together: entries × entries.

    The inverse of the observed information of the picks and the anchor's draws, the anchor's
    strength being the 0 that all are told from: I_ii = Σ_j n_ij p_ij (1 - p_ij), and
    I_ij = -n_ij p_ij (1 - p_ij), n_ij being how often i met j.
    """
    import numpy as np

    met = fit.wins + fit.wins[fit.table.mirror]
    return np.asarray(np.linalg.inv(_information(fit.table, met, chances(fit))), np.float64)


def _information(table: Table, met: Floats, chance: Floats) -> Floats:
    import numpy as np

    weight = met * chance * (1.0 - chance)
    size = table.entries + 1
    information = np.zeros((size, size))
    information[table.owner, table.other] = -weight
    information[np.arange(size), np.arange(size)] = np.add.reduceat(weight, table.rows)
    return information[:-1, :-1]


def standard_errors(covariance: Floats) -> Floats:
    """Of each strength, told from the anchor."""
    import numpy as np

    errors: Floats = np.sqrt(np.diagonal(covariance))
    return errors


def errors_of_differences(covariance: Floats, entry: int) -> Floats:
    """Of each strength less the strength of one entry, by its position (0 for that one)."""
    import numpy as np

    own = np.diagonal(covariance)
    variance = own + own[entry] - 2.0 * covariance[entry]
    errors: Floats = np.sqrt(np.maximum(variance, 0.0))
    errors[entry] = 0.0
    return errors
