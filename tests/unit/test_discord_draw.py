from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import limits, words
from adapters.discord.draw import Drawing, PageId
from adapters.discord.fit import chunks
from bot.actions import decode
from bot.cards import (
    Attachment,
    Bar,
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Literal,
    Note,
    Option,
    Paragraph,
    Picture,
    Piece,
    Plain,
    Pool,
    Ranked,
    Select,
    Tree,
)
from bot.models import Round, View
from bot.present.receipts import shown
from bot.present.results import result_card
from bot.present.rounds import round_card
from tests.unit.discord_rendering import BUTTON, components, ids, render, texts, walk
from tests.unit.strategies import ANYTHING, AWKWARD_TEXT, rounds
from tests.unit.test_discord_text import MENTIONS, unescaped
from tests.unit.test_present import EVERY, longest

Golden = Callable[[str, str], None]

DRAWING = Drawing(lambda: {"muse": "111", "help": "222", "muse-admin": "333", "top": "444"})
AGAIN = "1~show~commun1ty0~round0000001~~"
LONG = "receipt_shown_longest"
CARDS = {name: card for name, card in EVERY.items() if isinstance(card, Card)} | {
    LONG: shown(View(longest(), 1), tallies=True, may_close=True),
}


def public(name: str) -> bool:
    """Whether a card is shown to everyone."""
    return name.startswith(("round_", "result_"))


def drawn(name: str) -> list[ui.LayoutView]:
    """A card as it is sent: the pages of a private one, the first and the last of many."""
    card = CARDS[name]
    if public(name):
        return [DRAWING.everyone(card, mark=7).view]
    views = pages(card)
    return views if len(views) <= 3 else [*views[:2], views[-1]]


def pages(card: Card) -> list[ui.LayoutView]:
    """Every page of a private message."""
    first = private(card, AGAIN)
    found = re.search(r"\((\d+) of (\d+)\)", " ".join(labels(first[0])))
    count = int(found[2]) if found else 1
    return first[:count] + [
        view for page in range(1, count) for view in private(card, AGAIN, page + 1)
    ]


def private(card: Card, again: str = "", page: int = 1) -> list[ui.LayoutView]:
    return [drawn.view for drawn in DRAWING.private(card, again, page)]


def labels(view: ui.LayoutView) -> list[str]:
    return [each["label"] for each in walk(components(view)) if each["type"] == BUTTON]


def everything(views: list[ui.LayoutView]) -> str:
    """All that a reader sees on them."""
    return "\n".join(unescaped(text) for view in views for text in texts(components(view)))


def within_limits(view: ui.LayoutView) -> None:
    """Hold a message to what Discord bears."""
    parts = components(view)
    every = list(walk(parts))
    assert 1 <= len(every) <= limits.MESSAGE_COMPONENTS
    said = texts(parts)
    assert sum(map(len, said)) <= limits.MESSAGE_TEXT
    assert all(text.strip() for text in said)
    named = ids(parts)
    assert len(named) == len(set(named))
    assert all(1 <= len(ident) <= limits.CUSTOM_ID for ident in named)
    for each in every:
        if each["type"] == BUTTON:
            assert 1 <= len(each["label"]) <= limits.BUTTON_LABEL
        if each["type"] == 1:
            assert 1 <= len(each["components"]) <= limits.ROW_BUTTONS
        if each["type"] == 3:
            assert 1 <= len(each["options"]) <= limits.SELECT_OPTIONS
            assert all(1 <= len(o["label"]) <= limits.OPTION_LABEL for o in each["options"])
        assert len(each.get("placeholder") or "") <= limits.SELECT_PLACEHOLDER


@pytest.mark.parametrize("name", CARDS)
async def test_every_card_is_drawn_as_it_was_read(name: str, golden: Golden) -> None:
    golden(f"discord/{name}", "\n".join(render(view) for view in drawn(name)))


@pytest.mark.parametrize("name", CARDS)
def test_every_card_is_within_discords_limits(name: str) -> None:
    for view in (DRAWING.everyone(CARDS[name], mark=7).view, *pages(CARDS[name])):
        within_limits(view)
    for view in private(CARDS[name]):
        within_limits(view)


def buttons(card: Card) -> Iterator[Button]:
    for block in card.blocks:
        if isinstance(block, Buttons):
            yield from block.buttons
        if isinstance(block, Piece) and block.button:
            yield block.button


