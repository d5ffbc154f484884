"""The verdict: are people's entries picked more often here, AI's, or those made together.

What is told of two sides is the first one's *win share* over all challenges, with two intervals:

* “So far”: the 95 % interval of the multiway bootstrap. It is told always, and would be right at a
  single look that was fixed beforehand.
* “Sure”: an interval that holds at every weekly look at once, and for all pairs of origins and all
  model families at once, with 95 %. Claims rest on it alone. It always contains the one “so far”.

**How the sure interval is found.** Who looks every week, and claims when the interval first leaves
50 %, is wrong far more often than 1 time in 20. So the error of 5 % is a budget, and it is spent:
4½ % on the three pairs of origins in equal parts, ½ % on the model families in equal parts
(Bonferroni). Half of a pair's part goes to its first look with enough evidence, half to all later
looks of a season of 52 (`bot.stats.anytime` has the bounds). Both bounds, turned from normal into
Student-t quantiles, multiply the multiway-clustered standard error (`bot.stats.multiway` says why
that one). The interval of the first look stays good for ever, so what both allow is told later,
widened to hold “so far” where it must. `benchmarks/season.py` measures what comes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.models import Origin
from bot.stats.anytime import first_bound, later_bound
from bot.stats.multiway import Crossed, Weights, bootstrap, clustered, student
from bot.stats.win_shares import (
    Estimate,
    Evidence,
    Material,
    Side,
    between,
    evidence,
    first_look,
    material,
    so_far,
)

if TYPE_CHECKING:
    import numpy as np

    from bot.stats.duels import Duel, EntryInfo, Floats

EQUAL = (0.45, 0.55)  #: an interval wholly within is called equal
SEASON = 52  #: weekly looks for which the error holds
ERROR, FAMILIES_ERROR = 0.045, 0.005  #: chance of any false claim: on origins, on model families
FIRST_LOOK = 0.5  #: what of a comparison's error is spent on its first look
ROUNDS = 1_000  #: of the bootstrap
UNDECLARED = (0.1, 0.2, 0.3)  #: shares of undeclared AI among `human` that are reckoned with


class Claim(StrEnum):
    """What may be said of two sides."""

    NONE = "none"  #: so far, nothing
    MORE = "more"  #: the first is picked more often
    LESS = "less"  #: the first is picked less often
    EQUAL = "equal"  #: they are picked equally often, within 45–55 %


PAIRS = (
    (Side(Origin.HUMAN), Side(Origin.AI)),
    (Side(Origin.HUMAN), Side(Origin.TOGETHER)),
    (Side(Origin.TOGETHER), Side(Origin.AI)),
)


@dataclass(frozen=True, slots=True)
class Undeclared:
    """The win share if this part of what was declared human was written by AI as good as Muse's."""

    part: float
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Comparison:
    """What there is to say of two sides. `so_far` is None without a single duel."""

    one: Side
    two: Side
    evidence: Evidence
    so_far: Estimate | None = None
    sure: Estimate | None = None  #: None until there is enough evidence
    claim: Claim = Claim.NONE
    undeclared: tuple[Undeclared, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The three pairs of origins, and people against each model family, by name."""

    pairs: tuple[Comparison, ...]
    families: tuple[Comparison, ...]


def verdict(
    duels: Sequence[Duel],
    entries: Sequence[EntryInfo],
    challenges: Sequence[str],
    rng: np.random.Generator,
    rounds: int = ROUNDS,
) -> Verdict:
    """The verdict over these challenges, named in the order in which they closed.

    Duels of other challenges are left out. Raises KeyError for a duel with an unknown entry.
    """
    found = material(duels, entries, challenges)
    weights = Weights.drawn(rng, rounds, len(entries), len(found.picks.voters))
    pairs = [_compare(found, *sides, weights, ERROR / len(PAIRS)) for sides in PAIRS]
    families = sorted({e.family for e in entries if e.origin is Origin.AI and e.family})
    each = FAMILIES_ERROR / max(1, len(families))
    people = Side(Origin.HUMAN)
    against = [
        _compare(found, people, Side(Origin.AI, family), weights, each) for family in families
    ]
    (with_ai, ai), (with_both, both), (between_them, them) = pairs
    models = None
    if between_them.so_far is not None and them is not None:
        models = 1.0 - between_them.so_far.share, 1.0 - them
    return Verdict(
        (
            replace(with_ai, undeclared=_undeclared(with_ai, ai, (0.5, 0.5))),
            replace(with_both, undeclared=_undeclared(with_both, both, models)),
            between_them,
        ),
        tuple(comparison for comparison, _ in against),
    )


def history(
    duels: Sequence[Duel],
    entries: Sequence[EntryInfo],
    challenges: Sequence[str],
    sides: tuple[Side, Side],
    rng: np.random.Generator,
    rounds: int = ROUNDS // 4,
) -> tuple[Estimate | None, ...]:
    """The estimate “so far” after each challenge; None as long as the two have not met."""
    found = material(duels, entries, challenges)
    weights = Weights.drawn(rng, rounds, len(entries), len(found.picks.voters))
    all_of_them = between(found, *sides)
    after = [all_of_them.where(all_of_them.challenge <= week) for week in range(len(challenges))]
    return tuple(so_far(part, bootstrap(part, weights)) if len(part) else None for part in after)


def _compare(
    found: Material, one: Side, two: Side, weights: Weights, error: float
) -> tuple[Comparison, Floats | None]:
    """What there is to say of two sides, and the shares that the bootstrap drew."""
    duels = between(found, one, two)
    compared = Comparison(one, two, evidence(duels))
    if not len(duels):
        return compared, None
    shares = bootstrap(duels, weights)
    estimate = so_far(duels, shares)
    compared = replace(compared, so_far=estimate)
    if compared.evidence.enough:
        surely = sure(duels, estimate, error)
        compared = replace(compared, sure=surely, claim=claim(surely))
    return compared, shares


def sure(duels: Crossed, estimate: Estimate, error: float) -> Estimate:
    """The interval that holds at all looks together but for this error, of enough evidence.

    It is what the first look and this one allow together, and holds `estimate`, the one “so far”.
    """
    first = first_look(duels)
    then = duels.where(duels.challenge <= first)
    low, high = _reach(then, first_bound(error * FIRST_LOOK))
    if len(then) < len(duels):
        season = SEASON * -(-(int(duels.challenge.max()) + 1) // SEASON)
        ever = later_bound(error * (1.0 - FIRST_LOOK), season / (first + 1))
        least, most = _reach(duels, ever)
        low, high = max(low, least), min(high, most)
        if low > high:  # the community has changed: the later look is told
            low, high = least, most
    low, high = max(0.0, min(low, estimate.low)), min(1.0, max(high, estimate.high))
    return Estimate(estimate.share, low, high)


def _reach(duels: Crossed, bound: float) -> tuple[float, float]:
    """The share less and plus `bound` standard errors."""
    spread = clustered(duels)
    half = student(bound, spread.freedom) * spread.variance**0.5
    share = float(duels.share.mean())
    return share - half, share + half


def claim(sure: Estimate) -> Claim:
    """What an interval that holds at all looks together allows to say."""
    if sure.low > 0.5:
        return Claim.MORE
    if sure.high < 0.5:
        return Claim.LESS
    if EQUAL[0] <= sure.low and sure.high <= EQUAL[1]:
        return Claim.EQUAL
    return Claim.NONE


def _undeclared(
    found: Comparison, shares: Floats | None, models: tuple[float, Floats | float] | None
) -> tuple[Undeclared, ...]:
    """What the share of people is if a part q of what they declared their own was AI's.

    What is seen is then (1 - q) x + q y, where y is how AI itself does against that side: `models`,
    as the share and as the bootstrap drew it. So x = (seen - q y) / (1 - q).
    """
    import numpy as np

    if shares is None or models is None or found.so_far is None:
        return ()
    reckoned = []
    for part in UNDECLARED:
        share = (found.so_far.share - part * models[0]) / (1.0 - part)
        drawn = (shares - part * models[1]) / (1.0 - part)
        figures = np.clip([share, *np.quantile(drawn, (0.025, 0.975))], 0.0, 1.0)
        reckoned.append(Undeclared(part, Estimate(*(float(each) for each in figures))))
    return tuple(reckoned)
