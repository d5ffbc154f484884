"""The registry: every command once, with its arguments and how it is answered.

The text grammar (`bot.grammar`), the help, the terminal's completion and the platforms'
native commands are made from `COMMANDS`. A command builds its request from named values,
however they were typed or picked.
"""

from __future__ import annotations

from bot.cards import Answer
from bot.commands.challenge_running import CHALLENGE_ORGANISING
from bot.commands.challenging import CHALLENGE_COMMANDS
from bot.commands.governing import GOVERNING_COMMANDS
from bot.commands.guarding import GUARDING_COMMANDS, REPORT
from bot.commands.linking import LINKING_COMMANDS
from bot.commands.organising import ORGANISING_COMMANDS
from bot.commands.own import OWN_COMMANDS
from bot.commands.rounds import MUSE, ROUND_COMMANDS
from bot.commands.spec import (
    CHALLENGE,
    FACETS,
    FORM_NAMES,
    ORGANISERS,
    CommandSpec,
    Kind,
    Param,
    Value,
    Values,
    given,
    number,
    text,
)
from bot.commands.theming import THEME_COMMANDS, THEME_ORGANISING
from bot.community_requests import LinkMember, UnlinkMember
from bot.requests import Help, Request, Top
from bot.wording import en

__all__ = [
    "BOARDS",
    "BOARD_WORDS",
    "BY_HELP",
    "BY_NAME",
    "CHALLENGE",
    "COMMANDS",
    "DEFAULTS",
    "FACETS",
    "FORM_NAMES",
    "GROUPS",
    "MUSE",
    "NAMES",
    "ORGANISERS",
    "PERIODS",
    "CommandSpec",
    "Kind",
    "Param",
    "Value",
    "Values",
    "members_of",
    "spec_of",
]

BOARDS = ("entries", "people", "lenses")
BOARD_WORDS = tuple(en.LABELS[board] for board in BOARDS)  #: as people read and type them
PERIODS = ("week", "month", "all")
_WORD_OF = dict(zip(BOARDS, BOARD_WORDS, strict=True))
_BOARD_OF = dict(zip(BOARD_WORDS, BOARDS, strict=True))


def _top_values(request: Request) -> Values:
    assert isinstance(request, Top)
    page = 0 if request.page == 1 else request.page
    return given(board=en.LABELS[request.board], period=request.period, page=page)


def _help_values(request: Request) -> Values:
    assert isinstance(request, Help)
    return given(command=request.command)


_TOP = CommandSpec(
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
        _BOARD_OF[text(v, "board", BOARD_WORDS[0])],
        text(v, "period", "week"),
        number(v, "page", 1),
    ),
    _top_values,
    Top,
)
_OTHERS = (*ROUND_COMMANDS, _TOP, *OWN_COMMANDS, REPORT)
_GROUPED = (
    *CHALLENGE_COMMANDS,
    *THEME_COMMANDS,
    *GOVERNING_COMMANDS,
    *GUARDING_COMMANDS,
    *ORGANISING_COMMANDS,
    *LINKING_COMMANDS,
    *CHALLENGE_ORGANISING,
    *THEME_ORGANISING,
)
NAMES = (
    *(spec.name for spec in _OTHERS),
    *("help", CHALLENGE, ORGANISERS),
    *(spec.help_name for spec in _GROUPED),
)
_HELP = CommandSpec(
    "help",
    en.HELP_HELP,
    ("help", "help vote"),
    Answer.PRIVATE,
    (Param("command", Kind.CHOICE, en.PARAM_COMMAND, choices=NAMES),),
    lambda v: Help(text(v, "command")),
    _help_values,
    Help,
)

COMMANDS: tuple[CommandSpec, ...] = (*_OTHERS, _HELP, *_GROUPED)
BY_NAME: dict[str, CommandSpec] = {spec.name: spec for spec in COMMANDS}
BY_HELP: dict[str, CommandSpec] = {spec.help_name: spec for spec in COMMANDS}
GROUPS = {ORGANISERS: ORGANISERS, "admin": ORGANISERS, CHALLENGE: CHALLENGE}
"""First words that take a second one, and the group each stands for."""
DEFAULTS = {CHALLENGE: f"{CHALLENGE} status"}
"""What a group's first word means where no second one follows."""


def members_of(group: str) -> tuple[CommandSpec, ...]:
    """The commands of a group."""
    return tuple(spec for spec in COMMANDS if spec.name.startswith(f"{group} "))


_BY_REQUEST: dict[type[Request], list[CommandSpec]] = {}
for _spec in COMMANDS:
    _BY_REQUEST.setdefault(_spec.request, []).append(_spec)
_BY_REQUEST[LinkMember] = _BY_REQUEST[UnlinkMember] = [BY_NAME["mine"]]


def spec_of(request: Request) -> CommandSpec:
    """The command that a request is typed as. Raises KeyError for a button's own request."""
    first, *others = _BY_REQUEST[type(request)]
    # Of several that make one kind of request, it is the one that would make this one.
    found = (spec for spec in (first, *others) if spec.build(spec.values(request)) == request)
    return next(found, first) if others else first
