"""Sparks: questions of different kinds, in clean sentences, that do not come twice."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.writing import people_decks, themes
from bot.writing.similarity import duplicate
from bot.writing.sparks import kinds, sparks

DECK = people_decks.load("sparks")
#: Themes, and words which a question that holds them has.
THEMES = {
    "a lighthouse afraid of the dark": ("lighthouse",),
    "rain": ("rain",),
    "socks": ("socks",),
    "my grandmother's hands": ("your grandmother’s hands", "my grandmother’s hands"),
    "two strangers share an umbrella": ("strangers",),
    "why do cats stare at walls": ("cats",),
    "What if nobody could lie?": ("“What if nobody could lie”",),
    "¿Dónde está mi abuela?": ("“Dónde está mi abuela”",),
    "雨の日": ("“雨の日”",),
    "🦊": ("“🦊”",),
    "Lucía": ("Lucía",),
    "The Beatles": ("“The Beatles”",),
    "being late": ("being late",),
    "the day I met my brother": ("the day you met your brother", "the day I met my brother"),
    "my best friend": ("your best friend", "my best friend"),
    "we sat in the car all night since nobody knew the way home " * 5: ("“we sat in the car",),
}


def _pattern(frame: str) -> re.Pattern[str]:
    """What a question made of `frame` looks like."""
    agreeing = re.sub(r"\\\[(\w+)/(\w+)\\\]", r"(?:\1|\2)", re.escape(frame))
    return re.compile(re.sub(r"\\\{\w+\\\}", ".+", agreeing))


PATTERNS = [
    (kind, _pattern(frame))
    for kind, sections in DECK.items()
    for frames in sections.values()
    for frame in frames
]


def kind_of(question: str) -> str:
    """The kind whose frame `question` was made of."""
    return next(kind for kind, pattern in PATTERNS if pattern.fullmatch(question))


def assert_clean(question: str) -> None:
    assert question.endswith("?"), question
    assert question == question.strip()
    assert not re.search(r"[{}<>|\[\]\n]|  |\.\.|,,|\?\?", question), question
    assert not re.search(r"\b(a|an|the) (a|an|the)\b", question, re.IGNORECASE), question


def test_the_deck_is_as_large_as_it_should_be() -> None:
    sections = [each for deck in DECK.values() for each in deck.items()]
    general = sum(len(frames) for name, frames in sections if name == "general")
    slotted = [f for name, frames in sections if name != "general" for f in frames]
    assert len(kinds()) >= 10
    assert general >= 90
    assert len(slotted) >= 60
    assert all("{full}" in frame or "{title}" in frame for frame in slotted)
    assert all({"general", "near", "plain"} <= set(deck) for deck in DECK.values())


def test_no_two_questions_of_the_deck_are_alike() -> None:
    every = [
        re.sub(r"\[(\w+)/\w+\]", r"\1", re.sub(r"\{\w+\}", "rain", frame))
        for deck in DECK.values()
        for frames in deck.values()
        for frame in frames
    ]
    assert [pair for pair in combinations(every, 2) if duplicate(*pair)] == []


def test_no_question_can_be_answered_by_yes_or_asks_to_imagine() -> None:
    closed = r"^(?:is|are|was|were|do|does|did|have|has|had|can|could|would|will)\b"
    for deck in DECK.values():
        for frame in (each for frames in deck.values() for each in frames):
            assert not re.search(closed, frame, re.IGNORECASE), frame
            assert not re.search(r"\bimagine|pretend\b", frame, re.IGNORECASE), frame


def test_without_a_theme_three_kinds_and_nothing_again_until_the_deck_is_through() -> None:
    for seed in range(6):
        seen: list[str] = []
        for page in range(34):
            questions = sparks("", seed, page)
            assert len({kind_of(each) for each in questions}) == 3
            seen += questions
        assert len(set(seen)) == len(seen) == 102
        for each in seen:
            assert_clean(each)


@pytest.mark.parametrize("theme", THEMES)
def test_with_a_theme_two_of_three_hold_it_and_it_reads_right(theme: str) -> None:
    held = 0
    for seed in range(40):
        questions = sparks(theme, seed)
        assert len({kind_of(each) for each in questions}) == 3
        assert not any(duplicate(a, b) for a, b in combinations(questions, 2))
        for each in questions:
            assert_clean(each)
            assert len(each) <= 180
        first = questions[0]
        assert any(words in first for words in THEMES[theme]), first
        held += sum(any(words in each for words in THEMES[theme]) for each in questions)
    found = themes.read(theme)
    assert found is not None
    # A long one said twice would make two questions one.
    assert held >= (80 if found.brief else 40)
    assert held <= 80


@pytest.mark.parametrize("theme", ["rain", "a lighthouse afraid of the dark", "¿Dónde estás?"])
def test_pages_on_a_theme_repeat_nothing_for_long(theme: str) -> None:
    for seed in range(5):
        pages = [sparks(theme, seed, page) for page in range(30)]
        texts = [each for page in pages for each in page]
        assert len(set(texts)) == len(texts)


def test_when_the_deck_is_through_it_begins_again() -> None:
    first = sparks("", 3)
    again = next(page for page in range(1, 60) if sparks("", 3, page) == first)
    assert again >= 30


@pytest.mark.parametrize("theme", ["", "  ", "???", "…", "<>", "\x00\x07", "https://example.com"])
def test_a_theme_that_says_nothing_is_left_out(theme: str) -> None:
    general = {each for deck in DECK.values() for each in deck["general"]}
    assert set(sparks(theme, 1)) <= general


def test_the_same_arguments_give_the_same_and_another_seed_another() -> None:
    assert sparks("rain", 5, 2) == sparks("rain", 5, 2)
    assert len({sparks("rain", seed) for seed in range(20)}) == 20


@pytest.mark.parametrize("count", [1, 2, 5, 13])
def test_as_many_as_asked_each_of_another_kind(count: int) -> None:
    questions = sparks("the sea", 9, 1, count)
    assert len({kind_of(each) for each in questions}) == len(questions) == count


@pytest.mark.parametrize(("page", "count"), [(-1, 3), (0, 0), (0, 99)])
def test_what_there_is_not_is_refused(page: int, count: int) -> None:
    with pytest.raises(ValueError, match="no page"):
        sparks("rain", 1, page, count)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.integers(0, 2**32), st.integers(0, 3))
def test_any_theme_gives_three_questions(theme: str, seed: int, page: int) -> None:
    questions = sparks(theme, seed, page)
    assert len(questions) == 3
    for each in questions:
        assert each.endswith("?")
        assert "\n" not in each
        assert len(each) <= 200


@pytest.mark.parametrize(
    ("typed", "full", "brief"),
    [
        ("a lighthouse afraid of the dark", "a lighthouse afraid of the dark", "the lighthouse"),
        ("my dog", "your dog", "your dog"),
        ("the house that my uncle built", "the house that your uncle built", "the house"),
        ("the day I met my brother", "the day you met your brother", None),
        ("write a poem about the sea", "the sea", "the sea"),
        ("things left on trains", "“things left on trains”", "“things left on trains”"),
        ("la lluvia", "“la lluvia”", "“la lluvia”"),
        ("home", "“home”", "“home”"),
        ("SNOW!!!", "snow", "snow"),
        ("cheese", "cheese", "cheese"),
        ("Dr. Watson", "“Dr. Watson”", "“Dr. Watson”"),
        ("<b>rain</b> <@U0123>", "rain", "rain"),
        ("moving house", "“moving house”", "“moving house”"),
        ("dragons vs robots", "“dragons vs robots”", "“dragons vs robots”"),
        ("ignore the above", "“ignore the above”", "“ignore the above”"),
        ("my cat and your old dog", "your cat and your old dog", None),
        ("The Last of Us", "“The Last of Us”", "“The Last of Us”"),
        ("¡Viva!", "“Viva”", "“Viva”"),
        ("socks", "socks", "socks"),
    ],
)
def test_a_theme_is_turned_to_the_reader_or_quoted(
    typed: str, full: str, brief: str | None
) -> None:
    found = themes.read(typed)
    assert found is not None
    assert found.subject.full == full
    assert (found.brief.full if found.brief else None) == brief


@pytest.mark.parametrize(
    ("typed", "plain", "thing", "somebody"),
    [
        ("rain", True, True, False),
        ("socks", True, True, False),
        ("a dragon", False, True, False),
        ("loneliness", False, True, False),
        ("my sister", False, True, True),
        ("my grandmother's hands", False, True, True),
        ("neighbours", False, True, True),
        ("Lucía", False, True, True),
        ("José Núñez", False, False, True),
        ("being late", False, False, False),
        ("the smell of a wet dog", False, False, False),
        ("¿Dónde está?", False, False, False),
    ],
)
def test_what_a_theme_is_of(typed: str, plain: bool, thing: bool, somebody: bool) -> None:
    found = themes.read(typed)
    assert found is not None
    assert (found.plain, found.thing, found.somebody) == (plain, thing, somebody)
