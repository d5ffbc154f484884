"""Templates of the wording catalogue, filled with spans."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.cards import CommandRef, Line, Literal, Person, Plain, Span
from bot.commands import BY_NAME
from bot.models import Origin, UserRef
from bot.wording import en
from bot.writing.lenses import LENSES

# A quotation, or a command as it is typed: its name, and the word behind it.
_COMMAND = re.compile(r"“[^”]*”|(?<![\w/:.])/([a-z][a-z-]*)(?: ([a-z-]+))?")
_SLOT = re.compile(r"\{(\w+)\}")
Value = str | int | Span | Line


def fill(template: str, **values: Value) -> Line:
    """A line from a template: strings and numbers become Muse's own words, spans stay."""
    spans: list[Span] = []
    position = 0
    for slot in _SLOT.finditer(template):
        if slot.start() > position:
            spans.append(Plain(template[position : slot.start()]))
        value = values[slot.group(1)]
        if isinstance(value, tuple):
            spans.extend(value)
        elif isinstance(value, str | int):
            spans.append(Plain(str(value)))
        else:
            spans.append(value)
        position = slot.end()
    if position < len(template):
        spans.append(Plain(template[position:]))
    return tuple(spans)


def naming(text: str, *, quoting: bool = False) -> Line:
    """A sentence of Muse's in which ``/command`` is drawn as each platform gives it.

    With `quoting` it may hold somebody's words, which are shown literally; those in quotation
    marks name no command, whatever they say.
    """
    spans: list[Span] = []
    position = 0
    for found in _COMMAND.finditer(text):
        pair, single = f"{found[1]} {found[2]}", found[1]
        name = pair if pair in BY_NAME else single
        if name not in BY_NAME:
            continue
        spans += _said(text[position : found.start()], quoting=quoting)
        spans.append(CommandRef(name))
        position = found.start() + 1 + len(name)
    return (*spans, *_said(text[position:], quoting=quoting))


def _said(text: str, *, quoting: bool) -> Line:
    """Words as they are; the spaces around somebody's are Muse's own."""
    if not quoting or not text.strip():
        return (Plain(text),) if text else ()
    bare = text.strip()
    before, _, after = text.partition(bare)
    edges = [(Plain(edge),) if edge else () for edge in (before, after)]
    return (*edges[0], Literal(bare), *edges[1])


def words(template: str, **values: str | int) -> str:
    """A template filled with Muse's own words only."""
    return template.format(**values)


def quote(text: str) -> Line:
    """Somebody's text as a quotation."""
    return (Plain("“"), Literal(text), Plain("”"))


def themed(theme: str) -> Line:
    """What a challenge is on: its theme as a quotation, if who thought of it is not forgotten."""
    return quote(theme) if theme else (Plain(en.UNTHEMED_ON),)


def excerpt(text: str, limit: int = 80) -> str:
    """The beginning of a text on one line, at most `limit` characters."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    return flat[:limit].rsplit(" ", 1)[0].rstrip(",;:–—- ") + "…"


def origin(value: Origin) -> str:
    """What people read for an origin."""
    return en.LABELS[value]


def angle(name: str) -> Span:
    """What people read for a lens. A community's own is called what its organiser called it."""
    label = next((lens.label for lens in LENSES if lens.name == name), "")
    return Plain(label) if label else Literal(name)


def joined(lines: Sequence[Line], by: str = "\n") -> Line:
    """Lines as one, with `by` between them."""
    whole: Line = ()
    for line in lines:
        whole += (Plain(by), *line) if whole else line
    return whole


def person(user: UserRef | None) -> Span:
    """A member, or somebody who is forgotten."""
    return Person(user) if user else Plain(en.FORGOTTEN)


def count_votes(count: int) -> str:
    """``1 vote``, ``3 votes``."""
    return en.VOTES_ONE if count == 1 else words(en.VOTES_MANY, count=count)


def count_people(count: int) -> str:
    """``One person``, ``3 people``."""
    return en.PEOPLE_ONE if count == 1 else words(en.PEOPLE_MANY, count=count)
