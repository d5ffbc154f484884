"""The learning of lenses: its arithmetic, and that no lens is lost from sight."""

from __future__ import annotations

import math
from collections import Counter
from random import Random
from statistics import pvariance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stats.lens_choice import TOSSES, LensRecord, choose, learned, rewards, settled

_NAMES = [f"lens-{letter}" for letter in "abcdefghijklmnop"]
_AMOUNTS = st.floats(0, 100)
_RECORDS = st.dictionaries(
    st.sampled_from(_NAMES), st.builds(LensRecord, wins=_AMOUNTS, losses=_AMOUNTS)
)
_SCORES = st.dictionaries(st.sampled_from(_NAMES), st.integers(0, 4).map(lambda n: n / 4))


def test_a_reward_is_the_share_of_siblings_beaten_with_half_for_a_tie() -> None:
    assert rewards({"a": 0.6, "b": 0.4, "c": 0.4, "d": 0.1}) == {
        "a": 1.0,
        "b": 0.5,
        "c": 0.5,
        "d": 0.0,
    }
    assert rewards({"a": 0.3, "b": 0.3}) == {"a": 0.5, "b": 0.5}


@pytest.mark.parametrize("scores", [{}, {"a": 0.7}])
def test_without_siblings_there_is_nothing_to_learn(scores: dict[str, float]) -> None:
    assert rewards(scores) == {}


def test_scores_that_differ_in_the_last_digit_only_are_a_tie() -> None:
    assert rewards({"a": 0.1 + 0.2, "b": 0.3}) == {"a": 0.5, "b": 0.5}


@given(_SCORES)
def test_rewards_average_one_half_and_follow_the_scores(scores: dict[str, float]) -> None:
    given_out = rewards(scores)
    if len(scores) < 2:
        return
    assert sum(given_out.values()) == pytest.approx(len(scores) / 2)
    for a, b in zip(scores, list(scores)[1:], strict=False):
        assert (given_out[a] > given_out[b]) is (scores[a] > scores[b])
    # Only the order counts: any rising change of scale gives the same.
    assert rewards({lens: score**3 + 1 for lens, score in scores.items()}) == given_out


def test_every_record_fades_and_then_the_round_is_added() -> None:
    after = learned({"a": LensRecord(10, 20), "b": LensRecord(4, 0)}, {"a": 0.25, "c": 1.0}, 0.5)
    assert after == {
        "a": LensRecord(5.25, 10.75),
        "b": LensRecord(2, 0),
        "c": LensRecord(1, 0),
    }


@given(_RECORDS, st.dictionaries(st.sampled_from(_NAMES), st.floats(0, 1)))
def test_learning_keeps_evidence_in_bounds_and_its_input_unchanged(
    records: dict[str, LensRecord], given_out: dict[str, float]
) -> None:
    before = dict(records)
    after = learned(records, given_out)
    assert records == before
    assert after.keys() == records.keys() | given_out.keys()
    for lens, record in after.items():
        assert 0 < record.rate < 1
        assert record.wins >= 0
        assert record.losses >= 0
        expected = 0.99 * records.get(lens, LensRecord()).rounds + (lens in given_out)
        assert record.rounds == pytest.approx(expected)


@given(st.builds(LensRecord, wins=_AMOUNTS, losses=_AMOUNTS), st.integers(0, 50))
def test_fading_at_once_equals_fading_round_by_round(record: LensRecord, rounds: int) -> None:
    step_by_step = {"a": record}
    for _ in range(rounds):
        step_by_step = learned(step_by_step, {})
    at_once = record.faded(rounds)
    assert at_once.wins == pytest.approx(step_by_step["a"].wins)
    assert at_once.losses == pytest.approx(step_by_step["a"].losses)


def test_evidence_in_every_round_is_worth_a_hundred_at_most() -> None:
    records: dict[str, LensRecord] = {}
    for _ in range(2_000):
        records = learned(records, {"a": 0.7})
    assert records["a"].rounds == pytest.approx(100)
    assert records["a"].rate == pytest.approx(0.7, abs=0.01)


@given(_RECORDS, st.integers(0, 6), st.integers(0, 16), st.integers())
def test_a_choice_is_of_different_lenses_and_as_many_as_there_can_be(
    records: dict[str, LensRecord], count: int, known: int, seed: int
) -> None:
    lenses = _NAMES[:known]
    chosen = choose(records, lenses + lenses[:2], count, Random(seed))
    assert len(chosen) == len(set(chosen)) == min(count, known)
    assert set(chosen) <= set(lenses)
    assert chosen == choose(records, lenses + lenses[:2], count, Random(seed))


