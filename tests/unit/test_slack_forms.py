"""Forms as modals: what Slack takes, what is read back, where errors go."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.answers import kept_of
from adapters.slack.asking import ASK, REMIX, WHERE, ask_view, asked, remix_view
from adapters.slack.forms import chosen, errors_on, filled, form_view, telling_view, waiting_view
from adapters.slack.home import sections
from adapters.slack.payloads import Heard, carried, carry
from bot.cards import Field, FieldKind, FormCard, Option
from bot.commands import BY_NAME
from bot.community_requests import Lore, Mine, ShowRules
from bot.requests import Ask, Help, Top
from tests.fakes.slack_block_shapes import view_problems
from tests.unit.test_present import EVERY

Json = dict[str, Any]
FORMS = {name: card for name, card in EVERY.items() if isinstance(card, FormCard)}
KEPT = {"channel": "C1", "thread": "1.2", "url": "https://hooks.example.org/x"}
OPTIONS = tuple(Option(f"o{n}", "x" * 100) for n in range(120))
LONGEST = FormCard(
    "t" * 60,
    "1~add~" + "c" * 80,
    (
        Field("line", "l" * 2500, FieldKind.LINE, 5000, True, "v" * 4000, "h" * 300),
        Field("paragraph", "l", FieldKind.PARAGRAPH, 0, False),
        Field("one", "l", FieldKind.SELECT, value="o3", hint="h" * 2500, options=OPTIONS),
        Field("several", "l", FieldKind.SELECT, value="o1 o2", options=OPTIONS, most=3),
        Field("empty", "", FieldKind.LINE, hint=""),
    ),
    "s" * 60,
)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_as_a_modal_of_slacks(name: str, golden: Callable[[str, str], None]) -> None:
    view = form_view(FORMS[name], KEPT)
    assert view_problems(view, "modal") == []
    golden(f"slack/{name}", rows(view))


def test_slack_takes_the_longest_form() -> None:
    assert view_problems(form_view(LONGEST, KEPT), "modal") == []


@pytest.mark.parametrize(
    "view", [waiting_view(), telling_view("No."), ask_view({}), ask_view(KEPT)]
)
def test_slack_takes_the_adapters_own_modals(view: Json) -> None:
    assert view_problems(view, "modal") == []


def test_a_form_carries_its_action_and_where_it_was_opened() -> None:
    form = FORMS["form_add"]
    view = form_view(form, KEPT)
    assert view["callback_id"] == form.action
    assert carried(view["private_metadata"]) == KEPT


def test_what_is_filled_in_is_read_by_the_fields_names() -> None:
    view = form_view(FORMS["form_refine"], KEPT)
    assert filled(answered(view, twist="more rain", form="haiku", bold="bold")) == {
        "twist": "more rain",
        "pieces": "",
        "without": "",
        "form": "haiku",
        "bold": "bold",
    }


def test_an_error_goes_to_the_first_field_that_is_typed() -> None:
    view = form_view(FORMS["form_remix_with_model"], KEPT)
    assert errors_on(view, "Too long.") == {
        "response_action": "errors",
        "errors": {"text": "Too long."},
    }
    chosen_only = form_view(replace(LONGEST, fields=LONGEST.fields[2:3]), {})
    assert errors_on(chosen_only, "No.")["errors"] == {"one": "No."}


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ({"type": "button", "value": "x"}, ()),
        ({"type": "static_select", "selected_option": {"value": "a"}}, ("a",)),
        (
            {"type": "multi_static_select", "selected_options": [{"value": "a"}, {"value": "b"}]},
            ("a", "b"),
        ),
        ({"type": "conversations_select", "selected_conversation": "C1"}, ("C1",)),
        ({"type": "multi_users_select", "selected_users": ["U1", "U2"]}, ("U1", "U2")),
        ({"type": "users_select", "selected_user": None}, ()),
    ],
)
def test_what_is_chosen(action: Json, values: tuple[str, ...]) -> None:
    assert chosen(action) == values


def test_the_form_for_a_round_asks_what_the_command_takes() -> None:
    view = ask_view({})
    names = [block["block_id"] for block in view["blocks"]]
    assert names == [WHERE, "prompt", "form", "without", "bold"]
    assert WHERE not in [block["block_id"] for block in ask_view(KEPT)["blocks"]]
    held = filled(
        answered(view, prompt="the sea", form="haiku", without="grey, gulls;", bold="yes")
    )
    assert asked(ASK, held) == Ask("the sea", "haiku", ("grey", "gulls"), bold=True)
    bare = filled(answered(view, prompt="the sea", bold="no"))
    assert asked(ASK, bare) == Ask("the sea")
    with pytest.raises(KeyError):
        asked("slack~other", held)


@given(st.text(max_size=6000))
def test_a_message_to_remix_is_in_the_form_as_far_as_it_fits(text: str) -> None:
    view = remix_view(text, {})
    assert view_problems(view, "modal") == []
    label = view["blocks"][1]["label"]["text"]
    assert ("beginning" in label) == (len(text) > 3000)
    held = filled(answered(view, twist="as a letter", source="what was said"))
    assert asked(REMIX, held) == Ask("as a letter", source="what was said")


def test_a_view_keeps_no_more_than_it_may() -> None:
    heard = Heard("slack:1", "T1", "U1", "C" * 20, "1.2", response_url="https://hooks/" + "x" * 300)
    metadata = carry(kept_of(heard) | {"again": "1~show~" + "c" * 200})
    assert len(metadata) <= 3000
    assert "hooks" not in repr(heard)
    assert carried("") == {}


def answered(view: Json, **values: str) -> Json:
    """The view as Slack sends it back, filled in."""
    state: Json = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element, given = block["element"], values.get(block["block_id"])
        held: Json = {"type": element["type"]}
        if element["type"] == "static_select":
            held["selected_option"] = {"value": given} if given else None
        elif element["type"] == "conversations_select":
            held["selected_conversation"] = given
        else:
            held["value"] = given
        state[block["block_id"]] = {element["action_id"]: held}
    return view | {"state": {"values": state}}


def rows(view: Json) -> str:
    """The view, a block a line."""
    head = {key: value for key, value in sorted(view.items()) if key != "blocks"}
    blocks = [json.dumps(block, ensure_ascii=False, sort_keys=True) for block in view["blocks"]]
    return "\n".join([json.dumps(head, ensure_ascii=False), *blocks]) + "\n"


def test_the_home_tab_begins_with_the_challenge_and_ends_with_help(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = [type(each) for each in sections()]
    assert there[-4:] == [Mine, Top, ShowRules, Help]
    challenge = replace(BY_NAME["mine"], name="challenge status", build=lambda _: Lore())
    monkeypatch.setitem(BY_NAME, "challenge status", challenge)
    assert [type(each) for each in sections()] == [Lore, Mine, Top, ShowRules, Help]
