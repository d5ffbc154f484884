from __future__ import annotations

import io
import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from adapters.console.chat import _hanging
from adapters.console.draw import BAR_WIDTH, clean, draw, draw_block, draw_form, draw_ways
from adapters.console.script import plain_printer
from bot.cards import (
    Bar,
    Block,
    Button,
    Buttons,
    Card,
    CommandRef,
    Field,
    FormCard,
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
from bot.models import Round, UserRef, View
from bot.present.receipts import shown
from bot.present.results import result_card
from bot.present.rounds import round_card
from tests.unit.strategies import ANYTHING, AWKWARD_TEXT, rounds

ANA = Person(UserRef("console", "ana"))
EVIL = "\x1b[2J\x1b[31mred\x1b]0;title\x07\x9b1m\x07\x00\x08\r\u202e\u2066after\tit"


def name(person: Person) -> str:
    return person.user.id if person.user else "?"


def plain(*blocks: Block) -> list[str]:
    return [line.plain for line in draw(Card(blocks, "summary"), name)]


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        (Heading((Plain("Muse"),)), ["Muse"]),
        (Heading((Plain("“"), Literal("a moth"), Plain("”"))), ["“a moth”"]),
        (Paragraph((Plain("one\ntwo"),)), ["one", "two"]),
        (Paragraph((Strong("Best"), Plain(" of all"))), ["Best of all"]),
        (Note((Plain("by "), ANA)), ["by ana"]),
        (Note((CommandRef("vote 2"), Plain(" votes"))), ["/vote 2 votes"]),
        (Piece(2, "one", (ANA,)), [" 2  one", "    ana"]),
        (Piece(12, "one\ntwo", (Plain("x"),)), ["12  one", "    two", "    x"]),
        (Piece(1, "", (Plain("x"),)), [" 1  ", "    x"]),
        (
            Piece(3, "A woodcut.", (ANA,), picture=Picture("pictures/r-3.png", "A woodcut.")),
            [" 3  A woodcut.", "    pictures/r-3.png", "    ana"],
        ),
        (Picture("r-3.png", "A woodcut.\nBy night."), ["A woodcut.", "By night.", "r-3.png"]),
        (Tree(()), []),
        (
            Select("id", "Tallies", (Option("a", "always"), Option("b", "at the close")), ("b",)),
            ["Tallies", "    always", "  ✓ at the close"],
        ),
        (Select("id", "Where", chosen=("room",), pool=Pool.CHANNELS), ["Where", "  ✓ room"]),
        (Select("id", "Who", pool=Pool.PEOPLE), ["Who"]),
        (Pending(3), []),
        (Buttons((Button("id", "Press", "press"),)), []),
        (
            Bar((Plain("3"),), 1, 2, (Plain("1 vote"),)),
            [" 3  " + "█" * 6 + "░" * 6 + "  1 vote"],
        ),
        (
            Bar((Plain("12"),), 2, 2, (Plain("2 votes"),), mine=True),
            ["12  " + "█" * 12 + "  2 votes  ✓"],
        ),
        (Bar((Plain("1"),), 0, 0, (Plain("none"),)), [" 1  " + "░" * 12 + "  none"]),
        (Ranked(1, (ANA,), (Plain("2 points"),)), [" 1. ana · 2 points"]),
        (
            Ranked(11, (Literal("a prompt"),), (Plain("3 of 4"),), "one\ntwo"),
            ["11. a prompt", "    one", "    two", "    3 of 4"],
        ),
    ],
)
def test_every_block_is_drawn(block: Block, lines: list[str]) -> None:
    assert [line.plain for line in draw_block(block, name)] == lines


def tree(*rows: tuple[int, str]) -> list[str]:
    block = Tree(tuple((depth, (Literal(text),)) for depth, text in rows))
    return [line.plain for line in draw_block(block, name)]


def test_a_tree_is_drawn_with_its_branches() -> None:
    assert tree(
        (0, "1 Muse"), (1, "5 ana"), (2, "6 bea"), (2, "8 cem"), (3, "9 dot"), (1, "7 ana")
    ) == [
        "1 Muse",
        "├ 5 ana",
        "│ ├ 6 bea",
        "│ └ 8 cem",
        "│   └ 9 dot",
        "└ 7 ana",
    ]
    assert tree((0, "a"), (1, "b"), (0, "c"), (1, "two\nlines")) == [
        "a",
        "└ b",
        "c",
        "└ two lines",
    ]