@pytest.mark.parametrize(("known", "count"), [(16, 4), (5, 4), (8, 2), (7, 6), (3, 1)])
def test_the_worst_lens_is_seen_as_often_as_promised(known: int, count: int) -> None:
    # All but `hopeless` win whatever is drawn, so that only the even place is left for it.
    records = {name: LensRecord(10_000, 0) for name in _NAMES[:known]}
    hopeless = _NAMES[known // 2]
    records[hopeless] = LensRecord(0, 10_000)
    rng = Random(7)
    rounds = 6_000
    seen = Counter(
        name for _ in range(rounds) for name in choose(records, _NAMES[:known], count, rng)
    )
    promised = 1 / (known - count + 1)
    noise = (promised * (1 - promised) / rounds) ** 0.5
    assert seen[hopeless] / rounds == pytest.approx(promised, abs=4 * noise)
    assert min(seen.values()) == seen[hopeless]


def test_each_lens_is_seen_as_promised_while_all_are_being_learned() -> None:
    rng, records = Random(11), dict[str, LensRecord]()
    rounds, seen = 3_000, Counter[str]()
    for _ in range(rounds):
        chosen = choose(records, _NAMES, 4, rng)
        seen.update(chosen)
        # The earlier in the alphabet, the better, with chance in it.
        scores = {name: rng.random() - _NAMES.index(name) / 10 for name in chosen}
        records = learned(records, rewards(scores))
    promised = 1 / (len(_NAMES) - 3)
    noise = (promised * (1 - promised) / rounds) ** 0.5
    assert all(seen[name] / rounds > promised - 4 * noise for name in _NAMES)
    assert sum(seen[name] for name in _NAMES[:4]) > 0.5 * 4 * rounds


def test_places_are_shuffled() -> None:
    records = {"a": LensRecord(10_000, 0), "b": LensRecord(0, 10_000), "c": LensRecord(0, 10_000)}
    rng = Random(3)
    first = Counter(choose(records, records, 2, rng).index("a") for _ in range(1_000))
    assert first[0] == pytest.approx(500, abs=80)


def test_the_sampled_places_go_to_the_proven() -> None:
    records = {"a": LensRecord(90, 10), "b": LensRecord(80, 20)}
    records |= {name: LensRecord(10, 90) for name in "cdefgh"}
    rng = Random(5)
    assert all({"a", "b"} <= set(choose(records, records, 3, rng)) for _ in range(200))


def test_unknown_lenses_are_tried_before_poor_ones() -> None:
    records = {name: LensRecord(5, 45) for name in "abcdef"}
    rng = Random(9)
    seen = Counter(name for _ in range(500) for name in choose(records, [*"abcdef", "new"], 2, rng))
    assert seen.most_common(1)[0][0] == "new"


def test_a_rate_is_settled_by_evidence_and_unsettled_by_time() -> None:
    assert not settled(LensRecord())
    assert not settled(LensRecord(5.4, 5.4))
    assert settled(LensRecord(5.7, 5.7))
    assert settled(LensRecord(1.6, 6.4))
    assert not settled(LensRecord(1.4, 5.6))
    assert settled(LensRecord(0, 7.7))
    often = LensRecord(50, 50)
    assert settled(often.faded(69))
    assert not settled(often.faded(250))


@given(_AMOUNTS, _AMOUNTS)
def test_rate_and_spread_are_those_of_a_beta_distribution(wins: float, losses: float) -> None:
    record = LensRecord(wins, losses)
    a, b = record.beta
    assert (a, b) == (1 + TOSSES * wins, 1 + TOSSES * losses)
    assert record.rate == pytest.approx(a / (a + b))
    assert record.spread**2 == pytest.approx(a * b / ((a + b) ** 2 * (a + b + 1)))


def test_a_reward_is_worth_as_many_tosses_as_its_variance_says() -> None:
    """Of four lenses nobody prefers: without a tie, and as small crowds vote, who often tie."""
    shares = [beaten / 3 for beaten in range(4)]
    assert (1 / 4) / pvariance(shares) == pytest.approx(1.8)
    rng = Random(3)
    seen: list[float] = []
    for _ in range(4000):
        liked = [0.3 / (0.3 + 0.7 * rng.lognormvariate(0, 0.8)) for _ in range(4)]
        scores = {
            str(n): sum(rng.random() < each for _ in range(7)) for n, each in enumerate(liked)
        }
        seen += rewards(scores).values()
    assert (1 / 4) / pvariance(seen) == pytest.approx(TOSSES, rel=0.05)


def test_the_empty_record_takes_every_rate_for_equally_likely() -> None:
    assert LensRecord().rate == 0.5
    assert LensRecord().spread == pytest.approx(math.sqrt(1 / 12))
