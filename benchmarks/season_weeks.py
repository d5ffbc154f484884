"""One week at a time: coverage, stuffing, and voters unlike the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.harness import Goal
from benchmarks.simulated import Rng, Taste, columns, liked, offers, picked, truth
from bot.stats.bradley_terry import covariance, fit
from bot.stats.intervals import ENOUGH, Z95, dispersion, errors, ranking, voter_bootstrap
from bot.stats.unlike import likenesses

if TYPE_CHECKING:
    from bot.stats.duels import Floats, Ints, Picks

Lines = list[list[str]]

#: Entries, voters, and duels each; then how many weeks.
SIZES = (
    ((4, 4, 7), 900),
    ((4, 12, 7), 900),
    ((4, 40, 7), 600),
    ((6, 4, 7), 600),
    ((6, 12, 7), 600),
    ((8, 8, 7), 500),
    ((8, 30, 7), 400),
    ((12, 7, 7), 400),
    ((12, 12, 7), 400),
    ((12, 40, 7), 300),
    ((24, 12, 7), 200),
    ((24, 20, 7), 200),
    ((24, 60, 7), 200),
    ((60, 40, 7), 80),
    ((60, 100, 7), 80),
    ((200, 40, 7), 24),
    ((200, 150, 7), 24),
)
TASTES = (Taste(), Taste(ties=0.15), Taste(own=1.0, ties=0.15), Taste(entries=0.5, ties=0.3))
ROUNDS = 200  # of the bootstrap here: twice as rough as in the bot, and so a little narrower


def coverage(rng: Rng, size: float) -> tuple[str, Lines]:
    """How often 95 % intervals hold the truth, by size and by how voters are."""
    lines = [["entries × voters", "appearances", *map(_name, TASTES), "goal", "", *ALONE]]
    for (entries, voters, each), weeks in SIZES:
        held = np.array(
            [_held((entries, voters, each), t, max(4, int(weeks * size)), rng) for t in TASTES]
        )
        shown = held[:, 3].mean()
        least, most = (0.93, 0.98) if shown >= ENOUGH else (0.93, 1.0)
        met = all(least <= round(share, 3) <= most for share in held[:, 0])
        lines.append(
            [
                f"{entries} × {voters}",
                f"{shown:.1f}",
                *(f"{share:.1%}" for share in held[:, 0]),
                "93–98 %" if shown >= ENOUGH else "≥ 93 %",
                "✓" if met else "✗",
                *(f"{held[:, alone].min():.0%}–{held[:, alone].max():.0%}" for alone in (1, 2)),
            ]
        )
    return "95 % intervals that hold the truth", lines


ALONE = ("information alone", "bootstrap alone")


def _name(taste: Taste) -> str:
    own = "own taste" if taste.own else "alike"
    return f"sd {taste.entries:g}, {own}, ties {taste.ties:.0%}"


def _held(size: tuple[int, int, int], taste: Taste, weeks: int, rng: Rng) -> Floats:
    """The shares of intervals that held: Muse's, each half of it; and appearances an entry."""
    entries, voters, each = size
    sums = np.zeros(4)
    for _ in range(weeks):
        strengths = taste.entries * rng.normal(size=entries)
        offered = offers(entries, [each] * voters, rng)
        how = liked(strengths, voters, taste.own, rng)
        picks = columns(offered, picked(offered, how, taste.ties, rng), entries)
        fitted = fit(picks)
        told = covariance(fitted) * dispersion(picks)
        told = told - told.mean(axis=0) - told.mean(axis=1)[:, None] + told.mean()
        seen = voter_bootstrap(fitted, picks, rng, ROUNDS)
        both = errors(fitted, picks, seen).spread
        seen = (seen - seen.mean(axis=1)[:, None]).std(axis=0, ddof=1)
        off = np.abs(fitted.strengths - fitted.strengths.mean() - truth(strengths, taste))
        for column, error in enumerate((both, np.sqrt(np.diagonal(told)), seen)):
            sums[column] += np.mean(off <= Z95 * error)
        sums[3] += picks.appearances.mean()
    mean: Floats = sums / weeks
    return mean


VOTERS, ALTERNATIVE, FIELD = 60, 12, 12
STUFFING_GOAL = Goal(0.15)

Push = Callable[["Ints", "Ints", "Floats", "Floats", int, Rng], "Floats"]


def _honest(left: Ints, right: Ints, share: Floats, _: Floats, target: int, __: Rng) -> Floats:
    del left, right, target
    return share


def _for_it(left: Ints, right: Ints, share: Floats, _: Floats, target: int, __: Rng) -> Floats:
    """For theirs, and else as they find."""
    return np.where(left == target, 1.0, np.where(right == target, 0.0, share))


def _at_random(left: Ints, right: Ints, _: Floats, __: Floats, target: int, rng: Rng) -> Floats:
    """For theirs, and else whatever."""
    tossed = (rng.random(len(left)) < 0.5).astype(np.float64)
    return np.where(left == target, 1.0, np.where(right == target, 0.0, tossed))


