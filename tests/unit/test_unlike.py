"""Voters whose picks are unlike the rest: found, described, and not confused with small samples."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from bot.stats.bradley_terry import fit
from bot.stats.duels import Duel, picks
from bot.stats.unlike import LEAST, Likeness, likenesses
from tests.unit.duelling import BOTH, LEFT, RIGHT, duel, week

STRENGTHS = [1.5, 0.8, 0.2, -0.2, -0.8, -1.5]
ENTRIES = [str(n) for n in range(len(STRENGTHS))]


def _of(duels: list[Duel]) -> dict[str, Likeness]:
    return {found.voter: found for found in likenesses(picks(duels, ENTRIES))}


def _contrary(voter: str, count: int, rng: Random) -> list[Duel]:
    """Picks of somebody who always finds the weaker one better."""
    pairs = [sorted(rng.sample(ENTRIES, 2)) for _ in range(count)]
    return [duel(better, worse, RIGHT, voter) for better, worse in pairs]


def test_who_picks_against_the_rest_is_told_and_the_rest_are_not() -> None:
    rng = Random(4)
    found = _of(week(STRENGTHS, 40, 12, rng) + _contrary("contrary", 12, rng))
    assert found["contrary"].unlike
    assert found["contrary"].z < -4
    assert sum(likeness.unlike for likeness in found.values()) <= 3


def test_under_ten_picks_nothing_is_said() -> None:
    rng = Random(4)
    found = _of(week(STRENGTHS, 40, 12, rng) + _contrary("contrary", LEAST - 1, rng))
    assert found["contrary"].z < -2
    assert not found["contrary"].unlike


def test_z_is_worked_out_against_the_others_only() -> None:
    rng = Random(9)
    others = week(STRENGTHS, 15, 8, rng)
    own = [duel("0", "5", RIGHT, "x"), duel("2", "1", LEFT, "x"), duel("3", "0", BOTH, "x")] * 4
    known = fit(picks(others, ENTRIES)).strengths
    above, below = 0.0, 0.0
    for each in own:
        gap = known[int(each.left)] - known[int(each.right)]
        chance = 1 / (1 + np.exp(-gap))
        above += gap * (each.outcome.value - chance)
        below += gap**2 * chance * (1 - chance)
    assert _of(others + own)["x"].z == pytest.approx(above / below**0.5, abs=1e-4)


def test_of_voters_who_share_the_taste_one_in_forty_is_told_or_fewer() -> None:
    rng = Random(1)
    found = [
        likeness
        for _ in range(12)
        for likeness in likenesses(picks(week(STRENGTHS, 60, 10, rng), ENTRIES))
    ]
    told = sum(likeness.unlike for likeness in found) / len(found)
    assert told < 0.045
    assert found[0].same_taste == pytest.approx(0.0228, abs=1e-4)


def test_a_taste_of_ones_own_is_told_as_often_as_was_foreseen() -> None:
    # One voter among forty tosses a coin at each pick: what somebody with a taste that has nothing
    # to do with the others' looks like.
    rng, told, foreseen = Random(2), [], []
    for _ in range(100):
        pairs = [rng.sample(ENTRIES, 2) for _ in range(14)]
        own = [duel(one, other, rng.choice((LEFT, RIGHT)), "x") for one, other in pairs]
        found = _of(week(STRENGTHS, 40, 8, rng) + own)["x"]
        told.append(found.unlike)
        foreseen.append(found.own_taste)
    assert np.mean(told) == pytest.approx(np.mean(foreseen), abs=0.1)
    assert 0.3 < np.mean(foreseen) < 0.95


def test_without_voters_or_differences_nobody_is_told() -> None:
    assert likenesses(picks([], ENTRIES)) == ()
    ties = [duel("0", "1", BOTH, f"v{n}") for n in range(3) for _ in range(12)]
    assert not any(likeness.unlike for likeness in likenesses(picks(ties, ENTRIES)))
