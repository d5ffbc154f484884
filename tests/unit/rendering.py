"""A card as text, every part of it marked, so that a golden file shows what a platform gets.

``⟦…⟧`` holds a person's or a model's text, ``**…**`` is strong, ``@id`` a member (``@–`` one
who is forgotten), ``<…>`` a moment and ``/…`` a command. Long texts are cut in the middle.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.cards import (
    Bar,
    Block,
    Button,
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
    Strong,
    Tree,
    When,
)

_LONGEST = 120


def render(card: Card | FormCard) -> str:
    """The whole card, a block a line."""
    rows = _form(card) if isinstance(card, FormCard) else _card(card)
    return "\n".join(rows) + "\n"


def literals(card: Card) -> list[str]:
    """Every text on a card that is somebody's."""
    found = [span.text for line in lines(card) for span in line if isinstance(span, Literal)]
    found += [block.text for block in card.blocks if isinstance(block, Piece | Ranked)]
    pictures = [block.picture for block in card.blocks if isinstance(block, Piece)]
    pictures += [block for block in card.blocks if isinstance(block, Picture)]
    return found + [picture.alt for picture in pictures if picture]


def own_words(card: Card) -> list[str]:
    """Every text on a card that claims to be Muse's."""
    found = [span.text for line in lines(card) for span in line if isinstance(span, Plain | Strong)]
    found += [button.label for button in buttons(card)]
    return found + [button.typed for button in buttons(card)]


def lines(card: Card) -> list[Line]:
    """Every line of spans on a card."""
    found: list[Line] = []
    for block in card.blocks:
        match block:
            case Heading(line) | Paragraph(line) | Note(line):
                found.append(line)
            case Piece():
                found.append(block.byline)
            case Bar():
                found += [block.label, block.value]
            case Ranked():
                found += [block.line, block.value]
            case Tree(rows):
                found += [row for _, row in rows]
            case Pending() | Buttons() | Picture() | Select():
                pass
    return found


def buttons(card: Card) -> list[Button]:
    """Every button on a card."""
    found: list[Button] = []
    for block in card.blocks:
        if isinstance(block, Buttons):
            found += block.buttons
        if isinstance(block, Piece) and block.button:
            found.append(block.button)
    return found


def line(spans: Line) -> str:
    """A line with its spans marked."""
    said = []
    for span in spans:
        match span:
            case Plain(text):
                said.append(text)
            case Literal(text):
                said.append(f"⟦{_cut(text)}⟧")
            case Strong(text):
                said.append(f"**{text}**")
            case Person(user):
                said.append(f"@{user.id}" if user else "@–")
            case When(at):
                said.append(_moment(at))
            case CommandRef(typed):
                said.append(f"/{typed}")
    return "".join(said)


def _card(card: Card) -> Iterator[str]:
    for block in card.blocks:
        yield from _block(block)
    yield f"busy: {card.busy}"
    yield f"summary: {_cut(card.summary)}"


def _block(block: Block) -> Iterator[str]:  # noqa: C901 one case a block is the point
    match block:
        case Heading(spans):
            yield f"heading    {line(spans)}"
        case Paragraph(spans):
            yield from _under("paragraph  ", line(spans))
        case Note(spans):
            yield f"note       {line(spans)}"
        case Piece():
            yield from _piece(block)
        case Pending(number):
            yield f"pending    {number}"
        case Bar():
            yield f"bar        {_bar(block)}"
        case Ranked():
            row = f"{block.rank}. {line(block.line)} | {line(block.value)}"
            yield from _under(
                "ranked     ", row + (f"\n⟦{_cut(block.text)}⟧" if block.text else "")
            )
        case Tree(rows):
            branches = "\n".join(f"{'  ' * depth}{line(row)}" for depth, row in rows)
            yield from _under("tree       ", branches)
        case Picture():
            yield f"picture    {_picture(block)}"
        case Select():
            yield from _select(block)
        case Buttons(row):
            yield from _under("buttons    ", "\n".join(_button(button) for button in row))


def _piece(piece: Piece) -> Iterator[str]:
    yield from _under(f"piece {piece.number:<4} ", f"⟦{_cut(piece.text)}⟧")
    if piece.picture:
        yield f"           picture {_picture(piece.picture)}"
    yield f"           {line(piece.byline)}"
    if piece.button:
        yield f"           {_button(piece.button)}"


def _bar(bar: Bar) -> str:
    mine = " (mine)" if bar.mine else ""
    return f"{line(bar.label)}: {bar.count}/{bar.of}{mine} {line(bar.value)}"


def _picture(picture: Picture) -> str:
    return f"{picture.kept}: ⟦{_cut(picture.alt)}⟧"


def _select(select: Select) -> Iterator[str]:
    typed = f" /{select.typed}" if select.typed else ""
    yield f"select     {select.label} → {select.action} {select.pool} up to {select.most}{typed}"
    for option in select.options:
        mark = "(x)" if option.value in select.chosen else "( )"
        yield f"           {mark} {option.value}: {option.label}"


def _button(button: Button) -> str:
    typed = f" /{button.typed}" if button.typed else ""
    disabled = " disabled" if button.disabled else ""
    return f"[{button.label}] {button.action} {button.style}{typed}{disabled}"


def _form(form: FormCard) -> Iterator[str]:
    yield f"form       {form.title} → {form.action}"
    for field in form.fields:
        yield f"field      {field.name} {field.kind} {field.max_length} required={field.required}"
        yield f"           {field.label}: {field.hint}"
        for option in field.options:
            mark = "(x)" if option.value == field.value else "( )"
            yield f"           {mark} {option.value}: {option.label}"
    yield f"submit     {form.submit}"


def _under(start: str, text: str) -> Iterator[str]:
    for index, row in enumerate(text.split("\n")):
        yield f"{start if index == 0 else ' ' * len(start)}{row}"


def _cut(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[:60]} …{len(text)}… {text[-30:]}"


def _moment(at: datetime) -> str:
    return f"<{at:%Y-%m-%d %H:%M}>"
