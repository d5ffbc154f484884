"""What a command is: its name, its arguments, how it is answered, and what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.cards import Answer
from bot.models import Facet
from bot.requests import Request
from bot.wording import en
from bot.writing.forms import FORMS

FACETS = tuple(facet.value for facet in Facet)
FORM_NAMES = tuple(form.name for form in FORMS)
ORGANISERS = "muse-admin"  #: the group of the organisers' commands, which members don't see
CHALLENGE = "challenge"  #: the group of what members do in the weekly challenge

Value = str | int | bool | tuple[int, ...] | tuple[str, ...]
Values = Mapping[str, Value]


class Kind(StrEnum):
    """What an argument holds."""

    TEXT = "text"  #: the rest of what is typed
    NAME = "name"  #: a short text, up to a colon where another text follows
    NUMBER = "number"  #: one entry or page
    NUMBERS = "numbers"  #: entries
    CHOICE = "choice"  #: one of a few words
    CHOICES = "choices"  #: any of a few words
    WORDS = "words"  #: words or phrases, with commas between them
    CODE = "code"  #: one word as Muse gave it: a code, a place
    PERSON = "person"  #: somebody, as the platform names them
    SWITCH = "switch"  #: on where it is named at all


@dataclass(frozen=True, slots=True)
class Param:
    """One argument. With `flag` it is typed ``--name value``, else by its place.

    `also` are other words for a choice, understood but never shown.
    """

    name: str
    kind: Kind
    line: str
    required: bool = False
    flag: bool = False
    choices: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)

    def choice(self, word: str) -> str:
        """The choice that `word` names, or nothing."""
        word = self.also.get(word, word)
        return word if word in self.choices else ""


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One command: how it reads in help, what it takes, how it is answered, what it asks for.

    `name` is one word, or two where it belongs to a group. `build` makes the request of the
    values given; `values` is its inverse. What `by_button` says has a button wherever there is
    something to press, and needs no command of a platform's own there. With `pane` its card is
    best shown in a window of its own, where the platform has such a thing, as with `ActionSpec`.
    """

    name: str
    line: str
    examples: tuple[str, ...]
    answer: Answer
    params: tuple[Param, ...]
    build: Callable[[Values], Request]
    values: Callable[[Request], Values]
    request: type[Request]
    by_button: bool = False
    pane: bool = False

    @property
    def group(self) -> str:
        """The group that it belongs to; '' where to none."""
        head, _, tail = self.name.partition(" ")
        return head if tail else ""

    @property
    def help_name(self) -> str:
        """The one word that help knows it by."""
        if self.for_organisers:
            return self.name.partition(" ")[2]
        return self.name.replace(" ", "-")

    @property
    def for_organisers(self) -> bool:
        """Whether only organisers may use it."""
        return self.name.startswith(f"{ORGANISERS} ")

    def param(self, name: str) -> Param:
        """The argument of that name."""
        return next(param for param in self.params if param.name == name)


def text(values: Values, name: str, default: str = "") -> str:
    """A text among the values."""
    return str(values.get(name, default))


def number(values: Values, name: str, default: int = 0) -> int:
    """A number among the values."""
    value = values.get(name, default)
    return value if isinstance(value, int) else default


def numbers(values: Values, name: str) -> tuple[int, ...]:
    """Several numbers among the values."""
    value = values.get(name, ())
    return tuple(int(each) for each in value) if isinstance(value, tuple) else ()


def several(values: Values, name: str) -> tuple[str, ...]:
    """Several texts among the values."""
    value = values.get(name, ())
    return tuple(str(each) for each in value) if isinstance(value, tuple) else ()


def given(**values: Value) -> Values:
    """Only the values that say something, so that a format shows no defaults."""
    return {name: value for name, value in values.items() if value not in ("", 0, (), False)}


def nothing(_: Request) -> Values:
    """The values of a request that has none."""
    return {}


#: Arguments that several commands take.
FORM = Param("form", Kind.CHOICE, en.PARAM_FORM, flag=True, choices=FORM_NAMES)
WITHOUT = Param("without", Kind.WORDS, en.PARAM_WITHOUT, flag=True)
BOLD = Param("bold", Kind.SWITCH, en.PARAM_BOLD, flag=True)
