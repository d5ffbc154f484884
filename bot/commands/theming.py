"""The commands of the list of proposed themes."""

from __future__ import annotations

from bot.cards import Answer
from bot.challenge_requests import RemoveTheme, ShowThemes, WithdrawTheme
from bot.commands.spec import (
    CHALLENGE,
    ORGANISERS,
    CommandSpec,
    Kind,
    Param,
    Values,
    given,
    number,
    text,
)
from bot.requests import Request
from bot.wording import en

_NUMBER = Param("number", Kind.NUMBER, en.PARAM_PROPOSED, required=True)


def _themes_values(request: Request) -> Values:
    assert isinstance(request, ShowThemes)
    return given(page=0 if request.page == 1 else request.page)


def _withdraw_values(request: Request) -> Values:
    assert isinstance(request, WithdrawTheme)
    return given(number=int(request.proposal))


def _remove_values(request: Request) -> Values:
    assert isinstance(request, RemoveTheme)
    return given(number=int(request.proposal), why=request.why)


THEME_COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec(
        f"{CHALLENGE} themes",
        en.HELP_CHALLENGE_THEMES,
        ("challenge themes", "challenge themes 2"),
        Answer.PRIVATE,
        (Param("page", Kind.NUMBER, en.PARAM_PAGE),),
        lambda v: ShowThemes(number(v, "page", 1)),
        _themes_values,
        ShowThemes,
    ),
    CommandSpec(
        f"{CHALLENGE} unpropose",
        en.HELP_CHALLENGE_UNPROPOSE,
        ("challenge unpropose 3",),
        Answer.PRIVATE,
        (_NUMBER,),
        lambda v: WithdrawTheme(str(number(v, "number"))),
        _withdraw_values,
        WithdrawTheme,
    ),
)

THEME_ORGANISING: tuple[CommandSpec, ...] = (
    CommandSpec(
        f"{ORGANISERS} challenge-unlist",
        en.HELP_THEME_REMOVE,
        ("muse-admin challenge-unlist 1 it names a colleague",),
        Answer.PRIVATE,
        (_NUMBER, Param("why", Kind.TEXT, en.PARAM_REASON, required=True)),
        lambda v: RemoveTheme(str(number(v, "number")), text(v, "why")),
        _remove_values,
        RemoveTheme,
    ),
)
