"""The guard against the past gives the answers of the rule it stands in for."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.writing.guard import Near, Past
from bot.writing.similarity import duplicate_of_past, similarity

# Few words, so that texts share them; function words, repeats, symbols and nothing among them.
_WORDS = st.sampled_from(["the", "of", "to", "rain", "tin", "fox", "Fox,", "lamp", "猫", "🌧️", ""])
_LIKE = st.lists(_WORDS, max_size=16).map(" ".join)
_TEXTS = _LIKE | st.text(max_size=60)

_LONG = "a lighthouse keeper counts the ships that never came home"


@settings(max_examples=400, deadline=None)
@given(st.lists(_TEXTS, max_size=12), _TEXTS)
@example(["", "🌧"], "")
@example([" "], "\ufe0f")
@example(["the of to"], "to the of")
def test_any_text_is_judged_as_the_plain_loop_judges_it(past: list[str], text: str) -> None:
    guard = Past(past)
    assert guard.repeats(text) is any(duplicate_of_past(text, each) for each in past)
    greatest = max((similarity(text, each) for each in past), default=0.0)
    near = guard.nearest(text)
    assert near.similarity == greatest
    assert near.text == next((t for t in past if greatest and similarity(text, t) == greatest), "")
    assert guard.novelty(text) == 1.0 - greatest


@given(st.lists(_TEXTS, max_size=8))
def test_a_past_repeats_all_of_itself(past: list[str]) -> None:
    guard = Past(past)
    assert all(guard.repeats(text) for text in past)
    assert all(guard.nearest(text).similarity == 1.0 for text in past)


def test_the_order_of_the_past_changes_no_judgement() -> None:
    past = ["rain on tin", _LONG, "rain on glass", _LONG + " again"]
    for text in ("the rain, on tin", _LONG + " tonight", "nothing like it"):
        assert Past(past).repeats(text) is Past(reversed(past)).repeats(text)
        assert Past(past).novelty(text) == Past(reversed(past)).novelty(text)


def test_the_nearest_of_several_alike_is_the_first_given() -> None:
    assert Past(["tin rain", "rain tin"]).nearest("rain tin") == Near(1.0, "tin rain")


def test_repeated_words_count_as_often_as_both_have_them() -> None:
    # overlap = min(3, 2) of rain + 1 of fox = 3; F1 = 2 * 3 / (4 + 4)
    near = Past(["rain rain fox owl"]).nearest("rain rain rain fox")
    assert near.similarity == pytest.approx(6 / 8)


def test_a_short_text_repeats_only_its_own_content_words() -> None:
    past = Past(["the rain on tin", _LONG])
    assert past.repeats("tin, and rain!")
    assert not past.repeats("the rain on glass")
    assert past.repeats("in the end it was of the rain and my tin") is False
    assert past.repeats("it was the rain, and it was on my tin")  # a short one, dressed up
    assert past.repeats(_LONG.upper() + " TONIGHT")


def test_without_a_past_everything_is_new() -> None:
    past = Past([])
    assert len(past) == 0
    assert past.nearest(_LONG) == Near(0.0, "")
    assert past.novelty(_LONG) == 1.0
    assert not past.repeats(_LONG)
    assert not past.repeats("")


def test_the_same_text_twice_is_held_once() -> None:
    assert len(Past(iter([_LONG, _LONG, "rain"]))) == 2


def test_a_text_that_shares_no_word_has_no_nearest() -> None:
    assert Past([_LONG, ""]).nearest("zebra") == Near(0.0, "")
