"""A card as the parts of a Discord message, before they are fitted into one. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from adapters.discord import limits, words
from adapters.discord.text import Writing, literal, one_line, shortened, shortened_literal
from bot.cards import (
    Bar,
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Illustration,
    Literal,
    Note,
    Paragraph,
    Pending,
    Picture,
    Piece,
    Ranked,
    Select,
    Tree,
)

BAR_WIDTH = 10
LONG_HEADING = 150  # characters; a longer one would fill the screen as a heading
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_INDENT = "\N{EM SPACE}"


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text, already markdown: one text display."""

    lines: tuple[str, ...]

    @property
    def length(self) -> int:
        """In characters, as Discord counts them."""
        return sum(map(len, self.lines)) + max(0, len(self.lines) - 1)

    @property
    def components(self) -> int:
        """How many components it is drawn with."""
        return 1


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: its text as markdown with its number before and its byline below."""

    number: int
    source: str = field(repr=False)
    byline: str
    button: Button | None = None
    picture: Picture | None = None
    room: int = 0  #: characters the text may have, where not all of it fits

    @property
    def text(self) -> str:
        """The markdown."""
        body = shortened_literal(self.source, self.room) if self.room else literal(self.source)
        return f"{self.head}{body or words.NOTHING}{self.foot}"

    @property
    def head(self) -> str:
        """What stands before the text."""
        return f"**{self.number}** "

    @property
    def foot(self) -> str:
        """What stands below the text."""
        return f"\n-# {self.byline}" if self.byline else ""

    @property
    def around(self) -> int:
        """The length of all but the text itself."""
        return len(self.head) + len(self.foot)

    @property
    def length(self) -> int:
        """In characters, as Discord counts them."""
        return len(self.text)

    @property
    def components(self) -> int:
        """How many components it is drawn with."""
        return (limits.SECTION_COMPONENTS if self.button else 1) + (self.picture is not None)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line between entries and what stands around them. It goes first where room is short."""

    length = 0
    components = 1


@dataclass(frozen=True, slots=True)
class Media:
    """A picture on its own."""

    picture: Picture

    length = 0
    components = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that comes with the message, by the name of its file."""

    name: str
    alt: str

    length = 0
    components = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of buttons."""

    buttons: tuple[Button, ...]

    length = 0

    @property
    def components(self) -> int:
        """How many components it is drawn with."""
        return limits.ROW_COMPONENTS + len(self.buttons)


@dataclass(frozen=True, slots=True)
class Choice:
    """A select in a row of its own."""

    select: Select

    length = 0
    components = limits.ROW_COMPONENTS + 1


@dataclass(frozen=True, slots=True)
class Document:
    """A text file that goes with the message."""

    name: str

    length = 0
    components = 1


Part = Words | Entry | Rule | Media | Shown | Row | Choice | Document


def parts(card: Card, writing: Writing) -> list[Part]:
    """The parts of a card, whole, neighbouring texts joined."""
    joined: list[Part] = []
    for part in _parts(card.blocks, writing):
        if isinstance(part, Words) and joined and isinstance(joined[-1], Words):
            joined[-1] = Words(joined[-1].lines + part.lines)
        else:
            joined.append(part)
    if not joined:
        joined.append(Words((one_line(card.summary) or words.NOTHING,)))
    if card.illustration is not None:
        shown = Shown(file_name(card.illustration), _short(card.illustration.alt))
        at = (i for i, part in enumerate(joined) if isinstance(part, Row | Choice))
        joined.insert(next(at, len(joined)), shown)
    return _ruled(joined)


def _ruled(made: list[Part]) -> list[Part]:
    """The parts with a rule before the first of their entries and behind the last."""
    entries = [at for at, part in enumerate(made) if isinstance(part, Entry)]
    if not entries:
        return made
    first, last = entries[0], entries[-1] + 1
    before = [*made[:first], Rule()] if first else []
    behind = [Rule(), *made[last:]] if last < len(made) else []
    return [*before, *made[first:last], *behind]


