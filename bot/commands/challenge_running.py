"""The organisers' commands of the weekly challenge and the daily prompt."""

from __future__ import annotations

from bot.cards import Answer
from bot.challenge_requests import (
    CancelChallenge,
    DecideContender,
    ExtendChallenge,
    PlanPreset,
    RunChallenges,
    SetPlan,
    ShowPlan,
    ShowUnlikePicks,
    SkipChallenge,
    StartChallenge,
)
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
from bot.requests import Request
from bot.wording import en

PLAN_NAMES = tuple(en.PLAN)
DAILY_NAMES = tuple(en.DAILY)
PARTS = ("when", "how")
DECISIONS = ("keep", "hide", "restore", "strike")
DAY = 24  # hours
_THEME = Param("theme", Kind.TEXT, en.PARAM_CHALLENGE_THEME)
_VALUE = Param("value", Kind.TEXT, en.PARAM_VALUE)


def _part_values(request: Request) -> Values:
    assert isinstance(request, ShowPlan)
    return given(part="" if request.part == PARTS[0] else request.part)


def _set_values(request: Request) -> Values:
    assert isinstance(request, SetPlan)
    return given(what=request.what, value=request.value)


def _preset_values(request: Request) -> Values:
    assert isinstance(request, PlanPreset)
    return given(preset=request.preset)


def _start_values(request: Request) -> Values:
    assert isinstance(request, StartChallenge)
    return given(theme=request.theme)


def _extend_values(request: Request) -> Values:
    assert isinstance(request, ExtendChallenge)
    return given(hours=0 if request.hours == DAY else request.hours)


def _cancel_values(request: Request) -> Values:
    assert isinstance(request, CancelChallenge)
    return given(why=request.why)


def _decide_values(request: Request) -> Values:
    assert isinstance(request, DecideContender)
    return given(decision=request.decision, alias=request.alias, why=request.why)


