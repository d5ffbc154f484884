"""What a prompt is about, and how it may be said in a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.writing.noun_phrases import FULL_CHARS
from bot.writing.prompt_reader import Kind, called, read, terse
from bot.writing.prompt_words import TITLE_CHARS


@pytest.mark.parametrize(
    ("prompt", "kind", "full", "the", "short"),
    [
        (
            "a lighthouse afraid of the dark",
            Kind.SINGULAR,
            "a lighthouse afraid of the dark",
            "the lighthouse",
            "the lighthouse",
        ),
        (
            "The Last Bookshop On Mars",
            Kind.SINGULAR,
            "the last bookshop on Mars",
            "the last bookshop",
            "the bookshop",
        ),
        (
            "two strangers share an umbrella",
            Kind.CLAUSE,
            "two strangers who share an umbrella",
            "the strangers",
            "the strangers",
        ),
        (
            "a dog learns to fly",
            Kind.CLAUSE,
            "a dog that learns to fly",
            "the dog",
            "the dog",
        ),
        (
            "What if rain remembered us?",
            Kind.QUESTION,
            "the rain that remembered us",
            "the rain",
            "the rain",
        ),
        (
            "why do cats stare at walls",
            Kind.QUESTION,
            "the cats that stare at walls",
            "the cats",
            "the cats",
        ),
        ("where do lost socks go", Kind.QUESTION, "lost socks", "the lost socks", "the socks"),
        ("Why is the sky blue?", Kind.QUESTION, "the sky", "the sky", "the sky"),
        (
            "write a poem about my grandmother's hands",
            Kind.PLURAL,
            "my grandmother’s hands",
            "those hands",
            "those hands",
        ),
        ("my father's coat", Kind.SINGULAR, "my father’s coat", "that coat", "that coat"),
        ("my best friend", Kind.SINGULAR, "my best friend", "my best friend", "my friend"),
        ("loneliness", Kind.MASS, "loneliness", "loneliness", "loneliness"),
        ("Monday", Kind.MASS, "Monday", "Monday", "Monday"),
        ("rain", Kind.MASS, "rain", "the rain", "the rain"),
        ("Lighthouse", Kind.SINGULAR, "a lighthouse", "the lighthouse", "the lighthouse"),
        ("old umbrella", Kind.SINGULAR, "an old umbrella", "the old umbrella", "the umbrella"),
        ("a hour", Kind.SINGULAR, "an hour", "the hour", "the hour"),
        (
            "describe a city where nobody sleeps",
            Kind.SINGULAR,
            "a city where nobody sleeps",
            "the city",
            "the city",
        ),
        ("a cat and a dog", Kind.PLURAL, "a cat and a dog", "the two of them", "those two"),
        (
            "the last human on Earth finds a note",
            Kind.SINGULAR,
            "the last human on Earth",
            "the last human",
            "the human",
        ),
    ],
)
def test_prompts_are_taken_up_in_their_own_words(
    prompt: str, kind: Kind, full: str, the: str, short: str
) -> None:
    subject = read(prompt)
    assert (subject.kind, subject.full, subject.the, subject.short) == (kind, full, the, short)


@pytest.mark.parametrize(
    ("prompt", "title", "word"),
    [
        ("🌧️", "🌧️", "“🌧️”"),
        ("una ciudad donde nadie duerme", "una ciudad donde nadie duerme", "“duerme”"),
        ("猫と月", "猫と月", "“猫と月”"),
        ("how do I say goodbye?", "how do I say goodbye", "“goodbye”"),
        ("grief is a suitcase", "grief is a suitcase", "“suitcase”"),
        ("???!!", "?!", "“Untitled”"),
        ("", "Untitled", "“Untitled”"),
    ],
)
def test_what_can_not_be_read_is_quoted(prompt: str, title: str, word: str) -> None:
    subject = read(prompt)
    assert (subject.kind, subject.title, subject.short) == (Kind.UNREADABLE, title, word)
    assert subject.full == ""
    assert called(subject, "orchard").full == f"an orchard called “{title}”"
    assert terse(subject).full == word


def test_pronouns_are_never_guessed() -> None:
    assert (read("the queen of Mars").it, read("an old wizard").it) == ("she", "he")
    assert read("an astronaut at sea").it == "the astronaut"
    assert read("two strangers").it == "they"
    assert read("a lighthouse").its == "its"


def test_a_paragraph_gives_a_subject_of_sane_length() -> None:
    prompt = "A child who has never seen snow asks what it sounds like when it falls, " * 7
    subject = read(prompt)
    assert subject.full == "a child who has never seen snow"
    assert len(subject.title) <= TITLE_CHARS + 1


@given(st.text(max_size=600))
def test_any_prompt_can_be_read(prompt: str) -> None:
    subject = read(prompt)
    assert subject.title
    assert len(subject.title) <= TITLE_CHARS + 1
    assert len(subject.full) <= FULL_CHARS + 4
    assert 1 <= len(subject.short.split()) <= 2
    assert (subject.kind is Kind.UNREADABLE) is (not subject.full)


_WORD = st.sampled_from(
    [
        "a",
        "an",
        "the",
        "my",
        "every",
        "two",
        "cat",
        "cats",
        "rain",
        "love",
        "who",
        "that",
        "of",
        "in",
        "and",
        "is",
        "sleeps",
        "dreams",
        "falling",
        "lost",
        "blue",
        "what",
        "why",
        "do",
        "if",
        "write",
        "poem",
        "about",
        "I",
        "we",
        "nobody",
        "lighthouse",
        "grandmother's",
        "hands",
        "share",
    ]
)


@pytest.mark.parametrize("prompt", ["a the cat", "an the cat", "every the cat", "the my cat"])
def test_two_articles_are_quoted_and_not_read(prompt: str) -> None:
    assert read(prompt).kind is Kind.UNREADABLE


@pytest.mark.parametrize("prompt", ["all the lost socks", "both my lost socks"])
def test_all_and_both_may_stand_before_another(prompt: str) -> None:
    subject = read(prompt)
    assert (subject.full, subject.the, subject.short) == (prompt, "the lost socks", "the socks")
    assert subject.plural


@given(st.lists(_WORD, max_size=14).map(" ".join))
def test_english_word_salad_never_doubles_an_article(prompt: str) -> None:
    subject = read(prompt)
    for slot in (subject.full, subject.the, subject.short):
        assert not slot.startswith(("the the ", "the a ", "a the ", "a a ", "an the "))
