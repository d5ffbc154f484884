"""The command for what is one's own."""

from __future__ import annotations

import re

from bot.cards import Answer
from bot.commands.spec import CommandSpec, Kind, Param, Values, given, number, text
from bot.community_requests import LinkMember, Mine, UnlinkMember
from bot.requests import Request
from bot.wording import en

EXPORT, FORGET, SURE = "export", "forget", "yes"
LINK, UNLINK = "link", "unlink"
#: What a code looks like, however it was typed; any other word is none.
_CODE = re.compile(r"[b-df-hj-km-np-tv-z]{5}\W?[b-df-hj-km-np-tv-z]{5}", re.IGNORECASE)


def _request(values: Values) -> Request:
    what, code = text(values, "what"), text(values, "code")
    if what == LINK or (not what and _CODE.fullmatch(code)):
        return LinkMember(code)
    if what == UNLINK:
        return UnlinkMember()
    return Mine(what or code, number(values, "page", 1), text(values, "sure") == SURE)


def _values(request: Request) -> Values:
    if isinstance(request, LinkMember):
        return given(what=LINK, code=request.code)
    if isinstance(request, UnlinkMember):
        return given(what=UNLINK)
    assert isinstance(request, Mine)
    return given(
        what=request.what,
        sure=SURE if request.sure else "",
        page=0 if request.page == 1 else request.page,
    )


OWN_COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec(
        "mine",
        en.HELP_MINE,
        ("mine", "mine 2", "mine export", "mine forget", "mine link BCDFG-HJKMN", "mine unlink"),
        Answer.PRIVATE,
        (
            Param("what", Kind.CHOICE, en.PARAM_MINE, choices=(EXPORT, FORGET, LINK, UNLINK)),
            Param("code", Kind.CODE, en.PARAM_CODE),
            Param("sure", Kind.CHOICE, en.PARAM_SURE, choices=(SURE,)),
            Param("page", Kind.NUMBER, en.PARAM_PAGE),
        ),
        _request,
        _values,
        Mine,
    ),
)
