"""Cards as lines of a terminal. Pure: a card in, styled lines out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from bot.cards import (
    Bar,
    Block,
    Buttons,
    Card,
    CommandRef,
    FormCard,
    Heading,
    Line,
    Literal,
    Note,
    Paragraph,
    Pending,
    Person,
    Picture,
    Piece,
    Plain,
    Ranked,
    Select,
    Span,
    Strong,
    Tree,
    When,
)

BAR_WIDTH = 12
INDENT = "  "
_SHORT = 3  # options that are repeated where two choices are of the same
_MANY, _BRIEF = 10, 24  # more options than that, of so few characters, share a line
# What steers a terminal: escape sequences whole, then every control character, and the
# marks that would turn the direction of what follows.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)"
)
_CONTROLS: dict[int, str | None] = {
    **dict.fromkeys({*range(32), *range(127, 160)} - {ord("\n")}),
    **dict.fromkeys({*range(0x202A, 0x202F), *range(0x2066, 0x206A)}),
    **dict.fromkeys(range(0xD800, 0xE000)),
    ord("\t"): " ",
}


def draw(card: Card, name: Callable[[Person], str]) -> list[Text]:
    """The lines of a whole card. `name` says what to call a member."""
    lines: list[Text] = []
    for index, block in enumerate(card.blocks):
        if isinstance(block, Buttons) or _among_pieces(block, card):
            continue  # gathered below: in a terminal a button is something to type
        if lines and lines[-1].plain and _apart(card.blocks[index - 1], block):
            lines.append(Text())
        if isinstance(block, Select) and _same_below(card, index):
            lines.append(_standing(block))  # what is offered stands below, once
        else:
            lines.extend(draw_block(block, name))
    lines.extend(draw_ways(card))
    return lines


def _same_below(card: Card, index: int) -> bool:
    """Whether the block below is a choice of the same, of which there is a list."""
    here, *below = card.blocks[index : index + 2]
    return (
        isinstance(here, Select)
        and len(here.options) > _SHORT
        and any(isinstance(each, Select) and each.options == here.options for each in below)
    )


def _apart(above: Block, below: Block) -> bool:
    """Whether a blank line stands between two blocks."""
    if isinstance(above, Select) and isinstance(below, Select) and len(below.options) > _SHORT:
        return above.options != below.options
    return isinstance(below, Heading | Piece | Paragraph | Picture | Select) or isinstance(
        above, Piece | Picture
    )


def _among_pieces(block: Block, card: Card) -> bool:
    """Whether it is a choice of the card's own pieces, which stand there with their numbers."""
    if not isinstance(block, Select) or not block.options or not block.typed:
        return False
    shown = {str(each.number) for each in card.blocks if isinstance(each, Piece)}
    return {option.value for option in block.options} <= shown


def draw_block(block: Block, name: Callable[[Person], str]) -> Iterator[Text]:
    """The lines of one block; none for what has no place in a terminal."""
    match block:
        case Heading(line) | Note(line):
            yield _line(line, name, "bold" if isinstance(block, Heading) else "dim")
        case Paragraph(line):
            yield from _split(_line(line, name))
        case Piece():
            yield from _piece(block, name)
        case Bar():
            yield _bar(block, name)
        case Ranked():
            yield from _ranked(block, name)
        case Tree(rows):
            yield from _tree(rows, name)
        case Picture():
            yield from (Text(row) for row in clean(block.alt).splitlines())
            yield _kept(block)
        case Select():
            yield from _select(block)
        case Pending() | Buttons():
            pass


def draw_ways(card: Card) -> list[Text]:
    """What a card's buttons and selects do, as commands to type."""
    typed: list[str] = []
    for block in card.blocks:
        if isinstance(block, Piece) and block.button and block.button.typed and not typed:
            typed.append(block.button.typed)
        if isinstance(block, Buttons):
            typed += [b.typed for b in block.buttons if b.typed and not b.disabled]
        if isinstance(block, Select) and block.typed:
            typed.append(block.typed)
    if not typed:
        return []
    return [Text(" · ".join(f"/{words}" for words in dict.fromkeys(typed)), style="cyan")]


def draw_form(form: FormCard) -> list[Text]:
    """A form card: its fields, in words."""
    return [
        Text(form.title, style="bold"),
        *(Text(f"{INDENT}{field.label} ({field.max_length})") for field in form.fields),
    ]


def _line(line: Line, name: Callable[[Person], str], style: str = "") -> Text:
    text = Text(style=style)
    for span in line:
        text.append(*_span(span, name))
    return text