@pytest.mark.parametrize("name", CARDS)
def test_in_private_nothing_of_a_card_is_lost(name: str) -> None:
    card = CARDS[name]
    views = pages(card)
    drawn_ids = [ident for view in views for ident in ids(components(view))]
    chosen = [block.action for block in card.blocks if isinstance(block, Select)]
    wanted = [*(button.action for button in buttons(card)), *chosen]
    assert sorted(wanted) == sorted(i for i in drawn_ids if not PageId.parse(i))
    seen = " ".join(everything(views).split())
    for block in card.blocks:
        if isinstance(block, Piece | Ranked):
            assert " ".join(block.text.split()) in seen
    messages = private(card)
    assert " ".join(everything(messages).split()) == seen


@pytest.mark.parametrize("name", [name for name in CARDS if public(name)])
def test_in_public_what_is_shortened_says_so_and_leads_to_the_whole(name: str) -> None:
    card = CARDS[name]
    view = DRAWING.everyone(card).view
    parts, said = components(view), everything([view])
    whole = all(
        " ".join(block.text.split()) in " ".join(said.split())
        for block in card.blocks
        if isinstance(block, Piece)
    )
    kept = set(ids(parts))
    shortened = not whole or not {b.action for b in buttons(card)} <= kept
    leads = any(decode(ident).verb in ("show", "resultsof") for ident in kept)
    signs = (f"“**{words.SEE_ALL}**”", "holds no more", "can’t hold")
    assert shortened == any(sign in said for sign in signs)
    if shortened and any(decode(button.action).round for button in buttons(card)):
        assert leads


def test_nine_entries_fit_a_round() -> None:
    card = CARDS["round_longest"]
    votes = [i for i in ids(components(DRAWING.everyone(card).view)) if decode(i).verb == "vote"]
    assert len(votes) >= 9


# --- Cards of any kind.

_LINE = (AWKWARD_TEXT | ANYTHING).map(lambda text: (Plain("· "), Literal(text)))
_LABEL = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=120)


@st.composite
def cards(draw: st.DrawFn) -> Card:
    """Any card at all, with ids of its own."""
    blocks: list[Block] = []
    for at in range(draw(st.integers(1, 30))):
        text = draw(AWKWARD_TEXT | ANYTHING) * draw(st.sampled_from((1, 1, 1, 60)))
        button = Button(f"b{at}", draw(_LABEL))
        kinds: tuple[Block, ...] = (
            Heading(draw(_LINE)),
            Paragraph((Literal(text),)),
            Note(draw(_LINE)),
            Piece(at, text, draw(_LINE), button),
            Piece(at, text, draw(_LINE)),
            Piece(at, text, (), picture=Picture("1/2/3/a.png", text)),
            Picture("1/2/3/a.png", text),
            Bar(draw(_LINE), at, 30, draw(_LINE)),
            Ranked(at, draw(_LINE), draw(_LINE), text),
            Tree(((0, draw(_LINE)), (1, draw(_LINE)))),
            Buttons(tuple(Button(f"r{at}.{n}", draw(_LABEL)) for n in range(7))),
            Select(f"s{at}", text[:200], (Option("a", draw(_LABEL)),), ("a",)),
            Select(f"p{at}", text[:200], chosen=("12",), pool=Pool.PEOPLE),
        )
        blocks.append(draw(st.sampled_from(kinds)))
    return Card(tuple(blocks), "summary")


@settings(max_examples=30, deadline=None)
@given(cards())
def test_any_card_is_drawn_within_the_limits(card: Card) -> None:
    for view in (DRAWING.everyone(card).view, *private(card), *private(card, "help")):
        within_limits(view)
        for text in texts(components(view)):
            assert not MENTIONS.search(text)


@settings(max_examples=30, deadline=None)
@given(rounds(ANYTHING.filter(lambda text: bool(text.strip()))))
def test_any_round_can_be_drawn(of: Round) -> None:
    for card in (round_card(of), result_card(of), shown(View(of, 1), tallies=True, may_close=True)):
        within_limits(DRAWING.everyone(card).view)
        for view in private(card, AGAIN):
            within_limits(view)


@given(st.text(alphabet="ab \n\\*", max_size=200), st.integers(4, 40))
def test_a_text_in_pieces_is_whole_and_no_piece_ends_in_an_escape(text: str, size: int) -> None:
    found = chunks(text, size)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(len(piece) <= size for piece in found)


# --- Pages, pictures, marks.


