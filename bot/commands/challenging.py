"""The commands of the weekly challenge: what members do in it."""

from __future__ import annotations

from bot.cards import Answer
from bot.challenge import Declared, Side
from bot.challenge_requests import (
    Enter,
    ExportResults,
    GuessMaker,
    MorePicks,
    NominateTheme,
    OpenBallot,
    Pick,
    PraiseContender,
    ProposeTheme,
    Remind,
    ReportContender,
    ShowChallenge,
    ShowOwnResult,
    ShowPodiums,
    ShowResults,
    ShowVerdict,
    TakeBackEntry,
    Unpick,
    VoteTheme,
)
from bot.commands.spec import (
    CHALLENGE,
    FACETS,
    CommandSpec,
    Kind,
    Param,
    Values,
    given,
    nothing,
    number,
    text,
)
from bot.models import Facet, Origin
from bot.requests import Request
from bot.wording import en

ON, OFF = "on", "off"
FILES = ("html", "csv", "jsonl", "commitments")
SIDES = tuple(side.value for side in Side)
_OFF = Param("off", Kind.SWITCH, en.PARAM_OFF, flag=True)
_PAIR = Param("pair", Kind.NUMBER, en.PARAM_PAIR)
_GUESSED = (*(Origin.HUMAN, Origin.AI, Origin.TOGETHER), None)
_ORIGIN_OF = dict(zip(en.GUESS_WORDS, _GUESSED, strict=True))
_WORD_OF = {origin: word for word, origin in _ORIGIN_OF.items()}


def _enter_values(request: Request) -> Values:
    assert isinstance(request, Enter)
    how = "" if request.declared is Declared.MINE else request.declared.value
    return given(text=request.text, how=how)


def _remind_values(request: Request) -> Values:
    assert isinstance(request, Remind)
    return given(when="" if request.on else OFF)


def _theme_values(request: Request) -> Values:
    assert isinstance(request, ProposeTheme | NominateTheme)
    return given(theme=request.theme)


def _upvote_values(request: Request) -> Values:
    assert isinstance(request, VoteTheme)
    return given(number=int(request.proposal), off=not request.on)


def _pick_values(request: Request) -> Values:
    assert isinstance(request, Pick)
    return given(side=request.side.value, pair=request.number)


def _unpick_values(request: Request) -> Values:
    assert isinstance(request, Unpick)
    return given(pair=request.number)


def _flag_values(request: Request) -> Values:
    assert isinstance(request, ReportContender)
    return given(side=request.side.value if request.side else "", why=request.why)


def _guess_values(request: Request) -> Values:
    assert isinstance(request, GuessMaker)
    return given(maker=_WORD_OF[request.origin], number=request.number)


def _praise_values(request: Request) -> Values:
    assert isinstance(request, PraiseContender)
    return given(what=request.facet.value, number=request.number)


def _page_values(request: Request) -> Values:
    assert isinstance(request, ShowResults | ShowPodiums)
    return given(page=0 if request.page == 1 else request.page)


def _export_values(request: Request) -> Values:
    assert isinstance(request, ExportResults)
    return given(kind="" if request.kind == FILES[0] else request.kind)


