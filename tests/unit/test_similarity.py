"""The duplicate rule, on its own numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.writing.similarity import (
    DUPLICATE_F1,
    distinct,
    duplicate,
    duplicate_of_past,
    similarity,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Lighthouse’s lamp, again!", ("the", "lighthouse's", "lamp", "again")),
        ("don't / don’t", ("don't", "don't")),
        ("Straße STRASSE", ("strasse", "strasse")),
        ("猫と月 moon", ("猫", "と", "月", "moon")),
        ("हिन्दी में", ("हिन्दी", "में")),
        ("🌧️ 🌧", ("🌧", "🌧")),
        ("", ()),
    ],
)
def test_words_are_read_in_any_script(text: str, expected: tuple[str, ...]) -> None:
    assert words(text) == expected


def test_similarity_is_rouge_1_f1_with_repeats_counted() -> None:
    # overlap = min(2,1) the + 1 cat = 2; F1 = 2 * 2 / (3 + 4)
    assert similarity("the cat the", "the cat sat down") == pytest.approx(4 / 7)


def test_long_texts_are_duplicates_only_above_the_threshold() -> None:
    base = "one two three four five six seven eight nine ten"
    five_shared = "one two three four five k l m n o"
    four_shared = "one two three four j k l m n o"
    assert similarity(base, five_shared) > DUPLICATE_F1 > similarity(base, four_shared)
    assert duplicate(base, five_shared)
    assert not duplicate(base, four_shared)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("rain on tin", "rain on Monday", True),  # two shared of three
        ("rain on the tin roof", "rain in a paper boat", False),  # one shared of five
        ("rain falls", "snow rain wind fog", False),  # one shared of four
        ("rain falls hard", "hard snow rain fog", True),  # two shared of four
        ("🌧️", "🌧", True),
        ("猫と月", "猫と星", True),
        ("猫と月", "犬の空", False),
    ],
)
def test_short_texts_share_half_of_the_longer_ones_words(a: str, b: str, expected: bool) -> None:
    assert duplicate(a, b) is expected


def test_against_the_past_short_texts_need_the_same_content_words() -> None:
    assert duplicate("the rain on tin", "the rain on glass")
    assert not duplicate_of_past("the rain on tin", "the rain on glass")
    assert duplicate_of_past("The rain, on tin.", "tin and rain")
    assert duplicate_of_past("to be or not to be", "to be or not to be")
    long = "a lighthouse keeper counts the ships that never came home"
    assert duplicate_of_past(long, long + " tonight")


def test_distinct_counts_first_comers() -> None:
    assert distinct([]) == 0
    assert distinct(["rain on tin", "rain on Monday", "a fox asleep"]) == 2


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_can_be_compared_either_way_round(a: str, b: str) -> None:
    assert 0 <= similarity(a, b) == similarity(b, a) <= 1 + 1e-9
    assert duplicate(a, b) is duplicate(b, a)
    assert duplicate_of_past(a, b) is duplicate_of_past(b, a)


@given(st.text(max_size=80))
def test_a_text_is_a_duplicate_of_itself(text: str) -> None:
    assert duplicate(text, text)
    assert duplicate_of_past(text, text)
