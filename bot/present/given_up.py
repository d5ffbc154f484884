"""Work that Muse tried so often that it gave up, as organisers see it."""

from __future__ import annotations

from bot.actions import Action, encode
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Literal,
    Note,
    Paragraph,
    Plain,
    Strong,
    Style,
    When,
)
from bot.listings import GivenUp, Page
from bot.present.lines import fill, words
from bot.wording import en

#: What both tell would tell whether Muse has written for a challenge that is blind still.
BLIND = ("compete", "advance")


def given_up_card(page: Page[GivenUp], number: int, size: int, done: str = "") -> Card:
    """A page of what was given up, each with a way to have it tried again."""
    blocks: list[Block] = [Heading((Plain(en.GIVEN_UP_HEADING),))]
    if done:
        blocks.append(Paragraph((Strong(done),)))
    if page.rows:
        blocks.append(Note((Plain(en.GIVEN_UP_HOW),)))
    else:
        blocks.append(Paragraph((Plain(en.GIVEN_UP_NONE),)))
    for row in page.rows:
        blocks += _row(row)
    turns = []
    if number > 1:
        turns.append(_to(number - 1, en.PREVIOUS))
    if number * size < page.total:
        turns.append(_to(number + 1, en.GIVEN_UP_MORE))
    if page.total > 1:
        turns.append(Button(encode(Action("again-all")), en.GIVEN_UP_ALL, "muse-admin try-again"))
    if turns:
        blocks.append(Buttons(tuple(turns)))
    return Card(tuple(blocks), done or en.GIVEN_UP_HEADING)


def given_up_note() -> tuple[Block, ...]:
    """What an organiser is told, below whatever they are shown, while there is any."""
    return (Note((Plain(en.GIVEN_UP_WAIT),)), Buttons((_to(1, en.GIVEN_UP_SEE),)))


def _row(row: GivenUp) -> list[Block]:
    what = en.GIVEN_UP_WORK.get(row.verb, en.GIVEN_UP_OTHER)
    if row.platform:
        what = words(en.GIVEN_UP_ON, what=what, platform=row.platform.capitalize())
    said = "" if row.verb in BLIND else row.said
    why = fill(en.GIVEN_UP_SAID, why=Literal(said)) if said else (Plain(en.GIVEN_UP_FAULT),)
    return [
        Paragraph((Strong(what), Plain(" · "), When(row.at))),
        Note((*why, Plain(" "), *fill(en.GIVEN_UP_CODE, code=row.code))),
        Buttons(
            (
                Button(
                    encode(Action("again-one", argument=row.code)),
                    en.GIVEN_UP_TRY,
                    words("muse-admin try-again {code}", code=row.code),
                    Style.MAIN,
                ),
            )
        ),
    ]


def _to(page: int, label: str) -> Button:
    typed = words("muse-admin given-up {page}", page=page)
    return Button(encode(Action("given-up", argument=str(page))), label, typed)
