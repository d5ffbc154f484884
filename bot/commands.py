"""The registry: every command once, with its arguments and how it is answered.

The text grammar (`bot.grammar`), the help, the terminal's completion and the platforms'
native commands are made from `COMMANDS`. A command builds its request from named values,
however they were typed or picked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.cards import Answer
from bot.models import Facet
from bot.requests import (
    Add,
    Again,
    Ask,
    Close,
    Help,
    Request,
    Show,
    Top,
    Unvote,
    Vote,
    Withdraw,
)
from bot.wording import en
from bot.writing.forms import FORMS

BOARDS = ("entries", "people", "lenses")
BOARD_WORDS = tuple(en.LABELS[board] for board in BOARDS)  #: as people read and type them
PERIODS = ("week", "month", "all")
FACETS = tuple(facet.value for facet in Facet)
FORM_NAMES = tuple(form.name for form in FORMS)
NAMES = (
    "muse",
    "vote",
    "unvote",
    "add",
    "remix",
    "again",
    "show",
    "close",
    "withdraw",
    "top",
    "help",
)

Value = str | int | tuple[int, ...] | tuple[str, ...]
Values = Mapping[str, Value]


class Kind(StrEnum):
    """What an argument holds."""

    TEXT = "text"  #: the rest of what is typed
    NUMBER = "number"  #: one entry or page
    NUMBERS = "numbers"  #: entries
    CHOICE = "choice"  #: one of a few words
    CHOICES = "choices"  #: any of a few words


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

    `build` makes the request of the values given; `values` is its inverse.
    """

    name: str
    line: str
    examples: tuple[str, ...]
    answer: Answer
    params: tuple[Param, ...]
    build: Callable[[Values], Request]
    values: Callable[[Request], Values]
    request: type[Request]

    def param(self, name: str) -> Param:
        """The argument of that name."""
        return next(param for param in self.params if param.name == name)


def _text(values: Values, name: str, default: str = "") -> str:
    return str(values.get(name, default))


def _number(values: Values, name: str, default: int = 0) -> int:
    value = values.get(name, default)
    return value if isinstance(value, int) else default


def _numbers(values: Values, name: str) -> tuple[int, ...]:
    value = values.get(name, ())
    return tuple(int(v) for v in value) if isinstance(value, tuple) else ()


def _facets(values: Values) -> tuple[Facet, ...]:
    value = values.get("why", ())
    return tuple(Facet(str(v)) for v in value) if isinstance(value, tuple) else ()


def _given(**values: Value) -> Values:
    """Only the values that say something, so that a format shows no defaults."""
    return {name: value for name, value in values.items() if value not in ("", 0, ())}


_WORD_OF = dict(zip(BOARDS, BOARD_WORDS, strict=True))
_BOARD_OF = dict(zip(BOARD_WORDS, BOARDS, strict=True))


def _vote_values(request: Request) -> Values:
    assert isinstance(request, Vote | Unvote)
    return _given(pieces=request.entries, why=tuple(f.value for f in request.facets))


def _ask_values(request: Request) -> Values:
    assert isinstance(request, Ask)
    form = "" if request.form == "free" else request.form
    return _given(prompt=request.prompt, form=form)


def _again_values(request: Request) -> Values:
    assert isinstance(request, Again)
    return _given(form=request.form)


def _add_values(request: Request) -> Values:
    assert isinstance(request, Add)
    return _given(piece=request.parent, text=request.text)


def _withdraw_values(request: Request) -> Values:
    assert isinstance(request, Withdraw)
    return _given(piece=request.entry)


def _top_values(request: Request) -> Values:
    assert isinstance(request, Top)
    page = 0 if request.page == 1 else request.page
    return _given(board=en.LABELS[request.board], period=request.period, page=page)


def _help_values(request: Request) -> Values:
    assert isinstance(request, Help)
    return _given(command=request.command)


def _nothing(_: Request) -> Values:
    return {}


_PIECES = Param("pieces", Kind.NUMBERS, en.PARAM_PIECES, required=True)
_WHY = Param("why", Kind.CHOICES, en.PARAM_WHY, choices=FACETS)
_FORM = Param("form", Kind.CHOICE, en.PARAM_FORM, flag=True, choices=FORM_NAMES)
_OWN = Param("text", Kind.TEXT, en.PARAM_OWN, required=True)