def _span(span: Span, name: Callable[[Person], str]) -> tuple[str, str]:
    match span:
        case Plain(text):
            return text, ""
        case Literal(text):
            return clean(text), ""
        case Strong(text):
            return text, "bold"
        case Person():
            return " ".join(clean(name(span)).split()), "magenta"
        case When(at):
            return f"{at.astimezone():%a %d %b, %H:%M}", ""
        case CommandRef(typed):
            return f"/{typed}", "cyan"


def clean(text: str) -> str:
    """Somebody's text without what would steer a terminal."""
    return _ESCAPES.sub("", text).translate(_CONTROLS)


def _split(text: Text) -> Sequence[Text]:
    return list(text.split("\n")) if "\n" in text.plain else [text]


def _piece(piece: Piece, name: Callable[[Person], str]) -> Iterator[Text]:
    number = f"{piece.number:>2}"
    for index, row in enumerate(clean(piece.text).splitlines() or [""]):
        start = Text(number if index == 0 else INDENT, style="bold yellow")
        yield Text.assemble(start, INDENT, row)
    if piece.picture:
        yield Text.assemble(INDENT * 2, _kept(piece.picture))
    yield Text.assemble(INDENT * 2, _line(piece.byline, name, "dim"))


def _kept(picture: Picture) -> Text:
    """Where a picture is: in a terminal, a file."""
    return Text(_one_line(picture.kept), style="blue")


def _one_line(text: str) -> str:
    return " ".join(clean(text).split("\n"))


def _bar(bar: Bar, name: Callable[[Person], str]) -> Text:
    filled = round(BAR_WIDTH * bar.count / bar.of) if bar.of else 0
    label = _line(bar.label, name, "bold yellow")
    label.pad_left(max(0, 2 - cell_len(label.plain)))
    return Text.assemble(
        label,
        INDENT,
        ("█" * filled, "green"),
        ("░" * (BAR_WIDTH - filled), "dim"),
        "  ",
        _line(bar.value, name),
        ("  ✓", "green") if bar.mine else "",
    )


def _ranked(row: Ranked, name: Callable[[Person], str]) -> Iterator[Text]:
    rank = (f"{row.rank:>2}.", "bold yellow")
    value = _line(row.value, name, "dim")
    if not row.text:
        yield Text.assemble(rank, " ", _line(row.line, name, "bold"), (" · ", "dim"), value)
        return
    yield Text.assemble(rank, " ", _line(row.line, name))
    for text in clean(row.text).splitlines():
        yield Text.assemble(INDENT * 2, text)
    yield Text.assemble(INDENT * 2, value)


def _tree(rows: Sequence[tuple[int, Line]], name: Callable[[Person], str]) -> Iterator[Text]:
    """Each row behind its branch; a line runs down as long as the same parent has more."""
    depths = [depth for depth, _ in rows]
    for at, (depth, line) in enumerate(rows):
        branch = "".join(
            ("├ " if level == depth else "│ ")
            if _goes_on(depths[at + 1 :], level)
            else ("└ " if level == depth else INDENT)
            for level in range(1, depth + 1)
        )
        words = Text(" ").join(_split(_line(line, name)))
        yield Text.assemble((branch, "dim"), words)


def _goes_on(below: Sequence[int], level: int) -> bool:
    """Whether there is more at `level` under the same parent."""
    return next((depth for depth in below if depth <= level), 0) == level


def _select(select: Select) -> Iterator[Text]:
    """A choice: what is offered, and what of it stands. What a platform offers, it alone knows."""
    offered = {option.value: _one_line(option.label) for option in select.options}
    offered |= {value: _one_line(value) for value in select.chosen if value not in offered}
    yield Text(_one_line(select.label), style="bold")
    if len(offered) > _MANY and all(len(label) <= _BRIEF for label in offered.values()):
        row = [
            Text(f"✓{label}", style="green") if value in select.chosen else Text(label)
            for value, label in offered.items()
        ]
        yield Text.assemble(INDENT, Text(" · ").join(row))
        return
    for value, label in offered.items():
        mark = ("✓ ", "green") if value in select.chosen else INDENT
        yield Text.assemble(INDENT, mark, label)


def _standing(select: Select) -> Text:
    """What a choice is of, and what of it stands."""
    labels = [_one_line(each.label) for each in select.options if each.value in select.chosen]
    chosen = [part for label in labels for part in (INDENT, ("✓ ", "green"), label)]
    return Text.assemble((_one_line(select.label), "bold"), *chosen)
