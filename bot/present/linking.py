"""Joined places and linked identities, in words before and after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.actions import Action, encode
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    CommandRef,
    Heading,
    Line,
    Note,
    Paragraph,
    Plain,
    Strong,
    Style,
    When,
)
from bot.models import SpaceRef, UserRef
from bot.present.lines import fill, joined, naming, person, words
from bot.wording import en


def place(space: SpaceRef) -> str:
    """What a place is called: Muse keeps no names."""
    return words(en.PLACES.get(space.platform, "{id}"), id=space.id)


def code_card(code: str, until: datetime) -> Card:
    """A code for another place, with what it does."""
    return Card(
        (
            Heading((Plain(en.LINK_HEADING),)),
            Paragraph(fill(en.LINK_CODE, code=Strong(code), until=When(until))),
            Paragraph(fill(en.LINK_TYPE, command=CommandRef(f"muse-admin link {code}"))),
            Note(naming(en.LINK_MEANS)),
        ),
        en.LINK_HEADING,
    )


def join_card(space: SpaceRef, code: str) -> Card:
    """What joining another place means, before it is done."""
    title = words(en.JOIN_HEADING, place=place(space))
    yes = Button(
        encode(Action("join", argument=code)),
        en.JOIN_YES,
        typed=f"muse-admin link {code} yes",
        style=Style.MAIN,
    )
    return Card(
        (
            Heading((Plain(title),)),
            Paragraph((Plain(en.JOIN_MEANS),)),
            Paragraph(naming(en.JOIN_STAYS)),
            Paragraph(naming(en.JOIN_UNDO)),
            Buttons((yes,)),
        ),
        title,
    )


def moved(template: str, space: SpaceRef, more: str = "") -> Card:
    """What has become of two places, told to one of them, with `more` that concerns it."""
    text = words(template, place=place(space))
    text = " ".join(filter(None, (text[:1].upper() + text[1:], more)))
    return Card((Paragraph(naming(text)),), text)


def places_card(spaces: Sequence[SpaceRef], parted: Sequence[SpaceRef]) -> Card:
    """The places of a community, the one it began with first; `parted` may be parted from here."""
    blocks: list[Block] = [Heading((Plain(en.UNLINK_HEADING),))]
    rows: list[Line] = [
        (Plain(words(en.UNLINK_FIRST, place=place(each)) if not index else place(each)),)
        for index, each in enumerate(spaces)
    ]
    blocks.append(Paragraph(joined(rows)))
    blocks.append(Note((Plain(en.UNLINK_MEANS),)))
    blocks += [Buttons((_part(each),)) for each in parted]
    return Card(tuple(blocks), en.UNLINK_HEADING)


def _part(space: SpaceRef) -> Button:
    return Button(
        encode(Action("part", argument=str(space))),
        words(en.UNLINK_ONE, place=place(space)),
        typed=f"muse-admin unlink {space}",
        style=Style.DANGER,
    )


def own_code_card(code: str, until: datetime) -> Card:
    """A code for one's other identity, with what it does."""
    return Card(
        (
            Paragraph(fill(en.MY_CODE, code=Strong(code), until=When(until))),
            Paragraph(fill(en.MY_CODE_TYPE, command=CommandRef(f"mine link {code}"))),
            Note(naming(en.MY_CODE_MEANS)),
        ),
        en.MY_CODE_MEANS,
    )


def linked_card(users: Sequence[UserRef]) -> Card:
    """Several identities are one member now."""
    undo = Button(encode(Action("apart")), en.MY_LINK_UNDO, typed="mine unlink")
    return Card(
        (
            Paragraph(fill(en.MY_LINK_DONE, people=_people(users))),
            Note(naming(en.MY_LINK_POINTS)),
            Buttons((undo,)),
        ),
        en.MY_LINK_POINTS,
    )


def unlinked_card(users: Sequence[UserRef]) -> Card:
    """They are members of their own again."""
    line = fill(en.MY_UNLINK_DONE, people=_people(users))
    return Card((Paragraph(line),), words(en.MY_UNLINK_DONE, people=str(len(users))))


def _people(users: Sequence[UserRef]) -> Line:
    """Identities, which another platform can only call a member there."""
    return joined([(person(user),) for user in users], ", ")
