"""What shape a text has, and what can be mended."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.writing.forms import DECK_FORMS, FORMS, count_words, fit, form, sentence_ends


def fitted(name: str, text: str) -> str | None:
    return fit(form(name), text)


def test_every_form_is_there_once() -> None:
    names = [each.name for each in FORMS]
    assert len(set(names)) == len(names)
    assert {
        "free",
        "haiku",
        "micro-story",
        "opening-line",
        "tagline",
        "what-if",
        "six-words",
        "letter",
        "picture",
    } <= set(names)


def test_pictures_alone_are_in_no_deck() -> None:
    assert [each.name for each in FORMS if each not in DECK_FORMS] == ["picture"]
    assert [each.name for each in FORMS if each.painted] == ["picture"]


def test_a_picture_is_described_in_whole_sentences() -> None:
    told = "A woodcut of a lighthouse by night. One window is lit, and the sea is ink."
    assert fitted("picture", told) == told
    assert fitted("picture", "a lighthouse, moonlight, woodcut") is None
    cut = fitted("picture", told + " The waves are white lines." * 30)
    assert cut is not None
    assert len(cut) <= 500
    assert cut.endswith("lines.")


def test_an_unknown_form_names_the_nearest_and_all() -> None:
    with pytest.raises(BadInput) as refused:
        form("hiaku")
    said = str(refused.value)
    assert said.startswith("There is no form “hiaku”. Did you mean “haiku”? Forms: free, haiku,")
    with pytest.raises(BadInput, match=r"There is no form “qqq”\. Forms:"):
        form("qqq")


@pytest.mark.parametrize("typed", ["six words", "Six-Words", " six_words "])
def test_a_form_is_found_however_it_is_typed(typed: str) -> None:
    assert form(typed).name == "six-words"


def test_a_haiku_has_three_lines() -> None:
    whole = "rain on the tin roof\nthe dog counts every drop twice\nand then starts again"
    assert fitted("haiku", whole) == whole
    assert fitted("haiku", whole.replace("\n", " / ")) == whole
    assert fitted("haiku", whole.replace("\n", "\r\n\r\n")) == whole
    assert fitted("haiku", "rain on the tin roof\nand then") is None
    assert fitted("haiku", whole + "\nfour") is None


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("For sale: baby shoes, never worn.", True),
        ("I don’t — ever — sleep well anymore.", True),
        ("Half-eaten sandwich. No note. Door open.", True),
        ("Five words are not enough.", False),
        ("Seven words are one too many here.", False),
    ],
)
def test_six_words_are_six(text: str, passes: bool) -> None:
    assert (fitted("six-words", text) == text) is passes


def test_words_are_counted_as_people_count() -> None:
    assert count_words("It’s a half-moon—again … 🌧️") == 5


def test_an_opening_line_is_cut_to_its_one_sentence() -> None:
    assert fitted("opening-line", "It was Dr. Ames, at 4 a.m. on a Monday. He sat.") == (
        "It was Dr. Ames, at 4 a.m. on a Monday."
    )
    assert fitted("opening-line", "“Is it?” she said. No.") == "“Is it?” she said."


def test_sentences_end_in_any_script() -> None:
    assert sentence_ends("猫が来た。月が出た。") == [5, 10]


def test_a_what_if_begins_so_and_gets_its_question_mark() -> None:
    assert fitted("what-if", "What if rain slept in.") == "What if rain slept in?"
    assert fitted("what-if", "¿Y si la lluvia duerme?") == "¿Y si la lluvia duerme?"
    assert fitted("what-if", "Suppose rain slept in?") is None


def test_a_tagline_is_one_line_of_twelve_words_at_most() -> None:
    assert fitted("tagline", "Rain.\nNow in tins.") == "Rain. Now in tins."
    assert fitted("tagline", "word " * 13) is None


def test_a_letter_keeps_its_name_when_it_is_shortened() -> None:
    letter = "Dear Ruth,\n" + "I have the umbrella still. " * 40 + "\nYours,\nM."
    shortened = fitted("letter", letter)
    assert shortened is not None
    assert len(shortened) <= form("letter").max_chars
    assert shortened.endswith("still.\nM.")
    assert fitted("letter", "Dear Ruth, no.") is None


def test_what_is_too_long_is_cut_at_a_sentence_end() -> None:
    cut = fitted("free", "The rain came in. " * 60)
    assert cut is not None
    assert cut.endswith("came in.")
    assert len(cut) <= form("free").max_chars
    assert fitted("free", "rain " * 300) is None


def test_tidying_takes_off_quotes_controls_and_spare_space() -> None:
    assert fitted("free", " “Rain\x00  came\tin.” ") == "Rain came in."
    assert fitted("free", "“Rain,” she said, “came.”") == "“Rain,” she said, “came.”"
    assert fitted("free", "…") is None
    assert fitted("micro-story", "It rained.") is None


@given(st.sampled_from(FORMS), st.text(max_size=900))
def test_what_fits_stays_as_it_is_and_within_bounds(shape, text: str) -> None:  # type: ignore[no-untyped-def]
    mended = fit(shape, text)
    if mended is None:
        return
    assert 0 < len(mended) <= shape.max_chars
    assert not any(unicodedata.category(mark) == "Cc" for mark in mended if mark != "\n")
    assert fit(shape, mended) is not None
