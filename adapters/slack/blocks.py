"""Cards as Block Kit, built through slack_sdk's models, which check every limit. Pure.

Each block of a card becomes a `Part`: what `fitting` puts into a message or a view, whole or
not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from slack_sdk.models.blocks import HeaderBlock, ImageBlock, SectionBlock
from slack_sdk.models.blocks.basic_components import SlackFile

from adapters.slack import words
from adapters.slack.controls import actions, button, select
from adapters.slack.limits import ALT_TEXT, BLOCK_COST, HEADER_TEXT, SECTION_TEXT
from adapters.slack.spans import context, pieces, plain_text, rich
from adapters.slack.text import Pen, clip
from bot.cards import (
    Bar,
    Block,
    Buttons,
    Card,
    Heading,
    Line,
    Literal,
    Note,
    Paragraph,
    Pending,
    Picture,
    Piece,
    Plain,
    Ranked,
    Select,
    Strong,
    Tree,
)

Json = dict[str, Any]

BAR_WIDTH = 12
_KEPT = 1024  # parts kept in memory: receipts of a crowd's repeat most of theirs
#: A space that rich text keeps at the beginning of a line.
_GAP = "\u00a0\u00a0"


@dataclass(frozen=True, slots=True)
class Part:
    """What one block of a card is drawn as.

    `size` is what it counts for towards the text of a message, `counts` how many of the card's
    blocks it stands for; `kept` says that a message shows it whatever else it has no room for:
    how the card begins and ends, and what can be pressed.
    """

    blocks: tuple[Json, ...]
    size: int
    counts: int = 1
    kept: bool = False


def parts(card: Card, pen: Pen) -> list[Part]:
    """A card, part by part."""
    made: list[Part] = []
    for kind, group in groupby(card.blocks, key=type):
        if kind is Bar:
            bars = [block for block in group if isinstance(block, Bar)]
            made += _bars(bars, pen)
        else:
            draw = _drawn_before if pen.shared else _part
            made += [draw(block, pen) for block in group]
    return made


def _part(block: Block, pen: Pen) -> Part:
    kept = isinstance(block, Heading | Note | Buttons | Select)
    drawn = tuple(_drawn(block, pen))
    return Part(drawn, measure(drawn), kept=kept)


def measure(blocks: Iterable[Json]) -> int:
    """What blocks count for towards the text of a message."""
    return sum(map(_size, blocks))


def _size(block: Json) -> int:
    if block["type"] == "rich_text":  # whose shape is known: the quick way
        runs = block["elements"][0]["elements"]
        return BLOCK_COST + sum(len(run.get("text") or run.get("fallback", "")) for run in runs)
    return BLOCK_COST + sum(map(len, _texts(block)))


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("text", "alt_text", "fallback") and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _texts(each)


_drawn_before = lru_cache(_KEPT)(_part)


def _drawn(  # noqa: C901, PLR0911 one line for each kind of block
    block: Block, pen: Pen
) -> list[Json]:
    match block:
        case Heading(line):
            return _heading(line, pen)
        case Paragraph(line):
            return rich([line], pen)
        case Note(line):
            return context(line, pen)
        case Piece():
            return list(_piece(block, pen))
        case Pending(number):
            return context((Plain(f"{number}{_GAP}{words.WRITING}"),), pen)
        case Ranked():
            return _ranked(block, pen)
        case Tree(rows):
            return rich(list(_tree(rows)), pen)
        case Picture():
            return [_picture(block)]
        case Buttons():
            return list(actions(block)) if block.buttons else []
        case Select():
            return select(block, pen.groups)
        case Bar():
            return list(_bars([block], pen)[0].blocks)


def _heading(line: Line, pen: Pen) -> list[Json]:
    text = pen.plain(line)
    if len(text) <= HEADER_TEXT and "\n" not in text:
        return [HeaderBlock(text=plain_text(text)).to_dict()]
    return rich([line], pen, strong=True)


def _piece(piece: Piece, pen: Pen) -> Iterator[Json]:
    """An entry: its text with its button beside it, and below who made it."""
    if piece.picture:
        yield _picture(piece.picture)
    accessory = button(piece.button, about=str(piece.number)) if piece.button else None
    for text in pieces(f"{piece.number}{_GAP}{piece.text}", SECTION_TEXT):
        yield SectionBlock(text=plain_text(text), accessory=accessory, expand=True).to_dict()
        accessory = None
    yield from context(piece.byline, pen)


def _picture(picture: Picture) -> Json:
    return ImageBlock(
        slack_file=SlackFile(id=picture.kept), alt_text=clip(picture.alt, ALT_TEXT)
    ).to_dict()


def _bars(bars: Sequence[Bar], pen: Pen) -> list[Part]:
    """The rows of a tally as one block, which a long one has more of."""
    made = rich([_bar(bar) for bar in bars], pen)
    return [
        Part((block,), measure((block,)), len(bars) if block is made[0] else 0) for block in made
    ]


def _bar(bar: Bar) -> Line:
    filled = round(BAR_WIDTH * min(bar.count, bar.of) / bar.of) if bar.of else 0
    drawn = "█" * filled + "░" * (BAR_WIDTH - filled)
    mine: Line = (Plain(f"{_GAP}✓"),) if bar.mine else ()
    return (*_strong(bar.label), Plain(f"{_GAP}{drawn}{_GAP}"), *bar.value, *mine)


def _strong(line: Line) -> Line:
    return tuple(Strong(span.text) if isinstance(span, Plain) else span for span in line)


def _ranked(row: Ranked, pen: Pen) -> list[Json]:
    first: Line = (Strong(f"{row.rank}."), Plain(" "), *row.line)
    if not row.text:
        return rich([(*first, Plain(" · "), *row.value)], pen)
    return rich([first, (Literal(row.text),), row.value], pen)


def _tree(rows: Sequence[tuple[int, Line]]) -> Iterator[Line]:
    """Each row behind as much white space as it is deep, and a branch to its parent."""
    for depth, line in rows:
        branch = f"{_GAP * 2 * (depth - 1)}└{_GAP}" if depth else ""
        yield (Plain(branch), *line) if branch else line
