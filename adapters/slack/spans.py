"""Lines as Block Kit draws them: rich text for what is read, context for small print. Pure.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block: its texts are shown as they
are. A context block holds plain text and mrkdwn side by side, so that a moment may stand next to
somebody's words without those becoming markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import ContextBlock, MarkdownTextObject, PlainTextObject

from adapters.slack.limits import CONTEXT_ELEMENTS, CONTEXT_TEXT, SECTION_TEXT
from adapters.slack.text import Pen, escape, moment, shown, spelt, tidy
from bot.cards import CommandRef, Line, Literal, Person, Plain, Span, Strong, When

Json = dict[str, Any]

_BOLD: Json = {"bold": True}
_CODE: Json = {"code": True}
_SHORT = SECTION_TEXT // 5  # characters that fit however they are escaped
_DATE = "{date_short_pretty}, {time}"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of rich text that looks alike: a text with its style, or something drawn.

    `length` is what it counts for.
    """

    length: int
    text: str = ""
    style: Json | None = None
    drawn: Json | None = None

    def joins(self, other: Run) -> bool:
        """Whether another may follow as a part of it."""
        return self.drawn is None and other.drawn is None and self.style is other.style

    @property
    def element(self) -> Json:
        """As Block Kit has it."""
        if self.drawn is not None:
            return self.drawn
        plain: Json = {"type": "text", "text": self.text}
        return plain if self.style is None else plain | {"style": self.style}


def plain_text(text: str) -> PlainTextObject:
    """A text shown as it is, ``:smile:`` too. It must be escaped already."""
    return PlainTextObject(text=text, emoji=False)


def rich(lines: Sequence[Line], pen: Pen, *, strong: bool = False) -> list[Json]:
    """Lines below each other as rich text: one block, or more where one would be very long."""
    blocks: list[Json] = []
    runs: list[Run] = []
    length = 0
    for index, line in enumerate(lines):
        said: Line = (Plain("\n"), *line) if index else line
        for run in _runs(said, pen, strong=strong):
            if runs and length + run.length > SECTION_TEXT:
                blocks.append(_rich(runs))
                runs, length = [], 0
            if runs and runs[-1].joins(run):
                runs[-1] = Run(0, runs[-1].text + run.text, run.style)
            else:
                runs.append(run)
            length += run.length
    if runs:
        blocks.append(_rich(runs))
    return blocks


def _rich(runs: Iterable[Run]) -> Json:
    """A block of rich text. slack_sdk's models know no limits of it, and take fifty times as
    long to say so.
    """
    section = {"type": "rich_text_section", "elements": [run.element for run in runs]}
    return {"type": "rich_text", "elements": [section]}


def _runs(line: Line, pen: Pen, *, strong: bool) -> Iterator[Run]:
    for span in line:
        if isinstance(span, When):
            said = spelt(span.at)
            stamp = int(span.at.timestamp())
            date: Json = {"type": "date", "timestamp": stamp, "format": _DATE, "fallback": said}
            yield Run(len(said), drawn=date)
        elif isinstance(span, Person) and pen.mentioned(span):
            assert span.user is not None
            yield Run(20, drawn={"type": "user", "user_id": span.user.id})
        else:
            text, style = _styled(span, pen, strong=strong)
            if len(text) < _SHORT:
                yield Run(len(text), escape(tidy(text)), style)
                continue
            for part in pieces(text, SECTION_TEXT):
                yield Run(len(part), part, style)


def _styled(span: Span, pen: Pen, *, strong: bool) -> tuple[str, Json | None]:
    match span:
        case Strong(text):
            return pen.native(text), _BOLD
        case CommandRef(typed):
            return pen.typed(typed), _CODE
        case Plain(text):
            return pen.native(text), _BOLD if strong else None
        case Literal(text):
            return text, _BOLD if strong else None
        case Person():
            return pen.person(span), _BOLD if strong else None
    raise TypeError(f"no span: {span!r}")


def context(line: Line, pen: Pen) -> list[Json]:
    """A line of small print."""
    elements = list(_elements(line, pen))
    return [
        ContextBlock(elements=elements[first : first + CONTEXT_ELEMENTS]).to_dict()
        for first in range(0, len(elements), CONTEXT_ELEMENTS)
    ]


def _elements(line: Line, pen: Pen) -> Iterator[PlainTextObject | MarkdownTextObject]:
    """The parts of a line: plain text as far as it goes, mrkdwn where something is drawn."""
    waiting: list[Span] = []
    for span in line:
        if isinstance(span, When):
            yield from _plain_elements(waiting, pen)
            waiting = []
            yield MarkdownTextObject(text=moment(span.at), verbatim=True)
        elif isinstance(span, Person) and pen.mentioned(span):
            yield from _plain_elements(waiting, pen)
            waiting = []
            assert span.user is not None
            yield MarkdownTextObject(text=f"<@{escape(span.user.id)}>", verbatim=True)
        else:
            waiting.append(span)
    yield from _plain_elements(waiting, pen)


def _plain_elements(spans: list[Span], pen: Pen) -> Iterator[PlainTextObject]:
    if not any(tidy(str(getattr(span, "text", "x"))).strip(" \u00a0") for span in spans):
        return
    for part in pieces(pen.raw(tuple(spans)), CONTEXT_TEXT):
        yield plain_text(part)


def pieces(text: str, most: int) -> Iterator[str]:
    """A text, escaped, in parts of at most `most` characters, each broken at white space."""
    text = tidy(text)
    while len(escaped := escape(text)) > most:
        cut = _cut(text, most)
        yield shown(text[:cut].rstrip())
        text = text[cut:].lstrip(" ")
    yield escaped or shown(text)


def _cut(text: str, most: int) -> int:
    """Where to break a text so that its escaped beginning fits: at white space if it has some
    in the second half.
    """
    length = index = 0
    while length + len(escape(text[index])) <= most:
        length += len(escape(text[index]))
        index += 1
    space = max(text.rfind(" ", index // 2, index), text.rfind("\n", index // 2, index))
    return space + 1 if space > 0 else index
