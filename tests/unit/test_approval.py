from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stats.approval import WEIGHT, prior, score

_SEEN = st.integers(0, 10**6)
_PRIOR = st.floats(0, 1)


@st.composite
def _counted(draw: st.DrawFn) -> tuple[int, int]:
    seen = draw(_SEEN)
    return draw(st.integers(0, seen)), seen


@given(_counted(), _PRIOR)
def test_a_score_is_between_nothing_and_all(counted: tuple[int, int], p0: float) -> None:
    assert 0 <= score(*counted, p0) <= 1


@given(_counted(), _PRIOR)
def test_a_score_lies_between_the_share_and_the_prior(counted: tuple[int, int], p0: float) -> None:
    approvals, seen = counted
    share = approvals / seen if seen else p0
    low, high = sorted((share, p0))
    assert low - 1e-12 <= score(approvals, seen, p0) <= high + 1e-12


@given(st.integers(1, 10**6), st.data(), _PRIOR)
def test_one_more_approval_is_always_better(seen: int, data: st.DataObject, p0: float) -> None:
    approvals = data.draw(st.integers(0, seen - 1))
    assert score(approvals + 1, seen, p0) > score(approvals, seen, p0)


@given(_counted(), _PRIOR)
def test_one_more_who_passed_it_over_is_never_better(counted: tuple[int, int], p0: float) -> None:
    approvals, seen = counted
    assert score(approvals, seen + 1, p0) <= score(approvals, seen, p0)


@given(_PRIOR)
def test_unseen_it_has_the_prior(p0: float) -> None:
    assert math.isclose(score(0, 0, p0), p0, abs_tol=1e-12)


def test_the_weight_is_five_average_chances() -> None:
    assert WEIGHT == 5
    assert score(3, 4, 0.3) == pytest.approx((3 + 5 * 0.3) / 9)
    assert score(3, 4, 0.3, weight=0) == 0.75


def test_the_prior_is_three_in_ten_until_there_is_evidence() -> None:
    assert prior(0, 0) == 0.3
    assert prior(10, 20) == pytest.approx(13 / 30)


@given(_counted())
def test_the_prior_is_a_share(counted: tuple[int, int]) -> None:
    assert 0 < prior(*counted) < 1


@given(st.integers(1, 10**6), st.data())
def test_the_prior_grows_with_approvals(chances: int, data: st.DataObject) -> None:
    approvals = data.draw(st.integers(0, chances - 1))
    assert prior(approvals + 1, chances) > prior(approvals, chances)
