"""Commands within Muse's sentences: each platform gives them its own way."""

from __future__ import annotations

import pytest

from bot.cards import CommandRef, Line, Literal, Plain
from bot.present.lines import naming

Q = Literal


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Nothing to type.", (Q("Nothing to type."),)),
        ("/help lists it.", (CommandRef("help"), Plain(" "), Q("lists it."))),
        ("Use /mine.", (Q("Use"), Plain(" "), CommandRef("mine"), Q("."))),
        (
            "Remove one: /muse-admin lore-remove 1.",
            (
                Q("Remove one:"),
                Plain(" "),
                CommandRef("muse-admin lore-remove"),
                Plain(" "),
                Q("1."),
            ),
        ),
        ("There is no “/vote @here”.", (Q("There is no “/vote @here”."),)),
        (
            "See https://a.example/help or /nonsense.",
            (Q("See https://a.example/help or /nonsense."),),
        ),
    ],
)
def test_commands_are_found_and_quotations_let_be(text: str, line: Line) -> None:
    assert naming(text, quoting=True) == line


def test_muses_own_words_keep_their_spaces() -> None:
    assert naming("Use /top now.") == (Plain("Use "), CommandRef("top"), Plain(" now."))
