from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import words
from adapters.discord.text import (
    BROKEN,
    Writing,
    clean,
    literal,
    one_line,
    person,
    shortened,
    shortened_literal,
)
from bot.cards import CommandRef, Literal, Person, Plain, Strong, When
from bot.commands import BY_NAME, COMMANDS
from bot.models import UserRef
from bot.wording import en
from tests.unit.strategies import ANYTHING, AWKWARD_TEXT

IDS = {"muse": "111", "help": "222", "muse-admin": "333", "top": "444"}
WRITING = Writing(lambda: IDS)
#: What Discord's own regular expressions find in a text.
#: https://docs.discord.com/developers/reference#message-formatting-formats
MENTIONS = re.compile(r"<@!?\d+>|<@&\d+>|@everyone|@here")
MARKS = re.compile(r"(?<!\\)(?:\\\\)*([*_~|`\[\]<])|(?<!\\)://")
LINE_MARKS = re.compile(r"^\s*(?:#{1,3} |-# |>|[-+*] |\d+[.)] )", re.MULTILINE)
DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067"

HOSTILE = st.lists(
    st.sampled_from(
        (
            *("@everyone", "@here", "<@1>", "<@!1>", "<@&22>", "<#3>", "<t:0:R>", "</muse:1>"),
            *(
                "**b**",
                "__u__",
                "~~s~~",
                "||x||",
                "`c`",
                "```",
                "[a](https://b.example)",
                "<https://x>",
            ),
            *(
                "# h",
                "## h",
                "-# s",
                "> q",
                ">>> q",
                "- l",
                "* l",
                "1. n",
                "2) n",
                "\\",
                "\n",
                "\r\n",
            ),
            *(
                "\u202e",
                "\u2066",
                "\u200b",
                "\u2060",
                "مرحبا",
                "👩‍🚀",
                "e" + "\u0301" * 30,
                " ",
                "@",
                "<",
            ),
        )
    )
    | st.text(max_size=4),
    max_size=14,
).map("".join)


