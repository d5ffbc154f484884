"""Whole seasons of weekly looks: false claims, what intervals hold, and power."""

from __future__ import annotations

import numpy as np

from benchmarks.simulated import Rng, Season, Taste
from bot.stats.multiway import Crossed, Weights, bootstrap, clustered, wilson
from bot.stats.verdict import ERROR, PAIRS, Claim, claim, sure
from bot.stats.win_shares import Estimate, between, evidence, so_far

Lines = list[list[str]]
ROUNDS = 400  # of the bootstrap
Z95 = 1.959964

#: Tastes: strong entries and voters; stronger than any community is likely to be; mild.
STRONG = Taste(entries=1.0, own=0.5, origin=0.5)
FIERCE = Taste(entries=1.5, own=0.5, origin=1.0)
MILD = Taste(entries=0.5, own=0.5, origin=0.25, ties=0.15)

SEASONS = (
    (Season((4, 4, 4), 30, 7, STRONG), 800),
    (Season((4, 4, 4), 30, 7, FIERCE), 600),
    (Season((4, 4, 4), 60, 10, FIERCE), 400),
    (Season((6, 2, 2), 30, 7, STRONG), 600),
    (Season((12, 4, 4), 60, 10, STRONG), 300),
    (Season((4, 4, 4), 30, 7, MILD), 400),
)


def null(rng: Rng, size: float) -> tuple[str, Lines]:
    """How often a year of weekly looks claims a difference where there is none."""
    head = ["a season without any difference", "seasons", "Muse", "goal", ""]
    lines = [[*head, "95 % bootstrap, every week", "pooled Wilson, every week"]]
    for season, count in SEASONS:
        played = max(20, int(count * size))
        claims = np.zeros(3)
        for _ in range(played):
            claims += _ever(season, rng)
        muse, boot, pooled = claims / played
        met = "✓" if muse <= 0.05 else "✗"
        lines.append(
            [season.name, str(played), f"{muse:.1%}", "≤ 5 %", met, f"{boot:.1%}", f"{pooled:.1%}"]
        )
    return "False claims at any of 52 weekly looks, all three pairs together", lines


def _ever(season: Season, rng: Rng) -> list[bool]:
    """Whether each way claims at any look: Muse's, the bootstrap's own 95 %, pooled Wilson."""
    found = season.played(0.0, rng)
    weights = Weights.drawn(rng, ROUNDS, len(found.entries), season.voters)
    claims = [False, False, False]
    for sides in PAIRS:
        every = between(found, *sides)
        for week in range(season.weeks):
            duels = every.where(every.challenge <= week)
            if not evidence(duels).enough:
                continue
            claims[0] |= _claims(duels, weights)
            claims[1] |= _excludes(_linear(duels))
            share = float(duels.share.mean())
            claims[2] |= _excludes(wilson(share, len(duels), Z95))
    return claims


def _excludes(interval: tuple[float, float]) -> bool:
    return not interval[0] <= 0.5 <= interval[1]


def _claims(duels: Crossed, weights: Weights) -> bool:
    """Whether Muse says more or less. The bootstrap only widens: it is drawn where it matters."""
    share = float(duels.share.mean())
    decided = (Claim.MORE, Claim.LESS)
    if claim(sure(duels, Estimate(share, share, share), ERROR / len(PAIRS))) not in decided:
        return False
    estimate = so_far(duels, bootstrap(duels, weights))
    return claim(sure(duels, estimate, ERROR / len(PAIRS))) in decided


def _linear(duels: Crossed) -> tuple[float, float]:
    """The bootstrap's 95 % interval as its formula has it, without drawing."""
    share = float(duels.share.mean())
    half = Z95 * clustered(duels).bootstrapped ** 0.5
    return share - half, share + half


def once(rng: Rng, size: float) -> tuple[str, Lines]:
    """How often 95 % intervals of people against AI hold the truth, at one look."""
    lines = [["people against AI, one look", "looks", "so far", "sure", "pooled Wilson"]]
    for season, count in SEASONS[:5]:
        for weeks in (10, 52) if season.sizes[1] > 2 else (20, 52):
            played = max(20, int(count * size / 2))
            shorter = Season(season.sizes, season.voters, season.each, season.taste, weeks)
            held = np.mean([_hold(shorter, rng) for _ in range(played)], axis=0)
            lines.append(
                [f"{weeks} weeks of {season.name}", str(played), *(f"{h:.1%}" for h in held)]
            )
    return "Intervals of the win share that hold a true 50 %", lines


def _hold(season: Season, rng: Rng) -> list[bool]:
    found = season.played(0.0, rng)
    duels = between(found, *PAIRS[0])
    weights = Weights.drawn(rng, ROUNDS, len(found.entries), season.voters)
    estimate = so_far(duels, bootstrap(duels, weights))
    surely = sure(duels, estimate, ERROR / len(PAIRS))
    share = float(duels.share.mean())
    intervals = (
        (estimate.low, estimate.high),
        (surely.low, surely.high),
        wilson(share, len(duels), Z95),
    )
    return [not _excludes(interval) for interval in intervals]


LEADS = (
    Season((5, 5, 0), 30, 7, Taste(entries=1.0, own=0.5, origin=0.5), 8),
    Season((5, 5, 0), 30, 7, Taste(entries=1.0, own=0.5, origin=0.5, ties=0.15), 8),
    Season((5, 5, 0), 40, 10, Taste(entries=1.0, own=0.5, origin=0.5), 8),
    Season((12, 4, 0), 30, 7, Taste(entries=1.0, own=0.5, origin=0.5), 10),
    Season((4, 4, 4), 40, 10, Taste(entries=1.0, own=0.5, origin=0.5), 10),
    Season((5, 5, 0), 30, 7, MILD, 8),
    Season((5, 5, 0), 30, 7, FIERCE, 8),
)


def power(rng: Rng, size: float) -> tuple[str, Lines]:
    """How often a true 68 % is claimed at the first look with 40 entries a side."""
    lines = [
        ["true 68 %, 40 entries of AI", "Muse claims", "goal", "", "mean share", "60 %", "55 %"]
    ]
    played = max(40, int(1_000 * size))
    for season in LEADS:
        cells = [season.name]
        for target in (0.68, 0.60, 0.55):
            lead = season.lead_for(target)
            found = [
                _found(season, lead, rng) for _ in range(played if target > 0.6 else played // 2)
            ]
            claimed, share = np.mean(found, axis=0)
            if target == 0.68:
                cells += [
                    f"{claimed:.1%}",
                    "≥ 90 %",
                    "✓" if claimed >= 0.9 else "✗",
                    f"{share:.1%}",
                ]
            else:
                cells.append(f"{claimed:.1%}")
        lines.append(cells)
    return "Real leads that are claimed at the first look", lines


def _found(season: Season, lead: float, rng: Rng) -> tuple[bool, float]:
    found = season.played(lead, rng)
    duels = between(found, *PAIRS[0])
    weights = Weights.drawn(rng, ROUNDS, len(found.entries), season.voters)
    return evidence(duels).enough and _claims(duels, weights), float(duels.share.mean())
