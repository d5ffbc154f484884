"""The commands that keep a community safe: a member's report, and the organisers' decisions."""

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
    number,
    text,
)
from bot.community_requests import (
    DeleteRound,
    Disqualify,
    HideEntry,
    KeepEntry,
    Report,
    RestoreEntry,
    SetWord,
    ShowReports,
    ShowWords,
)
from bot.requests import Request
from bot.wording import en

_PIECE = Param("piece", Kind.NUMBER, en.PARAM_REPORTED, required=True)
_WHY = Param("why", Kind.TEXT, en.PARAM_REASON)
_WORD = Param("word", Kind.TEXT, en.PARAM_WORD, required=True)


def _piece_values(request: Request) -> Values:
    assert isinstance(request, Report | KeepEntry | HideEntry | RestoreEntry | Disqualify)
    return given(piece=request.piece, why=getattr(request, "why", ""))


def _why_values(request: Request) -> Values:
    assert isinstance(request, DeleteRound)
    return given(why=request.why, yes=request.sure)


def _word_values(request: Request) -> Values:
    assert isinstance(request, SetWord)
    return given(word=request.word)


def _page_values(request: Request) -> Values:
    assert isinstance(request, ShowReports)
    return given(page=0 if request.page == 1 else request.page)


REPORT = CommandSpec(
    "report",
    en.HELP_REPORT,
    ("report 3", "report 3 it names my neighbour"),
    Answer.PRIVATE,
    (_PIECE, Param("why", Kind.TEXT, en.PARAM_WHY_REPORT)),
    lambda v: Report(number(v, "piece"), text(v, "why")),
    _piece_values,
    Report,
)

GUARDING_COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec(
        f"{ORGANISERS} words",
        en.HELP_WORDS,
        ("muse-admin words",),
        Answer.PRIVATE,
        (),
        lambda _: ShowWords(),
        nothing,
        ShowWords,
    ),
    CommandSpec(
        f"{ORGANISERS} word-add",
        en.HELP_WORD_ADD,
        ("muse-admin word-add grackle",),
        Answer.PRIVATE,
        (_WORD,),
        lambda v: SetWord(text(v, "word")),
        _word_values,
        SetWord,
    ),
    CommandSpec(
        f"{ORGANISERS} word-remove",
        en.HELP_WORD_REMOVE,
        ("muse-admin word-remove grackle",),
        Answer.PRIVATE,
        (_WORD,),
        lambda v: SetWord(text(v, "word"), on=False),
        _word_values,
        SetWord,
    ),
    CommandSpec(
        f"{ORGANISERS} reports",
        en.HELP_REPORTS,
        ("muse-admin reports", "muse-admin reports 2"),
        Answer.PRIVATE,
        (Param("page", Kind.NUMBER, en.PARAM_PAGE),),
        lambda v: ShowReports(number(v, "page", 1)),
        _page_values,
        ShowReports,
    ),
    CommandSpec(
        f"{ORGANISERS} keep",
        en.HELP_KEEP,
        ("muse-admin keep 3",),
        Answer.PRIVATE,
        (_PIECE,),
        lambda v: KeepEntry(number(v, "piece")),
        _piece_values,
        KeepEntry,
    ),
    CommandSpec(
        f"{ORGANISERS} hide",
        en.HELP_HIDE,
        ("muse-admin hide 3", "muse-admin hide 3 it names a neighbour"),
        Answer.PRIVATE,
        (_PIECE, _WHY),
        lambda v: HideEntry(number(v, "piece"), text(v, "why")),
        _piece_values,
        HideEntry,
    ),
    CommandSpec(
        f"{ORGANISERS} restore",
        en.HELP_RESTORE,
        ("muse-admin restore 3",),
        Answer.PRIVATE,
        (_PIECE,),
        lambda v: RestoreEntry(number(v, "piece")),
        _piece_values,
        RestoreEntry,
    ),
    CommandSpec(
        f"{ORGANISERS} disqualify",
        en.HELP_DISQUALIFY,
        ("muse-admin disqualify 3 it was copied from a song",),
        Answer.PRIVATE,
        (_PIECE, Param("why", Kind.TEXT, en.PARAM_WHY_TOLD, required=True)),
        lambda v: Disqualify(number(v, "piece"), text(v, "why")),
        _piece_values,
        Disqualify,
    ),
    CommandSpec(
        f"{ORGANISERS} delete-round",
        en.HELP_DELETE_ROUND,
        ("muse-admin delete-round it was aimed at a colleague",),
        Answer.PRIVATE,
        (
            Param("why", Kind.TEXT, en.PARAM_REASON, required=True),
            Param("yes", Kind.SWITCH, en.PARAM_SURE_REMOVE, flag=True),
        ),
        lambda v: DeleteRound(text(v, "why"), sure=bool(v.get("yes"))),
        _why_values,
        DeleteRound,
    ),
)