@given(st.lists(st.integers(0, 5), max_size=12))
def test_any_tree_is_drawn_a_row_a_line_as_deep_as_it_is(depths: list[int]) -> None:
    drawn = tree(*((depth, "x") for depth in depths))
    assert [line.index("x") for line in drawn] == [2 * depth for depth in depths]
    for depth, line in zip(depths, drawn, strict=True):
        assert depth == 0 or line[2 * depth - 2] in "├└"


def test_a_moment_is_drawn_in_the_readers_zone() -> None:
    at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    (line,) = draw_block(Note((When(at),)), name)
    local = at.astimezone()
    assert line.plain == f"{local:%a %d %b, %H:%M}"


def test_blocks_stand_apart_where_it_helps() -> None:
    piece = Piece(1, "one", (Plain("x"),))
    note = Note((Plain("small"),))
    heading = Heading((Plain("Title"),))
    assert plain(heading, note, piece, piece, note, note) == [
        "Title",
        "small",
        "",
        " 1  one",
        "    x",
        "",
        " 1  one",
        "    x",
        "",
        "small",
        "small",
    ]
    bar = Bar((Plain("1"),), 1, 1, (Plain("1 vote"),))
    assert plain(piece, bar)[2] == ""
    assert plain(bar, bar)[1] != ""


def test_buttons_become_what_can_be_typed() -> None:
    vote = Button("id1", "Vote", "vote 1")
    card = Card(
        (
            Piece(1, "one", (), vote),
            Piece(2, "two", (), Button("id2", "Vote", "vote 2")),
            Buttons((Button("id3", "Add", "add …"), Button("id4", "Silent"))),
            Buttons((Button("id5", "Here", "here", disabled=True), Button("id6", "Add", "add …"))),
        ),
        "summary",
    )
    assert [line.plain for line in draw_ways(card)] == ["/vote 1 · /add …"]
    assert draw(card, name)[-1].plain == "/vote 1 · /add …"
    assert draw_ways(Card((Note((Plain("x"),)),), "x")) == []


def test_many_short_options_share_a_line_with_the_chosen_marked() -> None:
    hours = tuple(Option(f"{n:02}:00", f"{n:02}:00") for n in range(24))
    label, row = plain(Select("id", "Time", hours, ("18:00",)))
    assert label == "Time"
    assert row.startswith("  00:00 · 01:00 · ")
    assert " · 17:00 · ✓18:00 · 19:00 · " in row
    typed = plain(Select("id", "Time", hours, ("18:30",)))
    assert typed[-1].endswith(" · 23:00 · ✓18:30")
    texts = tuple(Option(f"{n}", f"{n}: a piece, whole enough to know it") for n in range(14))
    assert len(plain(Select("id", "Which?", texts))) == 15  # these can be read


def test_what_several_choices_offer_alike_is_listed_once() -> None:
    pieces = tuple(Option(f"{n}", f"{n}: piece {n}") for n in range(1, 6))
    asks = [
        Select("a", "It moved me", pieces, ("2",)),
        Select("b", "It was original", pieces),
        Select("c", "It was deep", pieces, ("5",)),
    ]
    assert plain(*asks, Select("d", "Links", pieces[:2])) == [
        "It moved me  ✓ 2: piece 2",
        "It was original",
        "It was deep",
        *(f"    {n}: piece {n}" for n in range(1, 5)),
        "  ✓ 5: piece 5",
        "",
        "Links",
        "    1: piece 1",
        "    2: piece 2",
    ]


def test_a_select_is_something_to_type_too() -> None:
    select = Select("id", "Tallies", (Option("a", "always"),), typed="set tallies …")
    silent = Select("id", "Silent", (Option("a", "always"),))
    card = Card((Buttons((Button("id3", "Add", "add …"),)), select, silent), "summary")
    drawn = [line.plain for line in draw(card, name)]
    assert drawn[:2] == ["Tallies", "    always"]
    assert drawn[-1] == "/add … · /set tallies …"


def test_a_choice_of_the_cards_own_pieces_is_only_something_to_type() -> None:
    pieces = tuple(Piece(n, "A text.", ()) for n in (1, 2))
    report = Select("id", "Report…", (Option("2", "2: A text."),), typed="report …")
    drawn = [line.plain for line in draw(Card((*pieces, report), "summary"), name)]
    assert not any("Report" in line or "2: A text." in line for line in drawn)
    assert drawn[-1] == "/report …"