def unescaped(text: str) -> str:
    """What a reader sees of markdown that holds nothing but escapes."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text).replace(f"@{BROKEN}", "@")


@given(HOSTILE | ANYTHING | AWKWARD_TEXT)
def test_a_text_is_read_as_it_was_written(text: str) -> None:
    assert unescaped(literal(text)) == clean(text)


@given(HOSTILE | ANYTHING | AWKWARD_TEXT)
def test_nothing_pings_and_nothing_is_markdown(text: str) -> None:
    for drawn in (literal(text), one_line(text)):
        assert not MENTIONS.search(drawn)
        assert not MARKS.search(drawn.replace("\\\\", "")), drawn
        assert not LINE_MARKS.search(drawn), drawn
        assert not set(drawn) & set(DIRECTIONS)
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in drawn if c != "\n")
    assert "\n" not in one_line(text)


@given(HOSTILE | AWKWARD_TEXT)
def test_cleaning_once_is_enough(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert "\n\n\n" not in clean(text)


@given(HOSTILE | st.text(max_size=300), st.integers(1, 120))
def test_a_shortened_text_fits_and_shows_that_it_is_cut(text: str, limit: int) -> None:
    whole = literal(text)
    drawn = shortened_literal(text, limit)
    assert len(drawn) <= limit
    assert not MENTIONS.search(drawn)
    if len(whole) <= limit:
        assert drawn == whole
    elif limit > 8:
        assert drawn.endswith("…")


@given(st.text(max_size=200), st.integers(2, 80))
def test_a_bare_text_is_cut_at_its_limit(text: str, limit: int) -> None:
    cut = shortened(text, limit)
    assert len(cut) <= limit
    assert cut == text or cut.endswith("…")


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("plain words, and 3.5 of them: yes!", "plain words, and 3.5 of them: yes!"),
        ("# no heading", "\\# no heading"),
        ("1. no list", "1\\. no list"),
        ("*soft* **loud**", "\\*soft\\* \\*\\*loud\\*\\*"),
        ("@everyone", f"@{BROKEN}everyone"),
        ("<@123>", f"\\<@{BROKEN}123>"),
        ("https://example.org/a_b", "https\\://example.org/a\\_b"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("zalgo " + "a" + "\u0301" * 30, "zalgo a" + "\u0301" * 6),
        ("👩‍🚀 🏳️‍🌈 é", "👩‍🚀 🏳️‍🌈 é"),
        ("be\u202ere", "bere"),
    ],
)
def test_what_people_type_is_shown_literally(text: str, drawn: str) -> None:
    assert literal(text) == drawn


def test_right_to_left_words_turn_nothing_around_them() -> None:
    assert one_line("مرحبا") == "\u2068مرحبا\u2069"
    line = WRITING.line((Plain("“"), Literal("שלום"), Plain("” · 3 votes")))
    assert line == "“\u2068שלום\u2069” · 3 votes"


def test_spans_are_drawn_the_discord_way() -> None:
    at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    ana = Person(UserRef("discord", "42"))
    line = (Plain("by "), ana, Plain(" until "), When(at), Plain(" "), Strong("now*"))
    assert WRITING.line(line) == f"by <@42> until <t:{int(at.timestamp())}:f> **now\\***"


def test_a_member_elsewhere_is_named_by_where_they_are() -> None:
    assert person(Person(UserRef("slack", "U1"))) == "a member on Slack"
    assert person(Person(UserRef("discord", "1> @everyone"))) == "a member on Discord"
    assert person(Person(None)) == words.FORGOTTEN


def test_lines_stay_only_where_they_may() -> None:
    line = (Literal("one\ntwo"),)
    assert WRITING.line(line) == "one two"
    assert WRITING.line(line, flat=False) == "one\ntwo"


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("muse the sea --form haiku", "</muse:111> *prompt:* the sea *form:* haiku"),
        ('muse "vote for the moon"', "</muse:111> *prompt:* vote for the moon"),
        ("help vote", "</help:222> *command:* vote"),
        ("top people week", "</top:444> *board:* people *period:* week"),
        ("muse-admin lore", "</muse-admin lore show:333>"),
        ("muse-admin angle-hide bus", "</muse-admin angle hide:333> *name:* bus"),
        ("muse-admin lore-remove 3", "</muse-admin lore remove:333> *number:* 3"),
        ("muse-admin lore-add …", "</muse-admin lore add:333> *text:* …"),
        ("prompt", "**/prompt**"),
        ("vote 2", "**Vote**"),
        ("remix 2 …", "**Remix**"),
    ],
)
def test_a_command_is_one_to_click_or_the_button_that_does_it(typed: str, drawn: str) -> None:
    assert WRITING.line((CommandRef(typed),)) == drawn


def test_what_has_only_a_button_is_called_as_the_button_is() -> None:
    assert set(words.PRESSED) == {spec.name for spec in COMMANDS if spec.by_button}
    said = {
        "vote": en.VOTE,
        "add": en.ADD,
        "again": en.AGAIN,
        "refine": en.REFINE,
        "answer": en.LET_MUSE,
        "close": en.CLOSE,
        "show": en.SHOW,
        "remix": en.REMIX_NUMBER.partition(" {")[0],
        "unvote": en.TAKE_BACK.partition(" {")[0],
        "withdraw": en.WITHDRAW_PIECE.replace("{number}", "…"),
        "challenge takeback": en.PRESS_TAKE_BACK,
        "challenge pick": "Left or Right",
        "challenge unpick": en.BALLOT_UNDO,
        "challenge more": "More",
        "challenge flag": "Report",
        "challenge guess": "Who wrote this?",
        "challenge praise": "Original, Moving or Deep",
        "muse-admin given-up": en.GIVEN_UP_SEE,
        "muse-admin try-again": en.GIVEN_UP_TRY,
    }
    assert said == words.PRESSED
    assert words.SEE_ALL == en.SHOW
    assert words.FORGOTTEN == en.FORGOTTEN


@pytest.mark.parametrize("name", BY_NAME)
def test_every_example_of_the_help_is_drawn(name: str) -> None:
    for example in BY_NAME[name].examples:
        typed = f"muse {example}" if name == "muse" else example
        drawn = WRITING.command(typed)
        assert drawn.startswith(("**", "</"))
        assert not MENTIONS.search(drawn)
