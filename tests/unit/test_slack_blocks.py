"""Cards as Block Kit: golden files for every card of the core, and what must hold of all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.blocks import measure, parts
from adapters.slack.controls import actions, select, told, unlike
from adapters.slack.fitting import checked, fit, pages
from adapters.slack.limits import MESSAGE_BLOCKS, MESSAGE_TEXT
from adapters.slack.people import people_on
from adapters.slack.text import Pen
from bot.actions import decode
from bot.cards import (
    Bar,
    Button,
    Buttons,
    Card,
    CommandRef,
    Heading,
    Literal,
    Note,
    Option,
    Paragraph,
    Pending,
    Person,
    Picture,
    Piece,
    Plain,
    Pool,
    Ranked,
    Select,
    Strong,
    Tree,
    When,
)
from bot.models import UserRef
from tests.fakes.slack_blocks import problems
from tests.unit.strategies import OPENED, TEXT
from tests.unit.test_present import EVERY

Json = dict[str, Any]
PEN = Pen(lambda user: f"{user.id} of {user.platform}")
VIEW_PEN = Pen(PEN.name, mentions=True)
CARDS = {name: card for name, card in EVERY.items() if isinstance(card, Card)}
PICTURE = Picture("F0123456789", "A lighthouse, seen from below.")
ANA = UserRef("slack", "U1")

#: Every kind of block, and every kind of span in each kind of line.
LINE = (
    Plain("By "),
    Person(ANA),
    Strong(" at "),
    When(OPENED),
    Plain(": "),
    Literal("*not bold* <@U2> & co :smile:"),
    Plain(", type "),
    CommandRef("vote 2"),
    Person(None),
)
KINDS = Card(
    (
        Heading((Plain("Short "), Literal("*and* plain"))),
        Heading((Literal("long " * 60),)),
        Paragraph(LINE),
        Note(LINE),
        Piece(1, "A text.\nOf two lines.", LINE, Button("1~vote~c~r~1~", "Vote", "vote 1")),
        Piece(2, "What the picture shows.", (Plain("by Muse"),), None, PICTURE),
        Pending(3),
        Bar((Plain("1"),), 3, 4, (Plain("3 votes"),), mine=True),
        Bar((Plain("2"),), 0, 0, (Plain("no votes"),)),
        Ranked(1, (Literal("a prompt"),), (Plain("3 of 4"),), "A text."),
        Ranked(2, (Person(ANA),), (Plain("2 points"),)),
        Tree(((0, (Plain("1 root"),)), (1, (Plain("2 child"),)), (2, (Plain("3 grandchild"),)))),
        PICTURE,
        Select("1~rule~c~~~a", "Tallies", (Option("a", "on"), Option("b", "off")), ("b",)),
        Select("1~rule~c~~~b", "Nothing to choose", ()),
        Select("1~rule~c~~~c", "Where", pool=Pool.CHANNELS, chosen=("C1",)),
        Select("1~rule~c~~~d", "Who", pool=Pool.PEOPLE, most=3),
        Select("1~rule~c~~~e", "Whom to tell", (Option("none", "nobody"),), pool=Pool.ROLES),
        Buttons((Button("1~show~c~r~~", "See all"), Button("1~show~c~r~~", "See all"))),
        Buttons((Button("1~top~~~~a", "here", disabled=True),)),
    ),
    "Every kind.",
)


@pytest.mark.parametrize("name", CARDS)
def test_a_card_as_a_message_of_slacks(name: str, golden: Callable[[str, str], None]) -> None:
    fitted = fit(CARDS[name], PEN)
    golden(f"slack/{name}", rendered(fitted.blocks, fitted.left))


def test_every_kind_of_block_and_span(golden: Callable[[str, str], None]) -> None:
    pen = replace(PEN, groups=(("S1", "writers"),))
    golden("slack/kinds_message", rendered(fit(KINDS, pen).blocks))
    golden("slack/kinds_view", rendered(pages(KINDS, replace(pen, mentions=True))[0]))


@pytest.mark.parametrize("name", CARDS)
def test_slack_takes_every_card(name: str) -> None:
    card = CARDS[name]
    fitted, files = fit(card, PEN), pictures(card)
    assert problems(fitted.blocks, "message", files) == []
    assert measure(fitted.blocks) <= MESSAGE_TEXT
    for page in pages(card, VIEW_PEN):
        assert problems(page, "modal", files) == []
        assert problems(page, "home", files) == []


@pytest.mark.parametrize("name", CARDS)
def test_what_does_not_fit_is_a_button_away(name: str) -> None:
    card = CARDS[name]
    fitted = fit(card, PEN)
    if not fitted.left:
        assert texts(fitted.blocks) == texts([b for p in parts(card, PEN) for b in p.blocks])
        return
    said = " ".join(texts(fitted.blocks))
    assert f"{fitted.left} more" in said
    public = any(isinstance(block, Buttons) for block in card.blocks)
    if public and name.startswith("round"):
        assert any(decode(ident).verb == "show" for ident in ids(fitted.blocks))


@pytest.mark.parametrize("name", CARDS)
def test_a_modal_holds_all_of_a_card(name: str) -> None:
    card = CARDS[name]
    shown = " ".join(text for page in pages(card, PEN) for text in texts(page))
    for block in card.blocks:
        if isinstance(block, Piece):
            assert flat(block.text)[:40] in flat(shown)
            assert flat(block.text)[-40:] in flat(shown)


def test_nobody_is_mentioned_in_a_message_and_everybody_may_be_in_a_view() -> None:
    message, view = json.dumps(fit(KINDS, PEN).blocks), json.dumps(pages(KINDS, VIEW_PEN))
    assert "<@U1>" not in message
    assert '"user_id"' not in message
    assert "U1 of slack" in message
    assert "<@U1>" in view
    assert '"user_id": "U1"' in view
    assert "<@U2>" not in view  # somebody's text mentions nobody


@given(st.lists(st.tuples(TEXT, TEXT), max_size=70))
def test_any_card_fits(rows: list[tuple[str, str]]) -> None:
    card = Card(
        (
            Heading((Literal("a prompt"),)),
            *(
                Piece(n, text, (Literal(by),), Button(f"1~vote~c~r~{n}~", "Vote"))
                for n, (text, by) in enumerate(rows, 1)
            ),
            Buttons((Button("1~show~c~r~~", "See all"),)),
        ),
        "A card.",
    )
    fitted = fit(card, PEN)
    assert problems(fitted.blocks, "message") == []
    assert len(fitted.blocks) <= MESSAGE_BLOCKS
    assert fitted.blocks[-1]["type"] == "actions"
    pieces = sum(block["type"] == "section" and "accessory" in block for block in fitted.blocks)
    assert pieces + fitted.left == len(rows)
    assert all(problems(page, "modal") == [] for page in pages(card, PEN))


@given(st.text(alphabet="&<>ab \n", min_size=1, max_size=4000))
def test_a_long_text_is_split_and_nothing_of_it_lost(text: str) -> None:
    drawn = parts(Card((Piece(1, text, ()),), ""), PEN)[0].blocks
    said = " ".join(block["text"]["text"] for block in drawn)
    assert all(len(block["text"]["text"]) <= 3000 for block in drawn)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        said = said.replace(entity, character)
    assert flat(said).removeprefix("1").replace(" ", "") == flat(text).replace(" ", "")


def test_ids_of_one_block_are_made_unlike_and_read_back() -> None:
    made = unlike(["a", "b", "a", "a"])
    assert made == ["a", "b", "a|2", "a|3"]
    assert [told(each) for each in made] == ["a", "b", "a", "a"]
    row = Buttons(tuple(Button("1~show~c~r~~", str(n)) for n in range(30)))
    assert [len(block["elements"]) for block in actions(row)] == [25, 5]
    checked(list(actions(row)))


def test_two_elements_of_a_block_with_one_id_are_refused() -> None:
    element = {"type": "button", "action_id": "a"}
    with pytest.raises(ValueError, match="share an action id"):
        checked([{"type": "actions", "elements": [element, element]}])


def test_a_menu_holds_no_more_than_slack_takes() -> None:
    many = tuple(Option(str(n), "x" * 200) for n in range(150))
    block = select(Select("1~rule~c~~~a", "y" * 3500, many))[0]
    assert len(block["accessory"]["options"]) == 100
    assert problems([block | {"text": {"type": "plain_text", "text": "y"}}], "message") == []


def test_everybody_on_a_card_is_found() -> None:
    assert set(people_on(KINDS)) == {ANA}


def pictures(card: Card) -> set[str]:
    return {
        block.picture.kept
        for block in card.blocks
        if isinstance(block, Piece) and block.picture is not None
    } | {block.kept for block in card.blocks if isinstance(block, Picture)}


def rendered(blocks: list[Json], left: int = 0) -> str:
    """A block a line, long texts cut in the middle, so that a person can read the difference."""
    rows = [json.dumps(short(block), ensure_ascii=False) for block in blocks]
    return "\n".join([*rows, f"left: {left}", f"counts: {measure(blocks)}"]) + "\n"


def short(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: short(value) for key, value in sorted(part.items())}
    if isinstance(part, list):
        return [short(each) for each in part]
    if isinstance(part, str) and len(part) > 160:
        return f"{part[:80]}…[{len(part)}]…{part[-40:]}"
    return part


def texts(part: Any) -> list[str]:
    return list(_texts(part))


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _texts(each)


def ids(blocks: list[Json]) -> list[str]:
    return [
        told(each["action_id"])
        for block in blocks
        for each in (*block.get("elements", ()), block.get("accessory") or {})
        if "action_id" in each
    ]


def flat(text: str) -> str:
    return " ".join(text.split())