def test_a_piece_whose_button_cannot_be_typed_leaves_no_bare_slash() -> None:
    piece = Piece(1, "A text.", (), Button("id", "Take back"))
    drawn = [
        line.plain for line in draw(Card((piece, Buttons((Button("b", "M", "mine"),))), ""), name)
    ]
    assert drawn[-1] == "/mine"


def test_a_form_is_drawn_in_words() -> None:
    form = FormCard("Remix 2", "id", (Field("text", "Your text", max_length=1000),), "Add")
    assert [line.plain for line in draw_form(form)] == ["Remix 2", "  Your text (1000)"]


# --- What would steer the terminal.


def test_escape_sequences_are_taken_out_whole() -> None:
    assert clean(EVIL) == "redafter it"
    assert clean("a\x1b[1;31mb\x1b[0mc") == "abc"
    assert clean("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\") == "link"
    assert clean("unfinished \x1b[") == "unfinished ["
    assert clean("two\nlines") == "two\nlines"
    assert clean("a\tb") == "a b"
    assert clean("👩‍🚀 🏳️‍🌈 مرحبا é") == "👩‍🚀 🏳️‍🌈 مرحبا é"
    assert clean("half \udcff of one") == "half  of one"


def _harmless(text: str) -> bool:
    return not any(
        unicodedata.category(mark) in ("Cc", "Cs")
        or mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        for mark in text
        if mark != "\n"
    )


@given(ANYTHING | AWKWARD_TEXT)
def test_nothing_that_steers_is_left(text: str) -> None:
    assert _harmless(clean(text))
    assert clean(clean(text)) == clean(text)


EVERYWHERE: list[Block] = [
    Heading((Literal(EVIL),)),
    Paragraph((Literal(EVIL),)),
    Note((Literal(EVIL), Person(UserRef("console", EVIL)))),
    Piece(1, EVIL, (Literal(EVIL),)),
    Piece(1, EVIL, (), picture=Picture(EVIL, EVIL)),
    Picture(EVIL, EVIL),
    Tree(((0, (Literal(EVIL),)), (1, (Literal(EVIL),)))),
    Select("id", EVIL, (Option("a", EVIL),), (EVIL,)),
    Ranked(1, (Literal(EVIL),), (Literal(EVIL),), EVIL),
    Bar((Literal(EVIL),), 1, 1, (Literal(EVIL),)),
]


@pytest.mark.parametrize("block", EVERYWHERE, ids=lambda block: type(block).__name__)
def test_nobodys_text_steers_the_terminal(block: Block) -> None:
    for line in draw_block(block, name):
        assert _harmless(line.plain)
        assert "red" not in {span.style for span in line.spans}


@settings(max_examples=40)
@given(rounds(ANYTHING.filter(lambda text: bool(text.strip()))))
def test_any_round_can_be_drawn(of: Round) -> None:
    cards = [
        round_card(of, tallies=True),
        result_card(of),
        shown(View(of, of.asker), tallies=True, may_close=True),
    ]
    for card in cards:
        for line in draw(card, name):
            assert _harmless(line.plain)
            assert "\n" not in line.plain


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_bar_is_as_wide_as_every_other(count: int, of: int) -> None:
    bar = Bar((Plain("1"),), min(count, of), of, (Plain("x"),))
    (line,) = draw_block(bar, name)
    assert len(re.findall("[█░]", line.plain)) == BAR_WIDTH


# --- Printing.


def test_markup_in_a_text_is_shown_and_not_obeyed() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=False, highlight=False, width=80)
    for line in draw_block(Piece(1, "[bold]x[/bold] :smile:", ()), name):
        console.print(line)
    assert "[bold]x[/bold] :smile:" in out.getvalue()


@given(ANYTHING, st.integers(8, 120))
def test_a_wrapped_line_fits_and_keeps_every_word(text: str, width: int) -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=width)
    line = Text("12  " + clean(text).replace("\n", " "))
    rows = list(_hanging(line, console))
    assert all(row.cell_len <= width for row in rows)
    assert "".join("".join(row.plain.split()) for row in rows) == "".join(line.plain.split())
    if width >= 24:
        assert all(row.plain.startswith("    ") for row in rows[1:])


def test_a_script_prints_plain_lines_at_once() -> None:
    out = io.StringIO()
    plain_printer(out)([Text("one  ", style="bold"), Text(), Text("two")])
    assert out.getvalue() == "one\n\ntwo\n"