def in_words(card: Card) -> Card:
    """A card with its illustration said in words, where no picture may be shown."""
    if card.illustration is None:
        return card
    said = Note((Literal(card.illustration.alt),))
    return replace(card, blocks=(*card.blocks, said), illustration=None)


def file_name(illustration: Illustration) -> str:
    """What the file of an illustration is called: another where it shows something else."""
    return f"{illustration.version}.{ENDINGS.get(illustration.image.mime, 'png')}"


def _parts(blocks: Sequence[Block], writing: Writing) -> Iterator[Part]:
    for block in blocks:
        match block:
            case Piece():
                byline = writing.line(block.byline)
                picture = block.picture if block.picture and _kept_here(block.picture) else None
                yield Entry(block.number, block.text, byline, block.button, picture)
            case Picture():
                yield Media(block) if _kept_here(block) else Words((one_line(block.alt),))
            case Buttons(buttons):
                for start in range(0, len(buttons), limits.ROW_BUTTONS):
                    yield Row(buttons[start : start + limits.ROW_BUTTONS])
            case Select():
                yield from _choices(block, writing)
            case _:
                lines = tuple(_lines(block, writing))
                if any(line.strip() for line in lines):
                    yield Words(lines)


def _lines(block: Block, writing: Writing) -> Iterator[str]:
    match block:
        case Heading(line):
            text = writing.line(line)
            yield f"### {text}" if len(text) <= LONG_HEADING else text
        case Paragraph(line):
            yield from writing.line(line, flat=False).split("\n")
        case Note(line):
            yield from (f"-# {row}" for row in writing.line(line).split("\n") if row.strip())
        case Pending(number):
            yield words.PENDING.format(number=f"**{number}**")
        case Bar():
            yield _bar(block, writing)
        case Ranked():
            yield from _ranked(block, writing)
        case Tree(rows):
            for depth, line in rows:
                branch = f"{_INDENT * (depth - 1)}└ " if depth else ""
                yield branch + writing.line(line)


def _bar(bar: Bar, writing: Writing) -> str:
    filled = round(BAR_WIDTH * bar.count / bar.of) if bar.of else 0
    drawn = "▰" * filled + "▱" * (BAR_WIDTH - filled)
    mine = f" {words.MINE}" if bar.mine else ""
    return f"**{writing.line(bar.label)}** {drawn} {writing.line(bar.value)}{mine}"


def _ranked(row: Ranked, writing: Writing) -> Iterator[str]:
    value = writing.line(row.value)
    if not row.text:
        yield f"**{row.rank}.** {writing.line(row.line)} · {value}"
        return
    yield f"**{row.rank}.** {writing.line(row.line)}"
    yield from literal(row.text).split("\n")
    yield f"-# {value}"


def _choices(select: Select, writing: Writing) -> Iterator[Part]:
    """A select under its label. One with more options than Discord bears is told in words."""
    yield Words((f"**{one_line(select.label)}**",))
    if len(select.options) > limits.SELECT_OPTIONS:
        yield Words(tuple(one_line(option.label) for option in select.options))
        if select.typed:
            yield Words((writing.command(select.typed),))
        return
    yield Choice(select)


def alt(picture: Picture) -> str:
    """A picture's description, within what Discord bears."""
    return _short(picture.alt)


def _short(description: str) -> str:
    return shortened(" ".join(description.split()) or words.PICTURE, limits.ALT_TEXT)


def picture_url(kept: str, message: str) -> str:
    """Where a kept picture is: in its own message its attachment, elsewhere on Discord's servers.

    `kept` is what `DiscordStage.keep` returned: channel, message, attachment and file name.
    https://docs.discord.com/developers/reference#cdn-formatting
    """
    channel, of, ident, name = kept.split("/")
    if of == message:
        return f"attachment://{name}"
    return f"https://cdn.discordapp.com/attachments/{channel}/{ident}/{name}"


def _kept_here(picture: Picture) -> bool:
    """Whether Discord keeps a picture: one of a joined space elsewhere is told in words."""
    ids = picture.kept.split("/")
    return len(ids) == 4 and all(ident.isdecimal() for ident in ids[:3])
