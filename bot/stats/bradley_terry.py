"""How strong each entry of a challenge is, from picks between two.

The model (Bradley and Terry 1952, https://doi.org/10.2307/2334029): entry i is picked over entry j
with probability p = π_i / (π_i + π_j). What is told is the *strength* log π, of which a difference
of 0 is an even chance, 1 is 73 %, 2 is 88 %. It is found by Newman's iteration ("Efficient
Computation of Rankings from Pairwise Comparisons", JMLR 24 (238), 2023,
https://jmlr.org/papers/v24/22-1086.html):

    π_i ← Σ_j w_ij π_j / (π_i + π_j)  /  Σ_j w_ji / (π_i + π_j)

w_ij is how often i was picked over j; "both good" is half a win each. A weak prior keeps all finite
and in the right order (undefeated, never picked, never met): the *anchor*, an entry that nobody
sees, draws once with every entry. It is one more in the table, and strengths are told from it.

Near the end a step changes the sum above the line little, and less work does the same: with that
sum kept as it was, the strength goes on by the wins that are not explained yet over it,

    log π_i ← log π_i + (Σ_j w_ij - π_i Σ_j (w_ij + w_ji) / (π_i + π_j)) / what was kept

which ends where Newman's ends, since what is above its line less what is below, times π_i, are
just those wins.

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
    from bot.stats.duels import Flags, Floats, Ints, Picks

ANCHOR_DRAWS = 1.0  #: how often the anchor draws with each entry
TOLERANCE = 1e-9  #: strengths are found when a step moves none of them by more
NEAR = 0.1  #: the step below which the next ones are the short ones
MEMORY = 5  #: how many ends before the last one are mixed in
LIMIT = 400  #: steps at most, of which a week takes a dozen or two; then Newton's method goes on
AT_ONCE = 50_000  #: pairs, times weightings, best worked on at once: what a processor's cache holds


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Who met whom, each pair once, and the anchor with all; its position is `entries`.

    Pair c is that of `first[c]` and `second[c]`, the first being the lower position. They are in
    order, so that those of which entry i is the first begin at `begins[i]` and are `widths[i]`; the
    last of them is the one with the anchor. `pair` is that of each duel, and `forth` whether its
    left entry is the first of the two.
    """

    entries: int
    first: Ints
    second: Ints
    begins: Ints
    widths: Ints
    pair: Ints
    forth: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What the picks say of each entry, in the order of `Picks.entries`.

    `strengths` are logarithms of π, the anchor's being 0. `wins` has a column for each of the
    table's pairs and two rows: how often the first of the two was picked over the second, and the
    second over the first, a draw counting one half.
    """

    table: Table
    wins: Floats
    strengths: Floats


def tabulate(picks: Picks) -> Table:
    """The table of meetings, without who won: the same for every weighting of the duels."""
    import numpy as np

    count = len(picks.entries)
    size = count + 1
    codes = np.minimum(picks.left, picks.right) * size + np.maximum(picks.left, picks.right)
    # A square of flags is quicker than a sort: a million of them for a thousand entries.
    met = np.zeros(size * size, np.bool_)
    met[codes] = True
    met[count::size][:count] = True  # the anchor's column
    pairs = np.flatnonzero(met)
    number = np.empty(size * size, np.intp)  # as numpy takes an index, without a copy
    number[pairs] = np.arange(len(pairs))
    begins = np.searchsorted(pairs, np.arange(count) * size)
    widths = np.diff(begins, append=len(pairs))
    first = np.repeat(np.arange(count), widths)
    pairs -= first * size
    return Table(count, first, pairs, begins, widths, number[codes], picks.left < picks.right)


def wins(table: Table, picks: Picks, weights: Floats | None = None) -> Floats:
    """Each pair's wins, the anchor's draws included; `weights` counts duels for more or less."""
    import numpy as np

    share = np.where(table.forth, picks.share, 1.0 - picks.share)
    counted = np.empty((2, len(table.first)))
    for row, part in zip(counted, (share, 1.0 - share), strict=True):
        row[:] = np.bincount(table.pair, part if weights is None else part * weights, len(row))
    counted[:, table.second == table.entries] = ANCHOR_DRAWS / 2
    return counted


def fit(picks: Picks) -> Fit:
    """The strengths that explain the picks best."""
    table = tabulate(picks)
    counted = wins(table, picks)
    return Fit(table, counted, strengths(table, counted[None])[0])


def strengths(
    table: Table,
    wins: Floats,
    start: Floats | None = None,
    tolerance: float = TOLERANCE,
) -> Floats:
    """The strengths for each of `wins` (weightings of the same table), as rows.

    `start` is where to begin: strengths known for much the same picks.
    """
    import numpy as np

    if not table.entries:
        return np.zeros((len(wins), 0))
    won, lost = wins[:, 0], wins[:, 1]
    seconds = _seconds(table, len(wins))
    had = _sums(table, seconds, won, lost)
    found = np.zeros_like(had)
    if start is None:  # where the first step from equal strengths would end
        found[:, :-1] = np.log(had / _sums(table, seconds, lost, won))[:, :-1]
    else:
        found[:, :-1] = start
    met = won + lost
    kept: Floats | None = None
    steps: list[Floats] = []
    ends: list[Floats] = []
    for _ in range(LIMIT):
        power = np.exp(found)
        if kept is None:
            above, below = _newman(table, seconds, won, lost, power)
            step = np.log(above / below) - found
        else:
            step = (had - _expected(table, seconds, met, power)) / kept
        step -= step[:, -1:]
        size = np.abs(step).max(initial=0.0)
        end = found + step
        if size <= tolerance:
            reached: Floats = end[:, :-1]
            return reached
        if size > NEAR:
            kept = None
        elif kept is None:
            kept = above
        steps, ends = [step, *steps[:MEMORY]], [end, *ends[:MEMORY]]
        found = _mixed(steps, ends)
    return np.stack(
        [
            _by_curvature(table, each, first[:-1], tolerance)
            for each, first in zip(wins, found, strict=True)
        ]
    )


def _seconds(table: Table, weightings: int) -> Ints:
    """Where each pair's second entry is in sums for so many weightings, one after the other."""
    import numpy as np

    places: Ints = table.second + np.arange(weightings)[:, None] * (table.entries + 1)
    return places.ravel()


