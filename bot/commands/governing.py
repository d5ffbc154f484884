"""The organisers' commands that settle how Muse behaves, who may say so, and who may not play."""

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
    Block,
    NameOrganiser,
    SetPreset,
    SetRule,
    ShowGivenUp,
    ShowLog,
    ShowOrganisers,
    ShowRules,
    ShowUsage,
    TryAgain,
)
from bot.requests import Request
from bot.wording import en

RULE_NAMES = tuple(en.RULES)
SECTION_NAMES = tuple(en.SECTIONS)
PRESET_NAMES = (*en.PRESETS, en.PRESET_BACK)

_WHO = Param("who", Kind.PERSON, en.PARAM_WHO, required=True)
_HERE = Param("here", Kind.SWITCH, en.PARAM_HERE, flag=True)


def _show_values(request: Request) -> Values:
    assert isinstance(request, ShowRules)
    return given(section=request.section, here=request.here)


def _set_values(request: Request) -> Values:
    assert isinstance(request, SetRule)
    return given(rule=request.rule, value=request.value, here=request.here)


def _preset_values(request: Request) -> Values:
    assert isinstance(request, SetPreset)
    return given(preset=request.preset)


def _who_values(request: Request) -> Values:
    assert isinstance(request, NameOrganiser)
    return given(who=request.who)


def _log_values(request: Request) -> Values:
    assert isinstance(request, ShowLog)
    return given(page=0 if request.page == 1 else request.page)


def _given_up_values(request: Request) -> Values:
    assert isinstance(request, ShowGivenUp)
    return given(page=0 if request.page == 1 else request.page)


def _again_values(request: Request) -> Values:
    assert isinstance(request, TryAgain)
    return given(code=request.code)


def _block_values(request: Request) -> Values:
    assert isinstance(request, Block)
    return given(who=request.who, why=request.why)


GOVERNING_COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec(
        f"{ORGANISERS} settings",
        en.HELP_SETTINGS,
        ("muse-admin settings", "muse-admin settings safety", "muse-admin settings rounds --here"),
        Answer.PRIVATE,
        (Param("section", Kind.CHOICE, en.PARAM_SECTION, choices=SECTION_NAMES), _HERE),
        lambda v: ShowRules(text(v, "section", SECTION_NAMES[0]), bool(v.get("here"))),
        _show_values,
        ShowRules,
    ),
    CommandSpec(
        f"{ORGANISERS} set",
        en.HELP_SET,
        ("muse-admin set hours 48", "muse-admin set answers no --here", "muse-admin set hours"),
        Answer.PRIVATE,
        (
            Param("rule", Kind.CHOICE, en.PARAM_RULE, required=True, choices=RULE_NAMES),
            Param("value", Kind.TEXT, en.PARAM_VALUE),
            _HERE,
        ),
        lambda v: SetRule(text(v, "rule"), text(v, "value"), bool(v.get("here"))),
        _set_values,
        SetRule,
    ),
    CommandSpec(
        f"{ORGANISERS} preset",
        en.HELP_PRESET,
        ("muse-admin preset busy", f"muse-admin preset {en.PRESET_BACK}"),
        Answer.PRIVATE,
        (Param("preset", Kind.CHOICE, en.PARAM_PRESET, required=True, choices=PRESET_NAMES),),
        lambda v: SetPreset(text(v, "preset")),
        _preset_values,
        SetPreset,
    ),
    CommandSpec(
        f"{ORGANISERS} organisers",
        en.HELP_ORGANISERS,
        ("muse-admin organisers",),
        Answer.PRIVATE,
        (),
        lambda _: ShowOrganisers(),
        nothing,
        ShowOrganisers,
    ),
    CommandSpec(
        f"{ORGANISERS} organiser-add",
        en.HELP_ORGANISER_ADD,
        ("muse-admin organiser-add @ana",),
        Answer.PRIVATE,
        (_WHO,),
        lambda v: NameOrganiser(text(v, "who")),
        _who_values,
        NameOrganiser,
    ),
    CommandSpec(
        f"{ORGANISERS} organiser-remove",
        en.HELP_ORGANISER_REMOVE,
        ("muse-admin organiser-remove @ana",),
        Answer.PRIVATE,
        (_WHO,),
        lambda v: NameOrganiser(text(v, "who"), on=False),
        _who_values,
        NameOrganiser,
    ),
    CommandSpec(
        f"{ORGANISERS} block",
        en.HELP_BLOCK,
        ("muse-admin block @ana floods every round",),
        Answer.PRIVATE,
        (_WHO, Param("why", Kind.TEXT, en.PARAM_REASON)),
        lambda v: Block(text(v, "who"), text(v, "why")),
        _block_values,
        Block,
    ),
    CommandSpec(
        f"{ORGANISERS} unblock",
        en.HELP_UNBLOCK,
        ("muse-admin unblock @ana",),
        Answer.PRIVATE,
        (_WHO, Param("why", Kind.TEXT, en.PARAM_REASON)),
        lambda v: Block(text(v, "who"), text(v, "why"), on=False),
        _block_values,
        Block,
    ),
    CommandSpec(
        f"{ORGANISERS} usage",
        en.HELP_USAGE,
        ("muse-admin usage",),
        Answer.PRIVATE,
        (),
        lambda _: ShowUsage(),
        nothing,
        ShowUsage,
    ),
    CommandSpec(
        f"{ORGANISERS} log",
        en.HELP_LOG,
        ("muse-admin log", "muse-admin log 2"),
        Answer.PRIVATE,
        (Param("page", Kind.NUMBER, en.PARAM_PAGE),),
        lambda v: ShowLog(number(v, "page", 1)),
        _log_values,
        ShowLog,
    ),
    CommandSpec(
        f"{ORGANISERS} given-up",
        en.HELP_GIVEN_UP,
        ("muse-admin given-up", "muse-admin given-up 2"),
        Answer.PRIVATE,
        (Param("page", Kind.NUMBER, en.PARAM_PAGE),),
        lambda v: ShowGivenUp(number(v, "page", 1)),
        _given_up_values,
        ShowGivenUp,
        by_button=True,
    ),
    CommandSpec(
        f"{ORGANISERS} try-again",
        en.HELP_TRY_AGAIN,
        ("muse-admin try-again", "muse-admin try-again k3qzw7ab"),
        Answer.PRIVATE,
        (Param("code", Kind.TEXT, en.PARAM_GIVEN_UP),),
        lambda v: TryAgain(text(v, "code")),
        _again_values,
        TryAgain,
        by_button=True,
    ),
)