@given(
    st.integers(1, 999), st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1)
)
def test_a_pages_id_is_read_as_it_was_written(page: int, again: str) -> None:
    assert PageId.parse(str(PageId(page, f"1~{again}~x"))) == PageId(page, f"1~{again}~x")


@pytest.mark.parametrize(
    "other", ["", "page", "page~", "page~x~help", "page~1~", "1~show~~~~", "page~9999~x"]
)
def test_other_ids_are_no_pages(other: str) -> None:
    assert PageId.parse(other) is None


def test_pages_lead_to_each_other() -> None:
    views = pages(CARDS[LONG])
    assert len(views) > 3
    turns = [[PageId.parse(i) for i in ids(components(view)) if PageId.parse(i)] for view in views]
    assert [page.page for page in turns[0] if page] == [2]
    assert [page.page for page in turns[1] if page] == [1, 3]
    assert [page.page for page in turns[-1] if page] == [len(views) - 1]
    beyond = private(CARDS[LONG], AGAIN, 999)
    assert components(beyond[0]) == components(views[-1])


def test_a_picture_is_drawn_from_its_own_message_and_from_afar_elsewhere() -> None:
    piece = Piece(1, "A woodcut.", (), picture=Picture("11/22/33/r-1.png", "A woodcut."))
    card = Card((piece,), "x")
    here = components(DRAWING.everyone(card, message="22").view)
    there = components(DRAWING.everyone(card, message="99").view)
    (mine,), (other,) = (_media(here), _media(there))
    assert mine["media"]["url"] == "attachment://r-1.png"
    assert other["media"]["url"] == "https://cdn.discordapp.com/attachments/11/33/r-1.png"
    assert mine["description"] == "A woodcut."


def test_a_picture_that_is_kept_elsewhere_is_told_in_words() -> None:
    card = Card((Picture("pictures/r-1.png", "A woodcut."),), "x")
    parts = components(DRAWING.everyone(card).view)
    assert not _media(parts)
    assert texts(parts) == ["A woodcut."]


def _media(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item for each in walk(parts) if each["type"] == 12 for item in each["items"]]


def test_a_message_carries_its_mark() -> None:
    parts = components(DRAWING.everyone(Card((Note((Plain("x"),)),), "x"), mark=77).view)
    assert parts[0]["id"] == 77


async def test_nothing_of_a_view_is_kept_by_the_library() -> None:
    view = DRAWING.everyone(CARDS["round_open_voters"]).view
    assert view.is_finished()


def test_selects_of_each_kind_are_drawn() -> None:
    options = tuple(Option(str(n), f"option {n}") for n in range(3))
    blocks = (
        Select("a", "Which", options, ("1",)),
        Select("b", "Where", chosen=("5",), pool=Pool.CHANNELS, most=3),
        Select("c", "Who", chosen=("6",), pool=Pool.PEOPLE),
        Select("d", "Role", chosen=("none", "7"), most=2, pool=Pool.ROLES),
        Select("e", "Too many", tuple(Option(str(n), f"o{n}") for n in range(26)), typed="top"),
    )
    parts = components(DRAWING.everyone(Card(blocks, "x")).view)
    selects = {each["custom_id"]: each for each in walk(parts) if "custom_id" in each}
    assert [o["value"] for o in selects["a"]["options"] if o.get("default")] == ["1"]
    assert [selects[k]["type"] for k in "abcd"] == [3, 8, 5, 6]
    assert [[int(v["id"]) for v in selects[k]["default_values"]] for k in "bcd"] == [[5], [6], [7]]
    assert selects["b"]["min_values"] == 0
    assert selects["b"]["max_values"] == 3
    assert "e" not in selects
    assert "</top:444>" in texts(parts)[-1]


async def test_a_file_goes_with_its_card() -> None:
    card = Card(
        (Note((Plain("Here."),)),), "x", file=Attachment("mine.json", "application/json", "{}")
    )
    (drawn,) = DRAWING.private(card)
    parts = components(drawn.view)
    assert [e["file"]["url"] for e in walk(parts) if e["type"] == 13] == ["attachment://mine.json"]
    (sent,), (edited,) = drawn.sent()["files"], drawn.edited()["attachments"]
    assert (sent.filename, sent.fp.read()) == ("mine.json", b"{}")
    assert edited.filename == "mine.json"
    assert "files" not in DRAWING.private(CARDS["help"])[0].sent()
