"""What a community's votes teach about lenses, and which lenses a round is given.

A lens's record is a Beta distribution over its *rate*: the share of its siblings in a round that
its entry beats, one half for a lens neither better nor worse than those it stands beside. Lenses
are chosen by Thompson sampling with several places a round (Thompson 1933; Komiyama, Honda and
Nakagawa 2015), except for one place, which is drawn evenly from the lenses left over, so that no
lens is ever lost from sight. Tastes change, so records fade towards the prior with each closed
round (discounted Thompson sampling: Raj and Kalyani 2017, arXiv 1707.09727).

Pure. Lenses go by name; only a closed round's AI entries may teach anything, and a round without
a vote, in which all would tie, has nothing to teach: leaving those out is up to the caller.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

#: What is left of a record's evidence after one more closed round: half of it after 69 rounds.
#: Evidence never exceeds 1/(1 - DISCOUNT) = 100 rounds, for a lens that is in all of them.
DISCOUNT = 0.99

#: The Beta prior's wins, and its losses. Even, since rewards average one half in every round
#: whatever the votes; one each, so that every rate is equally likely at first and the prior weighs
#: about as much as one round: a community's own taste shows within its first few.
PRIOR = 1.0

#: How many tosses of a coin a reward is worth. A Beta distribution counts tosses, whose variance is
#: 1/4; the share beaten of three siblings who are all alike is 0, 1/3, 2/3 or 1, with a variance of
#: 5/36, so that it says as much as (1/4)/(5/36) = 1.8 tosses. Ties bring it nearer to the middle:
#: as crowds of about seven vote the variance is .12, and a reward is worth two. Taking it for one
#: would keep Muse guessing for twice as long (`benchmarks/lenses.py` has both).
TOSSES = 2.0

#: The standard deviation at or below which a rate counts as settled (see `settled`).
SETTLED_SPREAD = 0.1


@dataclass(frozen=True, slots=True)
class LensRecord:
    """What is known of one lens: rewards won and lost, beyond the prior, in rounds.

    Both are fractions as a rule: rewards are, and evidence fades. The empty record is the prior.
    """

    wins: float = 0.0
    losses: float = 0.0

    @property
    def rounds(self) -> float:
        """How many fresh rounds the evidence is worth: the effective sample size."""
        return self.wins + self.losses

    @property
    def beta(self) -> tuple[float, float]:
        """The two parameters of the rate's Beta distribution: prior and evidence, in tosses."""
        return PRIOR + TOSSES * self.wins, PRIOR + TOSSES * self.losses

    @property
    def rate(self) -> float:
        """The expected share of siblings beaten, between 0 and 1: a / (a + b) of a Beta(a, b)."""
        a, b = self.beta
        return a / (a + b)

    @property
    def spread(self) -> float:
        """The rate's standard deviation: sqrt(rate (1 - rate) / (a + b + 1)) of a Beta(a, b)."""
        a, b = self.beta
        return math.sqrt(self.rate * (1 - self.rate) / (a + b + 1))

    def faded(self, rounds: int = 1, discount: float = DISCOUNT) -> LensRecord:
        """This record after so many closed rounds more in which the lens had no part."""
        kept = discount**rounds
        return LensRecord(self.wins * kept, self.losses * kept)


def rewards(scores: Mapping[str, float]) -> dict[str, float]:
    """The share of its siblings that each lens's entry beat, a tie counting one half.

    `scores` are the approval scores of one closed round's AI entries, by lens. Ranks are all that
    is taken of them, so that a generous community teaches no more than a strict one. The rewards
    average one half; an entry without siblings teaches nothing and gets none.
    """
    siblings = len(scores) - 1
    if siblings < 1:
        return {}
    return {
        lens: sum(_beats(score, other) for name, other in scores.items() if name != lens) / siblings
        for lens, score in scores.items()
    }


def _beats(score: float, other: float) -> float:
    # Scores that were worked out in another order, or stored as text, may differ in a last digit.
    if math.isclose(score, other, rel_tol=0.0, abs_tol=1e-9):
        return 0.5
    return float(score > other)


def learned(
    records: Mapping[str, LensRecord],
    rewards: Mapping[str, float],
    discount: float = DISCOUNT,
) -> dict[str, LensRecord]:
    """The records after one closed round: all fade, then a reward r adds r wins and 1 - r losses.

    Lenses without a record begin with an empty one.
    """
    after = {lens: record.faded(1, discount) for lens, record in records.items()}
    for lens, reward in rewards.items():
        faded = after.get(lens, LensRecord())
        after[lens] = LensRecord(faded.wins + reward, faded.losses + (1.0 - reward))
    return after


def choose(
    records: Mapping[str, LensRecord], lenses: Iterable[str], count: int, rng: Random
) -> tuple[str, ...]:
    """`count` different lenses for a round, in random order; all where there are no more.

    All but one by Thompson sampling: a rate is drawn from each record, and the highest win. The
    last is drawn evenly from the rest, whatever its record. Each of L lenses is therefore chosen
    with a probability of at least 1/(L - count + 1), the even share it gets where it is not among
    the sampled ones; a round of one is only the even draw.
    """
    names = list(dict.fromkeys(lenses))
    if count < 1:
        return ()
    if len(names) > count:
        chosen = _sampled(records, names, count - 1, rng)
        chosen.append(rng.choice([name for name in names if name not in chosen]))
    else:
        chosen = names
    # Which places were sampled must not show in the order.
    rng.shuffle(chosen)
    return tuple(chosen)


def _sampled(
    records: Mapping[str, LensRecord], names: Sequence[str], count: int, rng: Random
) -> list[str]:
    drawn: dict[str, float] = {}
    for name in names:
        drawn[name] = rng.betavariate(*records.get(name, LensRecord()).beta)
    return sorted(names, key=drawn.__getitem__, reverse=True)[:count]


def settled(record: LensRecord) -> bool:
    """Whether a lens's rate is known well enough to be told, or the lens is still being explored.

    Settled is a `spread` of `SETTLED_SPREAD` or less: a 95 % interval of a fifth to either side.
    That takes evidence worth 11 rounds at a rate of one half, 8 at .2 or .8. It is within reach of
    a lens that gets an even share of rounds (4 of 16: worth up to 25); one seen by the even draw
    alone (1 of 13: up to 8) settles only where it mostly loses. As evidence fades, a lens
    that is shown no more will be exploring again.
    """
    return record.spread <= SETTLED_SPREAD
