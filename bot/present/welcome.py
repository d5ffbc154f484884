"""The welcome: what a quiet place can do with Muse at once."""

from __future__ import annotations

from bot.actions import Action, encode
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    CommandRef,
    Heading,
    Note,
    Paragraph,
    Plain,
    Style,
)
from bot.present.lines import fill, joined
from bot.wording import en


def welcome_card() -> Card:
    """What Muse is, three things to try, who may do what, and how it is set up."""
    tries = (
        (f"muse {en.EXAMPLE_PROMPT}", en.WELCOME_MUSE),
        ("prompt", en.WELCOME_PROMPT),
        ("spark", en.WELCOME_SPARK),
    )
    lines = [(CommandRef(typed), Plain(f" — {does}")) for typed, does in tries]
    blocks: tuple[Block, ...] = (
        Heading((Plain(en.WELCOME_HEADING),)),
        Paragraph((Plain(en.WELCOME_WHAT),)),
        Paragraph(joined([(Plain(en.WELCOME_TRY),), *lines])),
        Buttons(
            (
                Button(encode(Action("begin")), en.WELCOME_EXAMPLE, style=Style.MAIN),
                Button(encode(Action("invite")), en.WELCOME_INVITE),
                Button(encode(Action("sparks")), en.WELCOME_ASK),
                Button(encode(Action("setup")), en.WELCOME_SETUP),
                Button(encode(Action("planof", argument="plan.when")), en.WELCOME_CHALLENGE),
            )
        ),
        Note(
            fill(
                en.WELCOME_ORGANISERS,
                settings=CommandRef("muse-admin settings"),
                busy=CommandRef("muse-admin preset busy"),
            )
        ),
        Note(fill(en.WELCOME_WEEKLY, setup=CommandRef("muse-admin challenge-setup"))),
        Note(fill(en.WELCOME_WHO, mine=CommandRef("mine"))),
    )
    return Card(blocks, en.WELCOME_WHAT)
