"""Shapes only: what Muse says, before a platform draws it.

A `Line` is a tuple of spans. `Plain` is Muse's own wording; `Literal` is a person's or a
model's text, which an adapter shows literally, whatever markup it holds. Names, moments
and commands are spans of their own because every platform draws them its own way.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.models import Image, UserRef


@dataclass(frozen=True, slots=True)
class Plain:
    """Muse's own words, from the wording catalogue."""

    text: str


@dataclass(frozen=True, slots=True)
class Literal:
    """Somebody's text, to be shown literally."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """A member, drawn by the platform without pinging them; None is one who is forgotten."""

    user: UserRef | None


@dataclass(frozen=True, slots=True)
class When:
    """A moment, drawn in the reader's own zone where the platform can."""

    at: datetime


@dataclass(frozen=True, slots=True)
class CommandRef:
    """A command as people type it; `typed` is without the slash: ``vote 2``."""

    typed: str


Span = Plain | Literal | Strong | Person | When | CommandRef
Line = tuple[Span, ...]


class Style(StrEnum):
    """How much a button asks to be pressed."""

    MAIN = "main"
    PLAIN = "plain"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. `typed` is the same wish as a command, where nothing can be pressed."""

    action: str
    label: str
    typed: str = ""
    style: Style = Style.PLAIN
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """The first line of a card."""

    line: Line


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Ordinary text."""

    line: Line


@dataclass(frozen=True, slots=True)
class Note:
    """Small print."""

    line: Line


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the platform keeps, by what `Stage.keep` returned; `alt` describes it."""

    kept: str
    alt: str


@dataclass(frozen=True, slots=True)
class Piece:
    """An entry on a card: its number, its text and who made it, with its button beside it.

    With a `picture`, the text describes it and is its alternative text.
    """

    number: int
    text: str
    byline: Line
    button: Button | None = None
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A place where an entry is still being written."""

    number: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a tally: `count` out of `of`; `mine` marks the reader's own choice."""

    label: Line
    count: int
    of: int
    value: Line
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """One row of a board: a rank (shared where tied), what it ranks, and the figure behind it."""

    rank: int
    line: Line
    value: Line
    text: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """Who came from whom: lines with their depth, 0 at the root, each below its parent."""

    rows: tuple[tuple[int, Line], ...]


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select."""

    value: str
    label: str


class Pool(StrEnum):
    """What a select offers: options of its own, or what the platform knows."""

    OPTIONS = "options"
    CHANNELS = "channels"
    ROLES = "roles"  #: where the platform has none, user groups
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Select:
    """A choice of up to `most` among `options`, or of what the platform knows.

    Choosing is the action `action` with the chosen values; `chosen` are those that stand.
    `typed` is the same wish as a command.
    """

    action: str
    label: str
    options: tuple[Option, ...] = ()
    chosen: tuple[str, ...] = ()
    most: int = 1
    pool: Pool = Pool.OPTIONS
    typed: str = ""


Block = (
    Heading | Paragraph | Note | Piece | Pending | Bar | Ranked | Tree | Picture | Buttons | Select
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text file that goes with a card, for the reader alone: its name, its kind, its text."""

    name: str
    mime: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Illustration:
    """A picture that Muse drew for a card, shown with it: `name` is its file's without ending,
    `alt` says the same in words.
    """

    name: str
    image: Image
    alt: str

    @property
    def version(self) -> str:
        """Its name with what stands for what it shows: another where that is something else."""
        return f"{self.name}-{hashlib.sha256(self.image.data).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Event:
    """Something for a platform's calendar, where it has one."""

    title: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Announcement:
    """What besides the card itself an announcement wants of its platform, as far as that can.

    `mention` is the one role (on Slack a user group) that it may ping, `pin` wants it pinned in
    place of what `unpin` names (a message's id), `thread` is the title of a thread for talk,
    `honours` are those who get the role `honour`, in place of those who had it, `honoured`.
    """

    mention: str = ""
    pin: bool = False
    unpin: str = ""
    thread: str = ""
    event: Event | None = None
    honour: str = ""
    honours: tuple[UserRef, ...] = ()
    honoured: tuple[UserRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A message. `busy` says that more is on its way; `summary` is its accessible plain text.

    Only a private answer has a `file`; only what a stage posts may `announce` something.
    """

    blocks: tuple[Block, ...]
    summary: str
    busy: bool = False
    file: Attachment | None = None
    illustration: Illustration | None = None
    announce: Announcement | None = None


class FieldKind(StrEnum):
    """How a form's field is filled in."""

    LINE = "line"
    PARAGRAPH = "paragraph"
    SELECT = "select"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form card. `max_length` is in characters; a select takes up to `most`."""

    name: str
    label: str
    kind: FieldKind = FieldKind.PARAGRAPH
    max_length: int = 1000
    required: bool = True
    value: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    most: int = 1


@dataclass(frozen=True, slots=True)
class FormCard:
    """A modal: at most five fields; sending it is the action `action`."""

    title: str
    action: str
    fields: tuple[Field, ...]
    submit: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.fields) <= 5:
            raise ValueError(f"a form card has one to five fields, not {len(self.fields)}")


class Answer(StrEnum):
    """How a command or an action is answered, known before anything is read."""

    FORM = "form"  #: opens a form card at once; never deferred
    PRIVATE = "private"  #: a message that only the member sees
    UPDATE = "update"  #: the message that held the button changes
    POST = "post"  #: a new message for everyone


@dataclass(frozen=True, slots=True)
class Reply:
    """What to show now, and how.

    With `follows`, the card lives at the command's address and the stage goes on with it: a
    platform whose answer is itself that message may draw it at once, any other only
    acknowledges. `refused` marks a card that says why nothing was done.
    """

    kind: Answer
    card: Card | FormCard
    follows: bool = False
    refused: bool = False
