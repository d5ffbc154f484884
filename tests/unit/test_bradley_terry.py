"""Strengths from picks: against a second implementation, and where plain fits break down."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from random import Random

import evalica
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.stats.bradley_terry import (
    Fit,
    chances,
    covariance,
    errors_of_differences,
    fit,
    standard_errors,
    strengths,
    tabulate,
    wins,
)
from bot.stats.duels import Duel, Outcome, picks
from tests.unit.duelling import BOTH, LEFT, RIGHT, duel, week

ANCHOR = "the anchor"
WINNER = {
    Outcome.LEFT: evalica.Winner.X,
    Outcome.RIGHT: evalica.Winner.Y,
    Outcome.BOTH: evalica.Winner.Draw,
}


def _fit(duels: Sequence[Duel], entries: Sequence[str]) -> tuple[Fit, dict[str, float]]:
    fitted = fit(picks(duels, entries))
    return fitted, dict(zip(entries, fitted.strengths.tolist(), strict=True))


def _by_evalica(duels: Sequence[Duel], entries: Sequence[str]) -> dict[str, float]:
    """The same by evalica, which is given the anchor as rows of its own."""
    scores = evalica.bradley_terry(
        [*(duel.left for duel in duels), *entries],
        [*(duel.right for duel in duels), *[ANCHOR] * len(entries)],
        [*(WINNER[duel.outcome] for duel in duels), *[evalica.Winner.Draw] * len(entries)],
        tolerance=1e-13,
        limit=100_000,
    ).scores
    return {entry: float(np.log(scores[entry] / scores[ANCHOR])) for entry in entries}


def _unexplained(fitted: Fit) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The wins of each entry, and of the anchor, less those that the fit expects."""
    table, (won, lost) = fitted.table, fitted.wins
    missing = won - (won + lost) * chances(fitted)
    summed = np.zeros(table.entries + 1)
    np.add.at(summed, table.first, missing)
    np.add.at(summed, table.second, -missing)
    return summed


@st.composite
def _weeks(draw: st.DrawFn) -> tuple[list[Duel], list[str]]:
    """Any duels at all between two to eight entries, some of which may never meet anybody."""
    entries = [str(n) for n in range(draw(st.integers(2, 8)))]
    both = st.permutations(entries).map(lambda order: order[:2])
    several = st.lists(st.tuples(both, st.sampled_from(Outcome), st.integers(1, 30)), max_size=12)
    duels = [
        duel(left, right, outcome)
        for (left, right), outcome, times in draw(several)
        for _ in range(times)
    ]
    return duels, entries


@settings(max_examples=120, deadline=None)
@given(_weeks())
def test_strengths_are_those_of_a_second_implementation(week: tuple[list[Duel], list[str]]) -> None:
    _, known = _fit(*week)
    assert known == pytest.approx(_by_evalica(*week), abs=1e-6)