MUSE = CommandSpec(
    "muse",
    en.HELP_MUSE,
    ("a lighthouse afraid of the dark", "the last bookshop on Mars --form haiku"),
    Answer.POST,
    (Param("prompt", Kind.TEXT, en.PARAM_PROMPT, required=True), _FORM),
    lambda v: Ask(_text(v, "prompt"), _text(v, "form", "free")),
    _ask_values,
    Ask,
)

COMMANDS: tuple[CommandSpec, ...] = (
    MUSE,
    CommandSpec(
        "vote",
        en.HELP_VOTE,
        ("vote 2", "vote 1 3", "vote 2 moved"),
        Answer.PRIVATE,
        (_PIECES, _WHY),
        lambda v: Vote(_numbers(v, "pieces"), _facets(v)),
        _vote_values,
        Vote,
    ),
    CommandSpec(
        "unvote",
        en.HELP_UNVOTE,
        ("unvote 2", "unvote 2 deep"),
        Answer.PRIVATE,
        (_PIECES, _WHY),
        lambda v: Unvote(_numbers(v, "pieces"), _facets(v)),
        _vote_values,
        Unvote,
    ),
    CommandSpec(
        "add",
        en.HELP_ADD,
        ("add The keeper sings to it until the ships come home.",),
        Answer.PRIVATE,
        (_OWN,),
        lambda v: Add(_text(v, "text")),
        _add_values,
        Add,
    ),
    CommandSpec(
        "remix",
        en.HELP_REMIX,
        ("remix 2 The same night, told by the moth.",),
        Answer.PRIVATE,
        (Param("piece", Kind.NUMBER, en.PARAM_PARENT, required=True), _OWN),
        lambda v: Add(_text(v, "text"), _number(v, "piece")),
        _add_values,
        Add,
    ),
    CommandSpec(
        "again",
        en.HELP_AGAIN,
        ("again", "again --form haiku"),
        Answer.POST,
        (_FORM,),
        lambda v: Again(None, _text(v, "form")),
        _again_values,
        Again,
    ),
    CommandSpec(
        "show",
        en.HELP_SHOW,
        ("show",),
        Answer.PRIVATE,
        (),
        lambda _: Show(),
        _nothing,
        Show,
    ),
    CommandSpec(
        "close",
        en.HELP_CLOSE,
        ("close",),
        Answer.PRIVATE,
        (),
        lambda _: Close(),
        _nothing,
        Close,
    ),
    CommandSpec(
        "withdraw",
        en.HELP_WITHDRAW,
        ("withdraw 5", "withdraw"),
        Answer.PRIVATE,
        (Param("piece", Kind.NUMBER, en.PARAM_WITHDRAW),),
        lambda v: Withdraw(_number(v, "piece")),
        _withdraw_values,
        Withdraw,
    ),
    CommandSpec(
        "top",
        en.HELP_TOP,
        ("top", "top people week", "top angles all", "top pieces month 2"),
        Answer.PRIVATE,
        (
            Param("board", Kind.CHOICE, en.PARAM_BOARD, choices=BOARD_WORDS, also=_WORD_OF),
            Param("period", Kind.CHOICE, en.PARAM_PERIOD, choices=PERIODS),
            Param("page", Kind.NUMBER, en.PARAM_PAGE),
        ),
        lambda v: Top(
            _BOARD_OF[_text(v, "board", BOARD_WORDS[0])],
            _text(v, "period", "week"),
            _number(v, "page", 1),
        ),
        _top_values,
        Top,
    ),
    CommandSpec(
        "help",
        en.HELP_HELP,
        ("help", "help vote"),
        Answer.PRIVATE,
        (Param("command", Kind.CHOICE, en.PARAM_COMMAND, choices=NAMES),),
        lambda v: Help(_text(v, "command")),
        _help_values,
        Help,
    ),
)

BY_NAME: dict[str, CommandSpec] = {spec.name: spec for spec in COMMANDS}


def spec_of(request: Request) -> CommandSpec:
    """The command that a request is typed as. Raises KeyError for a button's own request."""
    if isinstance(request, Add):
        return BY_NAME["remix" if request.parent else "add"]
    for spec in COMMANDS:
        if spec.request is type(request):
            return spec
    raise KeyError(type(request).__name__)
