"""Choosing lenses by votes: how much of the approval that a community's taste allows is got.

Simulated communities play 600 rounds each of four entries by different lenses of sixteen. Halfway,
in two of three cases, their taste changes. Every policy plays the same communities (same tastes,
crowds and luck of the writing as far as the choices let them), and learns only from what a closed
round shows: approval scores as `bot.stats.approval` works them out from the votes.

A figure is the lift, in the chance of approval of the four lenses shown, over showing any four
with even chances, as a share of the lift of always showing the four best: 0 % is uniform, 100 %
knows the taste beforehand. A round's luck is not in it: a lens counts with its expected approval.
With one place in four drawn evenly, Muse's ceiling is 78 %.

The model of a vote: a lens has an appeal, drawn for each community on the logit scale around 30 %
approval (standard deviation 0.6: about a tenth of approval up or down), each entry its own luck on
top of it (standard deviation 0.8: a good lens often writes a poor entry), and each member approves
or doesn't. Some seven members come to a round; who approves nothing hasn't voted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import NormalDist, stdev
from statistics import fmean as mean

from bot.stats import approval
from bot.stats.lens_choice import DISCOUNT, LensRecord, choose, learned, rewards, settled

LENSES = tuple(f"lens {number:02}" for number in range(1, 17))
ENTRIES, ROUNDS, DRIFT, COMMUNITIES = 4, 600, 300, 60
SETTLING = 50  # rounds after a start or a change that are shown apart
MIDDLE, TASTE, LUCK = math.log(0.3 / 0.7), 0.6, 0.8
CROWD, CROWD_SPREAD = math.log(7), 0.5  # members a round: median 7, log-normal
GOAL = 40.0

Records = Mapping[str, LensRecord]


@dataclass(frozen=True, slots=True)
class Policy:
    """A way of choosing: `pick` four lenses from the records, which fade by `discount`."""

    name: str
    pick: Callable[[Records, Random], Sequence[str]]
    discount: float = 1.0


def _uniform(_: Records, rng: Random) -> Sequence[str]:
    return rng.sample(LENSES, ENTRIES)


def _greedy(records: Records, rng: Random) -> Sequence[str]:
    """Those with the best rate so far; of equals, any."""
    shuffled = rng.sample(LENSES, len(LENSES))
    return sorted(shuffled, key=lambda lens: -records.get(lens, LensRecord()).rate)[:ENTRIES]


def _thompson(records: Records, rng: Random) -> Sequence[str]:
    """All four places by Thompson sampling, a reward taken for a toss of a coin."""
    drawn = {
        lens: rng.betavariate(record.wins + 1.0, record.losses + 1.0)
        for lens in LENSES
        for record in [records.get(lens, LensRecord())]
    }
    return _first(drawn)


def _three_and_one(records: Records, rng: Random) -> Sequence[str]:
    """Three of those places and an even draw of the rest: Muse's but for `TOSSES`."""
    sampled = list(_thompson(records, rng))[: ENTRIES - 1]
    return [*sampled, rng.choice([lens for lens in LENSES if lens not in sampled])]


def _muse(records: Records, rng: Random) -> Sequence[str]:
    return choose(records, LENSES, ENTRIES, rng)


POLICIES = (
    Policy("uniform", _uniform),
    Policy("greedy", _greedy),
    Policy("Thompson, plain", _thompson),
    Policy("Thompson, discount .99", _thompson, 0.99),
    Policy("Muse's, reward = toss", _three_and_one, 0.99),
    Policy("Muse's, no discount", _muse),
    Policy("Muse's", _muse, DISCOUNT),
)

Taste = dict[str, float]
"""Each lens's appeal, on the logit scale."""


@dataclass(frozen=True, slots=True)
class Case:
    """What becomes of a community's taste halfway."""

    name: str
    change: Callable[[Taste, Random], Taste]


def _stay(taste: Taste, _: Random) -> Taste:
    return taste


def _redrawn(taste: Taste, rng: Random) -> Taste:
    """The appeals fall to other lenses, by chance."""
    return dict(zip(LENSES, rng.sample(list(taste.values()), len(taste)), strict=True))


def _upside_down(taste: Taste, _: Random) -> Taste:
    """The best become the worst: the hardest change."""
    ordered = sorted(LENSES, key=taste.__getitem__)
    return {lens: taste[other] for lens, other in zip(ordered, reversed(ordered), strict=True)}


CASES = (
    Case("stable taste", _stay),
    Case("drift: redrawn", _redrawn),
    Case("drift: upside down", _upside_down),
)


@dataclass(frozen=True, slots=True)
class Play:
    """What one policy got of one community."""

    lifts: list[float]  # of each round: mean chance of approval, less that of any four lenses
    best: list[float]  # the same of the four best
    known: int  # at the end: lenses whose rate is settled
    found: int  # …and how many of the four with the highest rates are of the four best


