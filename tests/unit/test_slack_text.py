"""Text as Slack shows it: what people wrote stays what they wrote, and tells nobody."""

from __future__ import annotations

import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.blocks import parts
from adapters.slack.limits import FALLBACK
from adapters.slack.spans import pieces
from adapters.slack.text import Pen, clip, escape, fallback, heard, moment, shown, tidy
from bot.cards import (
    Block,
    Card,
    Heading,
    Literal,
    Note,
    Paragraph,
    Person,
    Piece,
    Plain,
    Ranked,
    When,
)
from bot.models import UserRef
from tests.fakes.slack_chat import pinged
from tests.unit.strategies import OPENED

PEN = Pen(lambda user: user.id)
WILD = st.text(
    alphabet=st.one_of(
        st.sampled_from("*_~`<>&@#!|:-\n \u202e\u2066\u200b\u200d\ufeffabcא"), st.characters()
    ),
    max_size=200,
)
TRICKS = (
    "*bold* _italic_ ~struck~ `code` ```block```",
    "> quoted\n>>> all of it",
    "<!channel> <!here> <!everyone> <!subteam^S123|@writers>",
    "<@U123> <#C123|room> @channel @here",
    "<https://example.org|click me> https://example.org :tada:",
    "&lt;@U123&gt; &amp;",
    "<!date^0^{date}|never>",
)


@given(WILD)
def test_slack_reads_nothing_into_an_escaped_text(text: str) -> None:
    made = shown(text)
    assert "<" not in made
    assert ">" not in made
    assert re.fullmatch(r"(?:[^&]|&(?:amp|lt|gt);)*", made)
    assert html.unescape(made) == html.unescape(escape(tidy(text))) or made == "\u00a0"


@given(WILD)
def test_a_tidy_text_hides_and_turns_nothing(text: str) -> None:
    made = tidy(text)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u2060\ufeff]", made)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]", made)
    assert tidy(made) == made


def test_emoji_and_scripts_that_are_joined_stay_joined() -> None:
    family, persian = "👩\u200d👩\u200d👧", "می\u200cخواهم"
    assert tidy(family) == family
    assert tidy(persian) == persian
    assert tidy("שלום") == "שלום"


@pytest.mark.parametrize("text", TRICKS)
@pytest.mark.parametrize("mentions", [False, True])
def test_what_a_person_wrote_is_never_markup(text: str, *, mentions: bool) -> None:
    """It is in plain text and rich text alone, and no mrkdwn of Muse's holds any of it."""
    pen = Pen(lambda _: text, mentions=mentions)
    line = (
        Plain("by "),
        Literal(text),
        Person(UserRef("discord", "1")),
        When(OPENED),
        Literal(text),
    )
    blocks: list[Block] = [
        Heading(line),
        Paragraph(line),
        Note(line),
        Piece(1, text, line),
        Ranked(1, line, line, text),
    ]
    drawn = [b for part in parts(Card(tuple(blocks), text), pen) for b in part.blocks]
    assert pinged({"text": fallback(text), "blocks": drawn}) == []
    for marked in re.findall(r'"text": "((?:[^"\\]|\\.)*)", "type": "mrkdwn"', json.dumps(drawn)):
        assert marked.startswith("<!date^")
    assert all('emoji": true' not in json.dumps(block) for block in drawn)


@given(WILD, st.integers(min_value=2, max_value=80))
def test_a_clipped_label_is_short_and_whole_characters(text: str, most: int) -> None:
    made = clip(text, most)
    assert 1 <= len(made) <= most
    assert re.fullmatch(r"(?:[^&<>]|&(?:amp|lt|gt);)*", made)


@given(WILD, st.integers(min_value=10, max_value=60))
def test_the_parts_of_a_text_are_the_text(text: str, most: int) -> None:
    made = list(pieces(text, most))
    assert all(1 <= len(part) <= most for part in made)
    joined = html.unescape("".join(made)).replace("\u00a0", "")
    assert "".join(joined.split()) == "".join(
        html.unescape(escape(tidy(text))).replace("\u00a0", "").split()
    )


def test_a_summary_is_never_too_long() -> None:
    assert len(fallback("&" * 9000)) <= FALLBACK
    assert fallback("") == "\u00a0"


def test_a_moment_is_in_the_readers_zone() -> None:
    stamp = int(OPENED.timestamp())
    assert moment(OPENED).startswith(f"<!date^{stamp}^{{date_short_pretty}}, {{time}}|")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("vote 2", "/muse vote 2"),
        ("muse a lighthouse", "/muse a lighthouse"),
        ("muse", "/muse"),
        ("muse-admin lore", "/muse muse-admin lore"),
        ("help muse", "/muse help muse"),
    ],
)
def test_every_command_is_typed_behind_the_one(typed: str, said: str) -> None:
    assert PEN.typed(typed) == said
    assert Pen(PEN.name, "/write").typed(typed) == said.replace("/muse", "/write", 1)


def test_a_sentence_names_commands_as_they_are_typed_here() -> None:
    text = "There is no /remxi. Did you mean “/remix”? /help lists what there is."
    assert PEN.native(text) == (
        "There is no /remxi. Did you mean “/muse remix”? /muse help lists what there is."
    )
    assert PEN.native("a path/help and /helpless") == "a path/help and /helpless"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("<@UMUSE> a lighthouse &amp; a moth", "a lighthouse & a moth"),
        ("write for <@U1> and <@U2|bea>", "write for @name of U1 and @bea"),
        ("in <#C1|general> <!here> <!subteam^S1|@writers>", "in #general @here @writers"),
        ("<https://example.org|example.org> <mailto:a@b.c|a@b.c>", "https://example.org a@b.c"),
        ("1 &lt; 2 &amp;lt;", "1 < 2 &lt;"),
    ],
)
def test_what_was_said_is_read_as_it_was_typed(said: str, meant: str) -> None:
    assert heard(said, "UMUSE", lambda user: f"name of {user}") == meant
