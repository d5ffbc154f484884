"""Order, places and doubt."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.stats.bradley_terry import covariance, fit
from bot.stats.duels import Duel, picks
from bot.stats.intervals import (
    SHARED,
    Standing,
    dispersion,
    errors,
    ranking,
    voter_bootstrap,
)
from tests.unit.duelling import BOTH, LEFT, RIGHT, duel, week


def _ranking(duels: list[Duel], entries: list[str], seed: int = 1) -> tuple[Standing, ...]:
    return ranking(picks(duels, entries), np.random.default_rng(seed), 200)


def _round_robin(names: str, times: int, upset: float, rng: Random) -> list[Duel]:
    """Everybody against everybody; who is earlier in `names` wins but for some upsets."""
    return [
        duel(a, b, RIGHT if rng.random() < upset else LEFT, f"v{turn}")
        for turn in range(times)
        for n, a in enumerate(names)
        for b in names[n + 1 :]
    ]


def test_a_clear_winner_is_first_alone() -> None:
    duels = [duel("a", other, LEFT, f"v{n}") for n in range(30) for other in "bcd"]
    duels += [duel("b", "c", BOTH, f"v{n}") for n in range(30)]
    first, *rest = _ranking(duels, list("dcba"))
    assert (first.entry, first.place, first.close) == ("a", 1, False)
    assert all(standing.place > 1 for standing in rest)
    assert first.low > max(standing.high for standing in rest)


def test_those_who_cannot_be_told_apart_share_the_first_place() -> None:
    duels = [duel("a", "b", BOTH, f"v{n}") for n in range(20)]
    duels += [duel(better, "c", LEFT, f"v{n}") for n in range(20) for better in "ab"]
    standings = _ranking(duels, list("abc"))
    assert [standing.place for standing in standings] == [1, 1, 3]
    assert not any(standing.close for standing in standings)


@pytest.mark.parametrize(("size", "close"), [(SHARED, False), (SHARED + 1, True)])
def test_five_may_share_the_first_place_and_no_more(size: int, close: bool) -> None:
    names = "abcdefgh"[:size]
    duels = [duel(a, b, BOTH, f"v{n}") for n in range(6) for a in names for b in names if a < b]
    standings = _ranking(duels, list(names))
    assert [standing.place for standing in standings] == [1] * size
    assert all(standing.close is close for standing in standings)


def test_too_many_to_share_go_by_order_and_the_first_is_too_close_to_call() -> None:
    standings = _ranking(_round_robin("abcdefgh", 3, 0.45, Random(2)), list("abcdefgh"))
    assert [standing.place for standing in standings] == sorted(s.place for s in standings)
    assert standings[0].close
    assert standings[0].place == 1
    assert sum(standing.place == 1 for standing in standings) == 1
    assert not any(standing.close for standing in standings[1:])


def test_under_ten_appearances_an_entry_stays_in_order_but_is_too_close_to_call() -> None:
    duels = [duel("a", "b", LEFT, f"v{n}") for n in range(30)]
    duels += [duel("a", "c", LEFT, f"v{n}") for n in range(3)]
    duels += [duel("b", "c", LEFT, f"v{n}") for n in range(6)]
    standings = {standing.entry: standing for standing in _ranking(duels, list("cba"))}
    assert standings["c"].appearances == 9
    assert standings["c"].close
    assert [standings[name].place for name in "abc"] == [1, 2, 3]
    assert not standings["a"].close


@pytest.mark.parametrize("seldom", ["a", "b"])
def test_an_entry_hardly_shown_neither_shares_the_first_place_nor_lets_it_be_called(
    seldom: str,
) -> None:
    # Its own interval is so wide that it can't be told from the best; that is no merit.
    often = "b" if seldom == "a" else "a"
    duels = [duel(often, "c", LEFT, f"v{n}") for n in range(30)]
    duels += [duel("a", "b", LEFT if seldom == "a" else BOTH, f"v{n}") for n in range(4)]
    standings = _ranking(duels, list("abc"))
    assert [standing.place for standing in standings] == [1, 2, 3]
    assert {standing.entry: standing.close for standing in standings} == {
        standings[0].entry: True,
        seldom: True,
        **{name: False for name in "abc" if name not in (seldom, standings[0].entry)},
    }


def test_who_is_stronger_than_one_that_shares_shares_too() -> None:
    # c was shown less than b and can't be told from a; b could, but stands above c.
    duels = [duel("a", "b", LEFT if n % 3 else RIGHT, f"v{n}") for n in range(120)]
    duels += [duel("b", "c", LEFT if n % 3 else RIGHT, f"w{n}") for n in range(6)]
    duels += [duel("a", "c", LEFT if n % 3 else RIGHT, f"x{n}") for n in range(6)]
    without_c = _ranking(duels[:120], list("ab"))
    assert [standing.place for standing in without_c] == [1, 2]
    standings = _ranking(duels, list("abc"))
    assert [standing.entry for standing in standings] == ["a", "b", "c"]
    assert [standing.place for standing in standings] == [1, 1, 1]


def test_a_week_without_duels_has_everybody_first_and_nobody_called() -> None:
    standings = _ranking([], list("abc"))
    assert [standing.place for standing in standings] == [1, 1, 1]
    assert all(standing.close for standing in standings)
    assert _ranking([], []) == ()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=2, max_size=9), st.integers(1, 12), st.integers(0, 99))
def test_places_follow_strengths_and_intervals_hold_them(
    strengths: list[float], voters: int, seed: int
) -> None:
    entries = [str(n) for n in range(len(strengths))]
    standings = _ranking(week(strengths, voters, 7, Random(seed)), entries, seed)
    assert sorted(standing.entry for standing in standings) == sorted(entries)
    known = [standing.strength for standing in standings]
    assert math.fsum(known) == pytest.approx(0, abs=1e-6)
    assert standings[0].place == 1
    for one, other in pairwise(standings):
        assert one.strength > other.strength - 1e-6
        assert one.place <= other.place
    for standing in standings:
        assert math.isfinite(standing.low)
        assert standing.low < standing.strength < standing.high
        chance, low, high = standing.chance
        assert 0 < low < chance < high < 1


def test_the_same_seed_gives_the_same_ranking() -> None:
    duels, entries = week([1.0, 0.0, -1.0], 9, 7, Random(8)), ["0", "1", "2"]
    assert _ranking(duels, entries) == _ranking(duels, entries)


def test_voters_with_views_of_their_own_widen_the_intervals() -> None:
    # The same tallies: thirty voters who each pick both ways, or half of them always one way.
    split = [duel("a", "b", LEFT if n % 2 else RIGHT, f"v{n}") for n in range(30) for _ in "xx"]
    fickle = [duel("a", "b", way, f"v{n}") for n in range(30) for way in (LEFT, RIGHT)]
    spread = []
    for duels in (split, fickle):
        table = picks(duels, ["a", "b"])
        fitted = fit(table)
        seen = voter_bootstrap(fitted, table, np.random.default_rng(1), 400)
        spread.append(float(errors(fitted, table, seen).spread[0]))
        told = covariance(fitted)
        least = math.sqrt((told[0, 0] + told[1, 1] - 2 * told[0, 1]) / 4)
        assert spread[-1] >= least - 1e-9
    assert spread[0] > 1.2 * spread[1]


def test_the_bootstrap_of_one_voter_per_duel_is_as_wide_as_the_information() -> None:
    rng = Random(6)
    duels = [
        duel(each.left, each.right, each.outcome, str(n))
        for n, each in enumerate(week([0.8, 0.2, -0.3, -0.7], 100, 6, rng))
        if each.outcome is not BOTH
    ]
    table = picks(duels, ["0", "1", "2", "3"])
    fitted = fit(table)
    seen = voter_bootstrap(fitted, table, np.random.default_rng(2), 2_000)
    seen = seen - seen.mean(axis=1)[:, None]
    told = covariance(fitted)
    told = told - told.mean(axis=0) - told.mean(axis=1)[:, None] + told.mean()
    assert seen.std(axis=0) == pytest.approx(np.sqrt(np.diagonal(told)), rel=0.1)


def test_ties_leave_less_to_chance_down_to_a_half() -> None:
    def of(ties: int, decided: int) -> float:
        duels = [duel("a", "b", BOTH)] * ties + [duel("a", "b")] * decided
        return dispersion(picks(duels, ["a", "b"]))

    assert of(0, 10) == 1.0
    assert of(2, 8) == pytest.approx(0.8)
    assert of(9, 1) == 0.5
    assert of(0, 0) == 1.0
