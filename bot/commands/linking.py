"""The organisers' commands that join places and part them, and show the welcome again."""

from __future__ import annotations

from bot.cards import Answer
from bot.commands.spec import (
    ORGANISERS,
    CommandSpec,
    Kind,
    Param,
    Values,
    given,
    nothing,
    text,
)
from bot.community_requests import LinkSpace, ShowWelcome, UnlinkSpace
from bot.requests import Request
from bot.wording import en

SURE = "yes"


def _link_values(request: Request) -> Values:
    assert isinstance(request, LinkSpace)
    return given(code=request.code, sure=SURE if request.sure else "")


def _unlink_values(request: Request) -> Values:
    assert isinstance(request, UnlinkSpace)
    return given(place=request.space)


LINKING_COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec(
        f"{ORGANISERS} link",
        en.HELP_LINK,
        ("muse-admin link", "muse-admin link BCDFG-HJKMN"),
        Answer.PRIVATE,
        (
            Param("code", Kind.CODE, en.PARAM_CODE),
            Param("sure", Kind.CHOICE, en.PARAM_SURE_LINK, choices=(SURE,)),
        ),
        lambda v: LinkSpace(text(v, "code"), text(v, "sure") == SURE),
        _link_values,
        LinkSpace,
    ),
    CommandSpec(
        f"{ORGANISERS} unlink",
        en.HELP_UNLINK,
        ("muse-admin unlink", "muse-admin unlink discord:1234567890"),
        Answer.PRIVATE,
        (Param("place", Kind.CODE, en.PARAM_PLACE),),
        lambda v: UnlinkSpace(text(v, "place")),
        _unlink_values,
        UnlinkSpace,
    ),
    CommandSpec(
        f"{ORGANISERS} welcome",
        en.HELP_WELCOME,
        ("muse-admin welcome",),
        Answer.PRIVATE,
        (),
        lambda _: ShowWelcome(),
        nothing,
        ShowWelcome,
    ),
)
