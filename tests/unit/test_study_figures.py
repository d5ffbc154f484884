"""What a study measures, and how sure it is of it."""

from __future__ import annotations

from math import fsum
from random import Random

import pytest

from bot.stats.bootstrap import mean_interval
from bot.studying.arms import Arm, Run
from bot.studying.figures import difference, figures, means, medians
from bot.writing.calls import Usage
from tests.unit.studies import block, measured


def test_the_figures_of_a_run() -> None:
    texts = ("one two three four five six", "one two three four five seven", "eight " * 8)
    usage = (Usage("m", 10, 4, 20, reported=True), Usage("m", 1, 0, 2, reported=False))
    found = figures(Run(Arm.PLAIN, texts, ("deck",), "m", usage, 2, 0.5, 1.5, "Oh."))
    assert (found.entries, found.filled, found.distinct) == (3, 1, 2)
    assert found.similarity == pytest.approx((10 / 12) / 3)
    assert (found.chars, found.words) == (29, 6)
    assert (found.tokens_in, found.tokens_cached, found.tokens_out) == (11, 4, 22)
    assert (found.tokens, found.reported) == (33, False)
    assert (found.first, found.last, found.calls, found.failure) == (0.5, 1.5, 2, "Oh.")


def test_the_figures_of_nothing() -> None:
    found = figures(Run(Arm.MUSE, failure="It can't be reached."))
    assert (found.entries, found.distinct, found.calls) == (0, 0, 0)
    for value in (found.similarity, found.chars, found.words, found.tokens, found.first):
        assert value is None
    assert not found.reported
    one = figures(Run(Arm.MUSE, ("alone",)))
    assert (one.distinct, one.similarity) == (1, None)


def test_means_and_medians_leave_out_what_is_not_there() -> None:
    blocks = [block(first=value) for value in (1.0, None, 2.0, 6.0)]
    assert means(blocks, Arm.MUSE, lambda each: each.first) == 3.0
    assert medians(blocks, Arm.MUSE, lambda each: each.first) == 2.0
    assert means([block(first=None)], Arm.MUSE, lambda each: each.first) is None
    assert medians([], Arm.MUSE, lambda each: each.first) is None


def test_a_difference_is_paired() -> None:
    """What the prompts do to both arms alike does not blur it."""
    blocks = [block((1 + n % 3, 1, 2 + n % 3)) for n in range(30)]
    found = difference(blocks, Arm.PLAIN, lambda each: each.distinct, Random(1))
    assert found is not None
    assert (found.mean, found.interval, found.prompts) == (1.0, (1.0, 1.0), 30)
    assert found.told
    unpaired = difference(blocks, Arm.REPEATED, lambda each: each.distinct, Random(1))
    assert unpaired is not None
    assert unpaired.interval is not None
    assert unpaired.interval[0] < unpaired.mean == 2.0 < unpaired.interval[1]


def test_a_difference_over_those_that_have_both() -> None:
    blocks = [block(), {**block(), Arm.PLAIN: measured(Arm.PLAIN, similarity=None)}]
    found = difference(blocks, Arm.PLAIN, lambda each: each.similarity, Random(1))
    assert found is not None
    assert (found.prompts, found.interval, found.told) == (1, None, False)
    assert difference(blocks[1:], Arm.PLAIN, lambda each: each.similarity, Random(1)) is None


# --- The bootstrap.


def test_an_interval_needs_two_values() -> None:
    assert mean_interval([], Random(1)) is None
    assert mean_interval([3.0], Random(1)) is None
    assert mean_interval([3.0, 3.0], Random(1)) == (3.0, 3.0)


def test_an_interval_holds_the_mean_as_often_as_it_says() -> None:
    rng = Random(5)
    held = 0
    for _ in range(300):
        low, high = mean_interval([rng.gauss(1, 2) for _ in range(30)], rng, resamples=300) or (
            0,
            0,
        )
        held += low <= 1 <= high
    assert 0.90 <= held / 300 <= 0.98


def test_an_interval_is_the_known_one_for_many_values() -> None:
    rng = Random(2)
    values = [rng.gauss(0, 1) for _ in range(400)]
    low, high = mean_interval(values, rng, resamples=1500) or (0, 0)
    mean = fsum(values) / 400
    assert mean - low == pytest.approx(0.098, abs=0.012)
    assert high - mean == pytest.approx(0.098, abs=0.012)
    narrow, _ = mean_interval(values, rng, level=0.5, resamples=1500) or (0, 0)
    assert low < narrow < mean
