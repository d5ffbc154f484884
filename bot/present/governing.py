"""Who organises, and what they did."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import Action, encode
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Line,
    Literal,
    Note,
    Paragraph,
    Person,
    Plain,
    Strong,
    When,
)
from bot.listings import AuditRow, Page
from bot.models import UserRef
from bot.present.lines import fill, joined, naming, person, words
from bot.wording import en


def organisers_card(people: Sequence[UserRef], done: str = "") -> Card:
    """Who organises besides those who may manage the place."""
    blocks: list[Block] = [Heading((Plain(en.ORGANISERS_HEADING),))]
    if done:
        blocks.append(Paragraph((Strong(done),)))
    if people:
        rows: list[Line] = [(Person(user),) for user in people]
        blocks.append(Paragraph(((Plain(f"{en.ORGANISERS_BESIDES}\n")), *joined(rows))))
    else:
        blocks.append(Paragraph((Plain(en.ORGANISERS_NONE),)))
    blocks.append(Note(naming(en.ORGANISERS_HOW)))
    return Card(tuple(blocks), done or en.ORGANISERS_HEADING)


def log_card(page: Page[AuditRow], first: int, size: int) -> Card:
    """A page of what organisers did."""
    blocks: list[Block] = [Heading((Plain(en.LOG_HEADING),))]
    if page.rows:
        blocks.append(Paragraph(joined([_row(row) for row in page.rows])))
    else:
        blocks.append(Paragraph((Plain(en.LOG_NONE),)))
    number = first // size + 1
    turns = []
    if number > 1:
        turns.append(_to(number - 1, en.LOG_NEWER))
    if first + size < page.total:
        turns.append(_to(number + 1, en.LOG_OLDER))
    if turns:
        blocks.append(Buttons(tuple(turns)))
    return Card(tuple(blocks), en.LOG_HEADING)


def _row(row: AuditRow) -> Line:
    told = en.DEEDS.get(row.what, row.what)
    line: Line = (When(row.at), Plain(" · "))
    line += fill(en.LOG_ROW, who=person(row.by), deed=fill(told, of=_of(row.of)))
    if row.why:
        line += fill(en.LOG_WHY, why=Literal(row.why))
    return line


def _of(of: str) -> Person | Literal:
    """What a deed was done to: a member, or a name, a number, a value."""
    if ":" in of and " " not in of:
        return Person(UserRef.parse(of))
    return Literal(of)


def _to(page: int, label: str) -> Button:
    typed = words("muse-admin log {page}", page=page)
    return Button(encode(Action("log", argument=str(page))), label, typed)
