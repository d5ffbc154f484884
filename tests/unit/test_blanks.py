"""The forms that members fill in, and the requests that their fields make."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import (
    ACTIONS,
    BOLD,
    MAX_LENGTH,
    OWN,
    TWIST,
    USUAL,
    Action,
    answer,
    decode,
    more_sparks,
    request,
)
from bot.cards import Answer, FieldKind, FormCard
from bot.community_requests import AddLore, DescribeAngle, Lore, ShowAngles
from bot.errors import BadInput
from bot.grammar import read
from bot.models import RoundRef
from bot.present.blanks import entry_form, refine_form
from bot.present.knowing import angle_form, lore_form
from bot.requests import Add, Again, Ask, Blank, Compose, LetMuse, Refine, Remix, Request, Spark
from bot.writing.forms import DECK_FORMS
from tests.unit.strategies import TEXT

REF = RoundRef("commun1ty0", "round0000001")
EVERY = (
    entry_form(REF, 0, 1000),
    entry_form(REF, 2, 1000),
    entry_form(REF, 0, 1000, twists=True),
    entry_form(REF, 2, 1000, twists=True),
    refine_form(REF, 500),
    lore_form(240),
    angle_form(40, 240),
)


def sent(form: FormCard, /, **fields: str) -> Request:
    """What sending a form asks for: what it shows at first, with what was filled in."""
    first = {field.name: field.value for field in form.fields}
    assert set(fields) <= set(first)
    return request(decode(form.action), first | fields)


@pytest.mark.parametrize("form", EVERY, ids=lambda form: form.action)
def test_a_form_can_be_drawn_anywhere(form: FormCard) -> None:
    assert 1 <= len(form.fields) <= 5
    assert len(form.title) <= 45, "a Discord modal's title"
    assert len({field.name for field in form.fields}) == len(form.fields)
    assert answer(decode(form.action)) is not Answer.FORM, "a form opens no form"
    for field in form.fields:
        assert len(field.label) <= 45
        assert len(field.hint) <= 100
        assert bool(field.options) is (field.kind is FieldKind.SELECT)
        assert len(field.options) <= 25
        if field.options:
            assert field.value in {option.value for option in field.options}


def test_a_remix_is_a_twist_unless_it_is_said_to_be_ones_own() -> None:
    form = entry_form(REF, 2, 1000, twists=True)
    assert sent(form, text="told by a moth") == Remix(2, "told by a moth", REF)
    assert sent(form, text="The moth tells it.", how=TWIST) == Remix(2, "The moth tells it.", REF)
    assert sent(form, text="The moth tells it.", how=OWN) == Add("The moth tells it.", 2, REF)
    # Without a model nothing can be twisted, and without a parent there is nothing to twist.
    assert sent(entry_form(REF, 2, 1000), text="The moth.") == Add("The moth.", 2, REF)
    assert sent(entry_form(REF, 0, 1000, twists=True), text="Mine.") == Add("Mine.", 0, REF)
    assert request(Action("add", "c", "r"), {"text": "x", "how": TWIST}) == Add(
        "x", 0, RoundRef("c", "r")
    )


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, Again(REF)),
        ({"form": "haiku"}, Again(REF, "haiku")),
        ({"bold": BOLD, "without": "rain"}, Again(REF, "", ("rain",), bold=True)),
        ({"twist": " \n "}, Again(REF)),
        ({"twist": " shorter "}, Refine("shorter", round=REF)),
        ({"pieces": "2 and 4"}, Refine("", (2, 4), round=REF)),
        ({"twist": "shorter", "pieces": "#2,4, 2"}, Refine("shorter", (2, 4), round=REF)),
        ({"twist": "shorter", "pieces": "the best"}, Refine("shorter", round=REF)),
        (
            {"twist": "x", "without": "the  sea, rain;\nthe sea,, "},
            Refine("x", without=("the sea", "rain"), round=REF),
        ),
        ({"twist": "x", "form": "letter", "bold": BOLD}, Refine("x", (), "letter", (), True, REF)),
        ({"twist": "x", "form": "same", "bold": USUAL}, Refine("x", round=REF)),
    ],
)
def test_what_is_not_said_is_not_asked(fields: Mapping[str, str], wanted: Request) -> None:
    assert sent(refine_form(REF, 500), **fields) == wanted


@given(TEXT, TEXT, TEXT)
def test_any_refinement_is_one(twist: str, pieces: str, without: str) -> None:
    asked = sent(refine_form(REF, 500), twist=twist, pieces=pieces, without=without)
    assert isinstance(asked, Refine)
    assert asked.twist == twist
    assert len(set(asked.pieces)) == len(asked.pieces)
    assert all(phrase == " ".join(phrase.split()) and phrase for phrase in asked.without)


def test_forms_that_are_painted_are_not_refined_into() -> None:
    names = [option.value for option in refine_form(REF, 500).fields[3].options]
    assert names == ["same", *(form.name for form in DECK_FORMS)]


def test_what_organisers_fill_in() -> None:
    assert sent(lore_form(240), text="We call it Gerald.") == AddLore("We call it Gerald.")
    filled = sent(angle_form(40, 240), name="the last bus", instruction="As its driver.")
    assert filled == DescribeAngle("the last bus", "As its driver.")
    assert request(Action("lore")) == Lore()
    assert request(Action("angles")) == ShowAngles()


@pytest.mark.parametrize("blank", Blank)
def test_every_blank_is_opened_by_its_button(blank: Blank) -> None:
    asked = request(Action("compose", "c", "r", 0, blank))
    assert asked == Compose(RoundRef("c", "r"), 0, blank)
    with pytest.raises(BadInput):
        request(Action("compose", "c", "r", 0, "poem"))


def test_a_press_lets_muse_answer() -> None:
    assert request(Action("answer", "c", "r")) == LetMuse(RoundRef("c", "r"))
    assert answer(Action("answer", "c", "r")) is Answer.PRIVATE
    assert {ACTIONS[verb].answer for verb in ("refine", "again")} == {Answer.POST}


# --- Further questions.


@given(TEXT.map(lambda text: " ".join(text.split())), st.integers(0, 2**32 - 1), st.integers(2, 99))
def test_further_questions_keep_to_their_theme(theme: str, seed: int, page: int) -> None:
    action = more_sparks(seed, page, theme)
    if len(theme.encode()) <= 50:
        assert action
    if action:
        assert len(action) <= MAX_LENGTH
        assert request(decode(action)) == Spark(theme, page, seed)
        assert answer(decode(action)) is Answer.UPDATE


def test_further_questions_without_a_theme() -> None:
    assert request(decode(more_sparks(7, 2, ""))) == Spark("", 2, 7)
    assert more_sparks(7, 2, "rain " * 40) == ""


@pytest.mark.parametrize("argument", ["", "7", "7.0", "7.2.", "7.2.x", "7.2._w", "a.2", "7.2.a.b"])
def test_questions_of_another_version_are_refused(argument: str) -> None:
    with pytest.raises(BadInput):
        request(Action("spark", argument=argument))


def test_what_is_typed_and_what_is_filled_in_are_the_same() -> None:
    typed = read("refine 2 4 shorter --without rain,the-sea --form haiku --bold")
    filled = sent(
        refine_form(REF, 500),
        twist="shorter",
        pieces="2 4",
        without="rain, the-sea",
        form="haiku",
        bold=BOLD,
    )
    assert isinstance(typed, Refine)
    assert isinstance(filled, Refine)
    assert filled == Refine(typed.twist, typed.pieces, typed.form, typed.without, typed.bold, REF)
    assert isinstance(read("a cat"), Ask)