def _against(left: Ints, right: Ints, _: Floats, known: Floats, target: int, __: Rng) -> Floats:
    """For theirs, and else for the weaker, as if they knew."""
    weaker = (known[left] < known[right]).astype(np.float64)
    return np.where(left == target, 1.0, np.where(right == target, 0.0, weaker))


@dataclass(frozen=True, slots=True)
class Attack:
    """What alternative accounts do, and how many duels each takes."""

    name: str
    push: Push
    each: int = 7


ATTACKS = (
    Attack("none, all honest", _honest),
    Attack("for theirs, else as they find", _for_it),
    Attack("for theirs, else at random", _at_random),
    Attack("for theirs, else for the weaker", _against),
    Attack("for theirs, else at random, 20 duels each against 7", _at_random, 20),
    Attack("for theirs, else for the weaker, 20 duels each against 7", _against, 20),
)


def stuffing(rng: Rng, size: float) -> tuple[str, Lines]:
    """How often alternative accounts make a median entry, or the runner-up, the first."""
    lines = [
        [
            "12 of 60 accounts pick …",
            "median first",
            "goal",
            "",
            "… alone",
            "runner-up first",
            "… alone",
            "accounts told “unlike”",
            "honest told so",
        ]
    ]
    weeks = max(40, int(1_500 * size))
    for attack in ATTACKS:
        median = _stuffed(attack, FIELD // 2, weeks, rng)
        second = _stuffed(attack, 1, weeks, rng)
        goal = STUFFING_GOAL if attack.each == 7 and attack.push is not _honest else None
        lines.append(
            [
                attack.name,
                f"{median[0]:.1%}",
                "≤ 15 %" if goal else "",
                ("✓" if goal.met(median[0]) else "✗") if goal else "",
                f"{median[1]:.1%}",
                f"{second[0]:.1%}",
                f"{second[1]:.1%}",
                _share(median[2]),
                _share(median[3]),
            ]
        )
    return "Stuffing: 20 % alternative accounts, a field of 12", lines


def _share(value: float) -> str:
    return "under ten picks" if np.isnan(value) else f"{value:.1%}"


def _stuffed(attack: Attack, rank: int, weeks: int, rng: Rng) -> Floats:
    """Shares: first by order, first alone; pushers told unlike, honest voters told unlike."""
    found = []
    honest = VOTERS - ALTERNATIVE
    quotas = [7] * honest + [attack.each] * ALTERNATIVE
    for _ in range(weeks):
        strengths = rng.normal(size=FIELD)
        target = int(np.argsort(-strengths)[rank])
        offered = offers(FIELD, quotas, rng)
        share = picked(offered, liked(strengths, VOTERS, 0.0, rng), 0.0, rng)
        pushed = offered.voter >= honest
        left, right = offered.left[pushed], offered.right[pushed]
        share[pushed] = attack.push(left, right, share[pushed], strengths, target, rng)
        picks = columns(offered, share, FIELD)
        standings = ranking(picks, rng, 100)
        first = [standing.entry for standing in standings if standing.place == 1]
        alone = first == [str(target)]
        told = np.array([np.nan if v.picks < 10 else v.unlike for v in likenesses(picks)])
        pushers = np.array([int(voter) >= honest for voter in picks.voters])
        found.append(
            [
                standings[0].entry == str(target),
                alone and not standings[0].close,
                told[pushers].mean(),
                told[~pushers].mean(),
            ]
        )
    mean: Floats = np.array(found, np.float64).mean(axis=0)
    return mean


def unlike(rng: Rng, size: float) -> tuple[str, Lines]:
    """How often honest voters are told to have picks unlike the rest."""
    lines = [["60 voters", "duels each", "majority", "minority of 20 %", "foreseen for it"]]
    weeks = max(20, int(300 * size))
    for entries, each in ((12, 10), (12, 20), (24, 20)):
        for own in (0.0, 0.7):
            majority, minority, foreseen = _minority(entries, each, own, weeks, rng)
            name = f"{entries} entries" + (", own taste for each entry" if own else "")
            lines.append([name, str(each), f"{majority:.1%}", f"{minority:.1%}", f"{foreseen:.1%}"])
    return "Honest voters told to have “picks unlike the rest”", lines


def _minority(entries: int, each: int, own: float, weeks: int, rng: Rng) -> Sequence[float]:
    """Told among the majority, and among a fifth with another taste; and what was foreseen."""
    fifth = VOTERS // 5
    told: list[tuple[float, float, float]] = []
    for _ in range(weeks):
        how = liked(rng.normal(size=entries), VOTERS, own, rng)
        how[-fifth:] = liked(rng.normal(size=entries), fifth, own, rng)
        offered = offers(entries, [each] * VOTERS, rng)
        picks: Picks = columns(offered, picked(offered, how, 0.0, rng), entries)
        found = likenesses(picks)
        flags = [voter.unlike for voter in found]
        foreseen = [voter.own_taste for voter in found[-fifth:]]
        told.append(
            (
                float(np.mean(flags[:-fifth])),
                float(np.mean(flags[-fifth:])),
                float(np.mean(foreseen)),
            )
        )
    return [float(each) for each in np.mean(told, axis=0)]
