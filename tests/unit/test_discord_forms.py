from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import forms, limits, words
from bot.actions import Action, decode
from bot.cards import Field, FieldKind, FormCard, Option
from bot.errors import BadInput
from bot.models import RoundRef
from bot.present.blanks import entry_form
from tests.unit.conftest import GOLDEN
from tests.unit.discord_rendering import INPUT, LABEL, SELECT, render_modal, walk
from tests.unit.test_discord_draw import CARDS
from tests.unit.test_present import EVERY

Golden = Callable[[str, str], None]

FORMS = {name: form for name, form in EVERY.items() if isinstance(form, FormCard)}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_drawn_as_it_was_read(name: str, golden: Golden) -> None:
    golden(f"discord/{name}", render_modal(forms.modal(FORMS[name])))


def within_limits(modal: dict[str, Any]) -> None:
    """Hold a modal to what Discord bears."""
    assert 1 <= len(modal["title"]) <= limits.MODAL_TITLE
    assert 1 <= len(modal["custom_id"]) <= limits.CUSTOM_ID
    assert 1 <= len(modal["components"]) <= limits.MODAL_FIELDS
    for each in walk(modal["components"]):
        match each["type"]:
            case 18:
                assert 1 <= len(each["label"]) <= limits.FIELD_LABEL
                assert len(each.get("description") or "") <= limits.FIELD_DESCRIPTION
            case 4:
                assert 1 <= each["max_length"] <= limits.INPUT_LENGTH
                assert len(each.get("placeholder") or "") <= limits.INPUT_PLACEHOLDER
                assert len(each.get("value") or "") <= each["max_length"]
            case 3:
                assert 1 <= len(each["options"]) <= limits.SELECT_OPTIONS
                assert len(each.get("placeholder") or "") <= limits.SELECT_PLACEHOLDER


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_within_discords_limits(name: str) -> None:
    within_limits(forms.modal(FORMS[name]).to_dict())


_TEXT = st.text(max_size=300)
_FIELDS = st.lists(
    st.builds(
        Field,
        name=st.uuids().map(str),
        label=st.text(min_size=1, max_size=200),
        kind=st.sampled_from((FieldKind.LINE, FieldKind.PARAGRAPH)),
        max_length=st.integers(1, 9000),
        required=st.booleans(),
        value=_TEXT,
        hint=_TEXT,
    )
    | st.builds(
        Field,
        name=st.uuids().map(str),
        label=st.text(min_size=1, max_size=200),
        kind=st.just(FieldKind.SELECT),
        required=st.booleans(),
        options=st.lists(
            st.builds(Option, st.uuids().map(str), st.text(min_size=1, max_size=200)),
            min_size=1,
            max_size=25,
        ).map(tuple),
        hint=_TEXT,
        most=st.integers(1, 30),
    ),
    min_size=1,
    max_size=5,
).map(tuple)


@given(st.text(min_size=1, max_size=200), _FIELDS)
def test_any_form_is_drawn_within_the_limits(title: str, fields: tuple[Field, ...]) -> None:
    within_limits(forms.modal(FormCard(title, "id", fields, "Send")).to_dict())


def test_a_long_label_is_told_whole_below() -> None:
    label = "Which of all the things that you have seen"
    field = Field("f", f"{label} since?", FieldKind.LINE)
    (drawn,) = forms.modal(FormCard("t", "id", (field,), "s")).to_dict()["components"]
    assert drawn["type"] == LABEL
    assert drawn["label"].endswith("…")
    assert drawn["description"] == f"{label} since?"
    assert drawn["component"]["type"] == INPUT


def test_what_was_filled_in_is_read_by_field() -> None:
    sent: list[dict[str, Any]] = [
        {"type": LABEL, "component": {"type": INPUT, "custom_id": "text", "value": "a b"}},
        {"type": LABEL, "component": {"type": SELECT, "custom_id": "how", "values": ["x", "y"]}},
        {"type": LABEL, "component": {"type": INPUT, "custom_id": "none", "value": ""}},
        {"type": 1, "components": [{"type": INPUT, "custom_id": "old", "value": "c"}]},
        {"type": 10, "content": "only words"},
    ]
    assert forms.filled(sent) == {"text": "a b", "how": "x,y", "none": "", "old": "c"}


def test_the_text_of_a_message_comes_along_to_be_remixed() -> None:
    drawn = forms.twist_form("a lighthouse\u202e " * 1000).to_dict()
    within_limits(drawn)
    twist, source = (each["component"] for each in drawn["components"])
    assert (drawn["title"], drawn["custom_id"]) == (words.TWIST_TITLE, forms.TWIST)
    assert twist["custom_id"] == forms.TWIST_FIELD
    assert source["value"].startswith("a lighthouse a lighthouse")
    assert "\u202e" not in source["value"]


async def test_nothing_of_a_form_is_kept_by_the_library() -> None:
    assert forms.modal(next(iter(FORMS.values()))).is_finished()


def test_no_golden_file_is_left_over() -> None:
    found = sorted(path.stem for path in (GOLDEN / "discord").glob("*.txt"))
    assert found == sorted([*CARDS, *FORMS])


def test_a_form_may_ask_which_piece_it_is_about() -> None:
    card = entry_form(RoundRef("c1", "r1"), 1, 1000, twists=True)
    made = forms.modal(forms.with_pieces(card, {3: "x" * 200, 1: "The keeper’s radio."})).to_dict()
    assert made["title"] == words.REMIX
    which = made["components"][0]["component"]
    assert [each["value"] for each in which["options"]] == ["1", "3"]
    assert [len(each["label"]) <= 100 for each in which["options"]] == [True, True]
    assert len(made["components"]) == 3
    ident = made["custom_id"]
    assert decode(forms.piece_chosen(ident, {"piece": "3"})) == Action("add", "c1", "r1", 3)
    assert decode(forms.piece_chosen(ident, {"piece": "x"})).entry == 1
    with pytest.raises(BadInput):
        forms.piece_chosen("of~nonsense", {"piece": "3"})