CHALLENGE_ORGANISING: tuple[CommandSpec, ...] = (
    CommandSpec(
        f"{ORGANISERS} challenge-setup",
        en.HELP_CHALLENGE_SETUP,
        ("muse-admin challenge-setup", "muse-admin challenge-setup how"),
        Answer.PRIVATE,
        (Param("part", Kind.CHOICE, en.PARAM_PLAN_PART, choices=PARTS),),
        lambda v: ShowPlan(part=text(v, "part", PARTS[0])),
        _part_values,
        ShowPlan,
    ),
    CommandSpec(
        f"{ORGANISERS} challenge-set",
        en.HELP_CHALLENGE_SET,
        ("muse-admin challenge-set time 18:30", "muse-admin challenge-set zone Europe/Vienna"),
        Answer.PRIVATE,
        (
            Param("what", Kind.CHOICE, en.PARAM_PLAN, required=True, choices=PLAN_NAMES),
            _VALUE,
        ),
        lambda v: SetPlan(text(v, "what"), text(v, "value")),
        _set_values,
        SetPlan,
    ),
    CommandSpec(
        f"{ORGANISERS} challenge-preset",
        en.HELP_CHALLENGE_PRESET,
        ("muse-admin challenge-preset weekend",),
        Answer.PRIVATE,
        (
            Param(
                "preset",
                Kind.CHOICE,
                en.PARAM_PLAN_PRESET,
                required=True,
                choices=tuple(en.PLAN_PRESETS),
            ),
        ),
        lambda v: PlanPreset(text(v, "preset")),
        _preset_values,
        PlanPreset,
    ),
    CommandSpec(
        f"{ORGANISERS} challenge-now",
        en.HELP_CHALLENGE_NOW,
        ("muse-admin challenge-now", "muse-admin challenge-now what the lift hears at night"),
        Answer.PRIVATE,
        (_THEME,),
        lambda v: StartChallenge(text(v, "theme")),
        _start_values,
        StartChallenge,
    ),
    CommandSpec(
        f"{ORGANISERS} challenge-example",
        en.HELP_CHALLENGE_EXAMPLE,
        ("muse-admin challenge-example",),
        Answer.PRIVATE,
        (_THEME,),
        lambda v: StartChallenge(text(v, "theme"), example=True),
        _start_values,
        StartChallenge,
    ),
    CommandSpec(
        f"{ORGANISERS} challenge-resume",
        en.HELP_CHALLENGE_RESUME,
        ("muse-admin challenge-resume",),
        Answer.PRIVATE,
        (),
        lambda _: RunChallenges(),
        nothing,
        RunChallenges,
    ),
    CommandSpec(
        f"{ORGANISERS} challenge-pause",
        en.HELP_CHALLENGE_PAUSE,
        ("muse-admin challenge-pause",),
        Answer.PRIVATE,
        (),
        lambda _: RunChallenges(on=False),
        nothing,
        RunChallenges,
    ),
    CommandSpec(
        f"{ORGANISERS} challenge-skip",
        en.HELP_CHALLENGE_SKIP,
        ("muse-admin challenge-skip",),
        Answer.PRIVATE,
        (),
        lambda _: SkipChallenge(),
        nothing,
        SkipChallenge,
    ),
    CommandSpec(
        f"{ORGANISERS} challenge-extend",
        en.HELP_CHALLENGE_EXTEND,
        ("muse-admin challenge-extend", "muse-admin challenge-extend 12"),
        Answer.PRIVATE,
        (Param("hours", Kind.NUMBER, en.PARAM_HOURS),),
        lambda v: ExtendChallenge(number(v, "hours", DAY)),
        _extend_values,
        ExtendChallenge,
    ),
    CommandSpec(
        f"{ORGANISERS} challenge-cancel",
        en.HELP_CHALLENGE_CANCEL,
        ("muse-admin challenge-cancel the theme was about a colleague",),
        Answer.PRIVATE,
        (Param("why", Kind.TEXT, en.PARAM_WHY_CANCEL, required=True),),
        lambda v: CancelChallenge(text(v, "why")),
        _cancel_values,
        CancelChallenge,
    ),
    CommandSpec(
        f"{ORGANISERS} challenge-decide",
        en.HELP_CHALLENGE_DECIDE,
        (
            "muse-admin challenge-decide hide bkdf",
            "muse-admin challenge-decide strike bkdf it was copied from a song",
        ),
        Answer.PRIVATE,
        (
            Param("decision", Kind.CHOICE, en.PARAM_DECISION, required=True, choices=DECISIONS),
            Param("alias", Kind.CODE, en.PARAM_ALIAS, required=True),
            Param("why", Kind.TEXT, en.PARAM_REASON),
        ),
        lambda v: DecideContender(text(v, "alias"), text(v, "decision"), text(v, "why")),
        _decide_values,
        DecideContender,
    ),
    CommandSpec(
        f"{ORGANISERS} challenge-unlike",
        en.HELP_CHALLENGE_UNLIKE,
        ("muse-admin challenge-unlike",),
        Answer.PRIVATE,
        (),
        lambda _: ShowUnlikePicks(),
        nothing,
        ShowUnlikePicks,
    ),
    CommandSpec(
        f"{ORGANISERS} daily-setup",
        en.HELP_DAILY_SETUP,
        ("muse-admin daily-setup",),
        Answer.PRIVATE,
        (),
        lambda _: ShowPlan(daily=True),
        nothing,
        ShowPlan,
    ),
    CommandSpec(
        f"{ORGANISERS} daily-set",
        en.HELP_DAILY_SET,
        ("muse-admin daily-set time 09:00", "muse-admin daily-set running on"),
        Answer.PRIVATE,
        (
            Param("what", Kind.CHOICE, en.PARAM_PLAN, required=True, choices=DAILY_NAMES),
            _VALUE,
        ),
        lambda v: SetPlan(text(v, "what"), text(v, "value"), daily=True),
        _set_values,
        SetPlan,
    ),
)