def _sums(table: Table, seconds: Ints, of_first: Floats, of_second: Floats) -> Floats:
    """For each entry, and the anchor last: what its pairs have for it, as first or as second."""
    import numpy as np

    shape = len(of_first), table.entries + 1
    counted = np.bincount(seconds, of_second.ravel(), shape[0] * shape[1])
    summed: Floats = counted.astype(np.float64, copy=False).reshape(shape)
    summed[:, :-1] += np.add.reduceat(of_first, table.begins, axis=1)
    return summed


def _newman(
    table: Table, seconds: Ints, won: Floats, lost: Floats, power: Floats
) -> tuple[Floats, Floats]:
    """What is above and below the line in Newman's iteration, from `power`, as π."""
    first, second = _powers(table, power)
    shared = 1.0 / (first + second)
    won, lost = won * shared, lost * shared
    below = _sums(table, seconds, lost, won)
    won *= second
    lost *= first
    return _sums(table, seconds, won, lost), below


def _expected(table: Table, seconds: Ints, met: Floats, power: Floats) -> Floats:
    """How many wins each entry would have on the average, were `power` right."""
    import numpy as np

    shared, second = _powers(table, power)
    shared += second
    np.divide(met, shared, out=shared)
    expected: Floats = _sums(table, seconds, shared, shared)
    expected *= power
    return expected


def _powers(table: Table, power: Floats) -> tuple[Floats, Floats]:
    """π of each pair's first entry and of its second."""
    import numpy as np

    first = np.repeat(power[:, :-1], table.widths, axis=1)
    return first, np.take(power, table.second, axis=1, mode="clip")


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

    known = np.clip(np.nan_to_num(start), -50.0, 50.0)
    (won, lost), seconds = wins, _seconds(table, 1)
    for _ in range(LIMIT):
        chance = _chances(table, known)
        missing = (won - (won + lost) * chance)[None]
        short = _sums(table, seconds, missing, -missing)[0, :-1]
        step = np.linalg.solve(_information(table, won + lost, chance), short)
        size = np.abs(step).max()
        known += step / max(1.0, size)
        if size <= tolerance:
            break
    return known


def chances(fit: Fit) -> Floats:
    """For each pair, the fitted chance that its first is picked over its second."""
    return _chances(fit.table, fit.strengths)


def _chances(table: Table, strengths: Floats) -> Floats:
    import numpy as np

    known = np.append(strengths, 0.0)
    chance: Floats = 1.0 / (1.0 + np.exp(known[table.second] - known[table.first]))
    return chance


def covariance(fit: Fit) -> Floats:
    """How uncertain the strengths are, and how much together: entries × entries.

    The inverse of the observed information of the picks and the anchor's draws, the anchor's
    strength being the 0 that all are told from: I_ii = Σ_j n_ij p_ij (1 - p_ij), and
    I_ij = -n_ij p_ij (1 - p_ij), n_ij being how often i met j.
    """
    import numpy as np

    information = _information(fit.table, fit.wins.sum(axis=0), chances(fit))
    return np.asarray(np.linalg.inv(information), np.float64)


def _information(table: Table, met: Floats, chance: Floats) -> Floats:
    import numpy as np

    weight = met * chance * (1.0 - chance)
    size = table.entries + 1
    information = np.zeros((size, size))
    information[table.first, table.second] = information[table.second, table.first] = -weight
    information[np.diag_indices(size)] = _sums(
        table, _seconds(table, 1), weight[None], weight[None]
    )
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