CHALLENGE_COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec(
        f"{CHALLENGE} status",
        en.HELP_CHALLENGE,
        ("challenge status",),
        Answer.PRIVATE,
        (),
        lambda _: ShowChallenge(),
        nothing,
        ShowChallenge,
    ),
    CommandSpec(
        f"{CHALLENGE} enter",
        en.HELP_CHALLENGE_ENTER,
        (
            "challenge enter",
            "challenge enter The last bus knows us all by our coughs.",
            "challenge enter --how helped The moon keeps the receipts.",
        ),
        Answer.PRIVATE,
        (
            Param("text", Kind.TEXT, en.PARAM_ENTRY),
            Param(
                "how",
                Kind.CHOICE,
                en.PARAM_HOW,
                flag=True,
                choices=tuple(each.value for each in Declared),
            ),
        ),
        lambda v: Enter(text(v, "text"), Declared(text(v, "how", Declared.MINE))),
        _enter_values,
        Enter,
    ),
    CommandSpec(
        f"{CHALLENGE} takeback",
        en.HELP_CHALLENGE_TAKEBACK,
        ("challenge takeback",),
        Answer.PRIVATE,
        (),
        lambda _: TakeBackEntry(),
        nothing,
        TakeBackEntry,
        by_button=True,
    ),
    CommandSpec(
        f"{CHALLENGE} remind",
        en.HELP_CHALLENGE_REMIND,
        ("challenge remind", "challenge remind off"),
        Answer.PRIVATE,
        (Param("when", Kind.CHOICE, en.PARAM_REMIND, choices=(ON, OFF)),),
        lambda v: Remind(on=text(v, "when") != OFF),
        _remind_values,
        Remind,
    ),
    CommandSpec(
        f"{CHALLENGE} propose",
        en.HELP_CHALLENGE_PROPOSE,
        ("challenge propose what the lift hears at night", "challenge propose"),
        Answer.PRIVATE,
        (Param("theme", Kind.TEXT, en.PARAM_PROPOSAL),),
        lambda v: ProposeTheme(text(v, "theme")),
        _theme_values,
        ProposeTheme,
    ),
    CommandSpec(
        f"{CHALLENGE} upvote",
        en.HELP_CHALLENGE_UPVOTE,
        ("challenge upvote 3", "challenge upvote 3 --off"),
        Answer.PRIVATE,
        (Param("number", Kind.NUMBER, en.PARAM_PROPOSED, required=True), _OFF),
        lambda v: VoteTheme(str(number(v, "number")), on=not v.get("off")),
        _upvote_values,
        VoteTheme,
    ),
    CommandSpec(
        f"{CHALLENGE} nominate",
        en.HELP_CHALLENGE_NOMINATE,
        ("challenge nominate a door that opens on Tuesdays",),
        Answer.PRIVATE,
        (Param("theme", Kind.TEXT, en.PARAM_NOMINATED, required=True),),
        lambda v: NominateTheme(text(v, "theme")),
        _theme_values,
        NominateTheme,
    ),
    CommandSpec(
        f"{CHALLENGE} vote",
        en.HELP_CHALLENGE_VOTE,
        ("challenge vote",),
        Answer.PRIVATE,
        (),
        lambda _: OpenBallot(),
        nothing,
        OpenBallot,
        pane=True,
    ),
    CommandSpec(
        f"{CHALLENGE} pick",
        en.HELP_CHALLENGE_PICK,
        ("challenge pick left", "challenge pick both", "challenge pick right 3"),
        Answer.PRIVATE,
        (Param("side", Kind.CHOICE, en.PARAM_SIDE, required=True, choices=SIDES), _PAIR),
        lambda v: Pick(number(v, "pair"), Side(text(v, "side"))),
        _pick_values,
        Pick,
        by_button=True,
    ),
    CommandSpec(
        f"{CHALLENGE} unpick",
        en.HELP_CHALLENGE_UNPICK,
        ("challenge unpick",),
        Answer.PRIVATE,
        (_PAIR,),
        lambda v: Unpick(number(v, "pair")),
        _unpick_values,
        Unpick,
        by_button=True,
    ),
    CommandSpec(
        f"{CHALLENGE} more",
        en.HELP_CHALLENGE_MORE,
        ("challenge more",),
        Answer.PRIVATE,
        (),
        lambda _: MorePicks(),
        nothing,
        MorePicks,
        by_button=True,
    ),
    CommandSpec(
        f"{CHALLENGE} flag",
        en.HELP_CHALLENGE_FLAG,
        ("challenge flag left", "challenge flag right it names my neighbour"),
        Answer.PRIVATE,
        (
            Param("side", Kind.CHOICE, en.PARAM_SIDE, required=True, choices=SIDES[:2]),
            Param("why", Kind.TEXT, en.PARAM_WHY_REPORT),
        ),
        lambda v: ReportContender(0, Side(text(v, "side")), text(v, "why")),
        _flag_values,
        ReportContender,
        by_button=True,
    ),
    CommandSpec(
        f"{CHALLENGE} guess",
        en.HELP_CHALLENGE_GUESS,
        ("challenge guess person 1", "challenge guess skip 2"),
        Answer.PRIVATE,
        (
            Param("maker", Kind.CHOICE, en.PARAM_ORIGIN, required=True, choices=en.GUESS_WORDS),
            Param("number", Kind.NUMBER, en.PARAM_GUESSED, required=True),
        ),
        lambda v: GuessMaker(number(v, "number"), _ORIGIN_OF[text(v, "maker")]),
        _guess_values,
        GuessMaker,
        by_button=True,
    ),
    CommandSpec(
        f"{CHALLENGE} praise",
        en.HELP_CHALLENGE_PRAISE,
        ("challenge praise original 2",),
        Answer.PRIVATE,
        (
            Param("what", Kind.CHOICE, en.PARAM_FACET, required=True, choices=FACETS),
            Param("number", Kind.NUMBER, en.PARAM_PRAISED, required=True),
        ),
        lambda v: PraiseContender(Facet(text(v, "what")), number(v, "number")),
        _praise_values,
        PraiseContender,
        by_button=True,
    ),
    CommandSpec(
        f"{CHALLENGE} results",
        en.HELP_CHALLENGE_RESULTS,
        ("challenge results", "challenge results 2"),
        Answer.PRIVATE,
        (Param("page", Kind.NUMBER, en.PARAM_PAGE),),
        lambda v: ShowResults(page=number(v, "page", 1)),
        _page_values,
        ShowResults,
    ),
    CommandSpec(
        f"{CHALLENGE} mine",
        en.HELP_CHALLENGE_MINE,
        ("challenge mine",),
        Answer.PRIVATE,
        (),
        lambda _: ShowOwnResult(),
        nothing,
        ShowOwnResult,
    ),
    CommandSpec(
        f"{CHALLENGE} hall",
        en.HELP_CHALLENGE_HALL,
        ("challenge hall", "challenge hall 2"),
        Answer.PRIVATE,
        (Param("page", Kind.NUMBER, en.PARAM_PAGE),),
        lambda v: ShowPodiums(number(v, "page", 1)),
        _page_values,
        ShowPodiums,
    ),
    CommandSpec(
        f"{CHALLENGE} export",
        en.HELP_CHALLENGE_EXPORT,
        ("challenge export", "challenge export csv"),
        Answer.PRIVATE,
        (Param("kind", Kind.CHOICE, en.PARAM_FILE, choices=FILES),),
        lambda v: ExportResults(text(v, "kind", FILES[0])),
        _export_values,
        ExportResults,
    ),
    CommandSpec(
        f"{CHALLENGE} verdict",
        en.HELP_CHALLENGE_VERDICT,
        ("challenge verdict",),
        Answer.PRIVATE,
        (),
        lambda _: ShowVerdict(),
        nothing,
        ShowVerdict,
    ),
)