def main() -> None:
    """Print the table."""
    spans = {
        "1–50": (0, SETTLING),
        "51–300": (SETTLING, DRIFT),
        "301–350": (DRIFT, DRIFT + SETTLING),
        "351–600": (DRIFT + SETTLING, ROUNDS),
        "before": (0, DRIFT),
        "after": (DRIFT, ROUNDS),
    }
    print(
        f"{COMMUNITIES} communities, {ROUNDS} rounds, {ENTRIES} of {len(LENSES)} lenses a round, "
        f"change after round {DRIFT}\n"
        "approval lift over uniform, % of the best possible (± 95 % of the last column)"
    )
    for case in CASES:
        print(f"\n{case.name:<24}" + "".join(f"{name:>9}" for name in spans))
        for policy in POLICIES:
            plays = [_play(case, policy, number) for number in range(COMMUNITIES)]
            line = "".join(f"{_lift(plays, *span):>9.1f}" for span in spans.values())
            each = [_lift([play], DRIFT, ROUNDS) for play in plays]
            line += f" ±{1.96 * stdev(each) / math.sqrt(len(each)):.1f}"
            ours = policy is POLICIES[-1]
            if ours and case.change is not _stay:
                after = _lift(plays, DRIFT, ROUNDS)
                line += f"  {after:.2f}: goal ≥ {GOAL:g} {'✓' if after >= GOAL else '✗'}"
            print(f"{policy.name:<24}{line}", flush=True)
            if ours:
                print(_told(plays))


def _lift(plays: Sequence[Play], first: int, last: int) -> float:
    """The share, in %, of the best possible lift over those rounds."""
    got = sum(sum(play.lifts[first:last]) for play in plays)
    return 100 * got / sum(sum(play.best[first:last]) for play in plays)


def _told(plays: Sequence[Play]) -> str:
    """What the boards would say of lenses at the end, and how much of it is so."""
    points = 100 * mean(mean(play.best[DRIFT:]) for play in plays)
    return (
        f"  at the end {mean(play.known for play in plays):.1f} lenses are settled; of the four "
        f"with the highest rates {mean(play.found for play in plays):.1f} are of the best four\n"
        f"  (the best possible lift, 100 %, is {points:.1f} points of approval)"
    )


def _play(case: Case, policy: Policy, number: int) -> Play:
    """One community's rounds; `number` is its seed, the same for every policy."""
    world, ours = Random(f"world {number}"), Random(f"choice {number}")
    taste = {lens: world.gauss(MIDDLE, TASTE) for lens in LENSES}
    tastes = (taste, case.change(taste, Random(f"change {number}")))
    records: dict[str, LensRecord] = {}
    approvals, chances = 0, 0
    lifts, best = [], []
    for before, taste in zip((True, False), tastes, strict=True):
        expected = {lens: _expected(appeal) for lens, appeal in taste.items()}
        even = mean(expected.values())
        most = mean(sorted(expected.values())[-ENTRIES:]) - even
        for _ in range(DRIFT if before else ROUNDS - DRIFT):
            chosen = policy.pick(records, ours)
            lifts.append(mean(expected[lens] for lens in chosen) - even)
            best.append(most)
            given, voters = _vote([taste[lens] for lens in chosen], world)
            prior = approval.prior(approvals, chances)
            scores = [approval.score(each, voters, prior) for each in given]
            earned = rewards(dict(zip(chosen, scores, strict=True))) if voters else {}
            records = learned(records, earned, policy.discount)
            approvals, chances = approvals + sum(given), chances + ENTRIES * voters
    rates = {lens: records.get(lens, LensRecord()).rate for lens in LENSES}
    found = set(_first(rates)) & set(_first(taste))
    return Play(lifts, best, sum(map(settled, records.values())), len(found))


def _first(figures: Mapping[str, float]) -> list[str]:
    """The lenses with the four highest figures."""
    return sorted(LENSES, key=figures.__getitem__, reverse=True)[:ENTRIES]


_LUCK = [NormalDist(0.0, LUCK).inv_cdf((step + 0.5) / 25) for step in range(25)]


def _expected(appeal: float) -> float:
    """The chance that a member approves a lens's entry, over all luck an entry may have."""
    return mean(_chance(appeal + luck) for luck in _LUCK)


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def _vote(appeals: Sequence[float], rng: Random) -> tuple[list[int], int]:
    """The approvals of each entry of a round, and how many have voted."""
    chances = [_chance(appeal + rng.gauss(0.0, LUCK)) for appeal in appeals]
    approvals, voters = [0] * len(chances), 0
    for _ in range(round(rng.lognormvariate(CROWD, CROWD_SPREAD))):
        ballot = [rng.random() < chance for chance in chances]
        # Without an approval standing nobody has voted, and nothing of theirs is counted.
        if any(ballot):
            voters += 1
            approvals = [so_far + new for so_far, new in zip(approvals, ballot, strict=True)]
    return approvals, voters


if __name__ == "__main__":
    main()