def test_so_they_are_in_a_large_week() -> None:
    rng = Random(3)
    entries = [str(n) for n in range(80)]
    duels = week([rng.gauss(0, 1) for _ in entries], 200, 7, rng)
    assert _fit(duels, entries)[1] == pytest.approx(_by_evalica(duels, entries), abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(_weeks())
def test_the_fit_expects_as_many_wins_as_there_were(week: tuple[list[Duel], list[str]]) -> None:
    # What makes it the likeliest: every entry's expected wins are those it had.
    fitted, _ = _fit(*week)
    assert _unexplained(fitted) == pytest.approx(0.0, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(_weeks())
def test_one_more_pick_makes_an_entry_stronger(week: tuple[list[Duel], list[str]]) -> None:
    duels, entries = week
    before, after = _fit(duels, entries)[1], _fit([*duels, duel("0", "1")], entries)[1]
    assert after["0"] > before["0"]
    assert after["1"] < before["1"]


@settings(max_examples=60, deadline=None)
@given(_weeks())
def test_left_and_right_and_the_order_make_no_difference(
    week: tuple[list[Duel], list[str]],
) -> None:
    duels, entries = week
    other = {LEFT: RIGHT, RIGHT: LEFT, BOTH: BOTH}
    turned = [duel(each.right, each.left, other[each.outcome]) for each in reversed(duels)]
    assert _fit(turned, entries[::-1])[1] == pytest.approx(_fit(duels, entries)[1], abs=1e-6)


def test_the_undefeated_and_the_winless_are_finite_and_at_the_ends() -> None:
    rng = Random(1)
    middle = [f"m{n}" for n in range(6)]
    duels = [duel(a, b) for a, b in (rng.sample(middle, 2) for _ in range(60))]
    duels += [duel("best", entry) for entry in middle] + [duel(entry, "worst") for entry in middle]
    _, known = _fit(duels, ["worst", *middle, "best"])
    assert max(known, key=known.__getitem__) == "best"
    assert min(known, key=known.__getitem__) == "worst"
    assert all(abs(strength) < 6 for strength in known.values())


def test_of_two_undefeated_the_one_with_more_wins_is_ahead() -> None:
    _, known = _fit([duel("a", "c")] * 9 + [duel("b", "c")] * 3, ["a", "b", "c"])
    assert known["a"] > known["b"] > 0 > known["c"]


def test_an_entry_that_never_met_anybody_is_at_the_anchor() -> None:
    _, known = _fit([duel("a", "b")] * 4, ["a", "b", "unseen"])
    assert known["unseen"] == pytest.approx(0, abs=1e-9)
    assert known["a"] > 0 > known["b"]


def test_two_groups_that_never_met_are_ordered_each_and_centred_alike() -> None:
    duels = [duel("a", "b")] * 30 + [duel("c", "d")] * 10 + [duel("d", "c")] * 4
    _, known = _fit(duels, ["a", "b", "c", "d"])
    assert known["a"] > known["c"] > known["d"] > known["b"]
    assert known["a"] == pytest.approx(-known["b"], abs=1e-8)
    assert known["c"] == pytest.approx(-known["d"], abs=1e-8)


def test_in_a_week_of_ties_all_are_equal() -> None:
    entries = [str(n) for n in range(7)]
    duels = [duel(a, b, BOTH) for a in entries for b in entries if a < b]
    assert all(abs(strength) < 1e-9 for strength in _fit(duels, entries)[1].values())


def test_a_hundred_to_nothing_and_back_is_found_quickly() -> None:
    # Worked on at once, the plain step swings between these two for ever.
    _, known = _fit([duel("a", "b")] * 100 + [duel("b", "a")] * 99, ["a", "b"])
    assert known["a"] == pytest.approx(-known["b"], abs=1e-8)
    assert 0 < known["a"] < 0.01


def test_a_long_line_in_which_each_beat_only_the_next_is_ordered() -> None:
    # So lopsided that the iteration is given up for Newton's method.
    entries = [str(n) for n in range(100)]
    duels = [duel(a, b) for a, b in pairwise(entries) for _ in range(200)]
    fitted, known = _fit(duels, entries)
    assert sorted(entries, key=known.__getitem__, reverse=True) == entries
    assert _unexplained(fitted) == pytest.approx(0.0, abs=1e-6)


def test_without_entries_or_duels_there_is_nothing_to_tell() -> None:
    assert _fit([], [])[1] == {}
    assert _fit([], ["a"])[1] == {"a": 0.0}


def test_an_unknown_entry_is_refused() -> None:
    with pytest.raises(KeyError, match="nobody"):
        picks([duel("a", "nobody")], ["a", "b"])


def test_a_weight_counts_a_duel_so_often() -> None:
    duels = [duel("a", "b"), duel("b", "c"), duel("c", "a", BOTH), duel("a", "c")]
    often = [2, 3, 1, 4]
    table = picks(duels, ["a", "b", "c"])
    meetings = tabulate(table)
    weighted = strengths(meetings, wins(meetings, table, np.array(often, np.float64))[None])[0]
    repeated = [each for each, times in zip(duels, often, strict=True) for _ in range(times)]
    assert weighted == pytest.approx(fit(picks(repeated, ["a", "b", "c"])).strengths, abs=1e-8)


def test_many_weightings_at_once_are_each_as_alone() -> None:
    rng, source = Random(5), np.random.default_rng(5)
    table = picks(week([0.0, 1.0, -1.0, 0.5], 20, 6, rng), ["0", "1", "2", "3"])
    meetings = tabulate(table)
    rows = np.stack([wins(meetings, table, source.exponential(size=len(table))) for _ in range(30)])
    alone = np.concatenate([strengths(meetings, row[None]) for row in rows])
    assert strengths(meetings, rows) == pytest.approx(alone, abs=1e-7)


def _loss(fitted: Fit, known: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """What the fit makes least: minus the logarithm of the likelihood."""
    table, all_known = fitted.table, np.append(known, 0.0)
    gap = all_known[table.second] - all_known[table.first]
    return float((fitted.wins * np.log1p(np.exp([gap, -gap]))).sum())


def test_the_covariance_is_the_inverse_of_the_curvature() -> None:
    entries = ["0", "1", "2", "3", "4"]
    fitted, _ = _fit(week([1.0, 0.3, 0.0, -0.5, -1.0], 12, 7, Random(2)), entries)
    step, size = 1e-3, len(entries)
    curvature = np.empty((size, size))
    for i in range(size):
        for j in range(size):
            corners = 0.0
            for one, other in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                moved = fitted.strengths.copy()
                moved[i] += one * step
                moved[j] += other * step
                corners += one * other * _loss(fitted, moved)
            curvature[i, j] = corners / (4 * step * step)
    told = covariance(fitted)
    assert told == pytest.approx(np.linalg.inv(curvature), rel=1e-3, abs=1e-4)
    assert standard_errors(told) ** 2 == pytest.approx(np.diagonal(told))
    apart = errors_of_differences(told, 2)
    assert apart[2] == 0
    assert apart[0] ** 2 == pytest.approx(told[0, 0] + told[2, 2] - 2 * told[0, 2])


def test_more_picks_leave_less_doubt() -> None:
    few = week([0.5, 0.0, -0.5], 6, 3, Random(4))
    entries = ["0", "1", "2"]
    doubt = [standard_errors(covariance(_fit(few * times, entries)[0])) for times in (1, 4)]
    assert (doubt[1] < doubt[0]).all()


def test_numpy_is_imported_at_first_use_only() -> None:
    names = "bradley_terry, intervals, pairing, verdict, unlike, guessing, multiway, win_shares"
    code = f"import sys; from bot.stats import {names}; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
