"""What the buttons and forms of challenges do. `bot.actions` has the codec."""

from __future__ import annotations

from collections.abc import Mapping

from bot.action_specs import Action, ActionSpec
from bot.cards import Answer
from bot.challenge import Declared, Side
from bot.challenge_requests import (
    ComposeContribution,
    DecideContender,
    Enter,
    ExportResults,
    GuessMaker,
    MorePicks,
    OpenBallot,
    Pick,
    PlanPreset,
    PraiseContender,
    ProposeTheme,
    Remind,
    ReportContender,
    RunChallenges,
    SetPlan,
    ShowChallenge,
    ShowOwnResult,
    ShowPlan,
    ShowPodiums,
    ShowResults,
    ShowThemes,
    ShowVerdict,
    StartChallenge,
    TakeBackEntry,
    Unpick,
    VoteTheme,
    WithdrawTheme,
)
from bot.models import Facet, Origin
from bot.requests import Request

PLAN_PARTS = ("when", "how")  #: of the card of the set-up


def _ballot(action: Action, _: Mapping[str, str]) -> Request:
    return OpenBallot(action.challenge)


def _pick(action: Action, _: Mapping[str, str]) -> Request:
    return Pick(action.entry, Side(action.argument), action.challenge)


def _flag(action: Action, fields: Mapping[str, str]) -> Request:
    side = Side(action.argument) if action.argument else None
    return ReportContender(action.entry, side, fields.get("why", ""), action.challenge)


def _decide(action: Action, _fields: Mapping[str, str]) -> Request:
    decision, _, alias = action.argument.partition(".")
    return DecideContender(alias, decision, "", action.challenge)


def _guess(action: Action, _: Mapping[str, str]) -> Request:
    origin = Origin(action.argument) if action.argument else None
    return GuessMaker(action.entry, origin, action.challenge)


def _praise(action: Action, fields: Mapping[str, str]) -> Request:
    number = action.entry or int(fields.get("value", ""))
    return PraiseContender(Facet(action.argument), number, action.challenge)


def _enter(action: Action, fields: Mapping[str, str]) -> Request:
    declared = Declared(fields.get("how", "") or Declared.MINE)
    return Enter(fields.get("text", ""), declared, action.challenge)


def _plan(action: Action, _: Mapping[str, str]) -> Request:
    """``plan.when``, ``plan.how`` or ``daily``."""
    which, _dot, part = action.argument.partition(".")
    part = part or PLAN_PARTS[0]
    if part not in PLAN_PARTS:
        raise ValueError(f"no part of a plan: {part!r}")
    return ShowPlan(which == "daily", part)


def _set_plan(action: Action, fields: Mapping[str, str]) -> Request:
    """``plan|daily.what`` with a select's value, or ``plan|daily.what.value``."""
    which, _, rest = action.argument.partition(".")
    what, carried, value = rest.partition(".")
    if which not in ("plan", "daily") or not what:
        raise ValueError(f"nothing to set: {action.argument!r}")
    return SetPlan(what, value if carried else fields.get("value", ""), daily=which == "daily")


def _page(action: Action, _: Mapping[str, str]) -> Request:
    return ShowResults(action.challenge, max(1, action.entry))


def _podiums(action: Action, _: Mapping[str, str]) -> Request:
    return ShowPodiums(max(1, action.entry))


#: A challenge stands in an id where a round does: ``1~pick~community~challenge~number~left``.
CHALLENGE_ACTIONS: dict[str, ActionSpec] = {
    "challenge": ActionSpec(Answer.PRIVATE, lambda _a, _f: ShowChallenge()),
    "contribute": ActionSpec(Answer.FORM, lambda a, _: ComposeContribution(a.challenge)),
    "enter": ActionSpec(Answer.PRIVATE, _enter),
    "takeback": ActionSpec(Answer.UPDATE, lambda a, _: TakeBackEntry(a.challenge)),
    "remind": ActionSpec(Answer.UPDATE, lambda a, _: Remind(a.argument != "off", a.challenge)),
    "themes": ActionSpec(Answer.PRIVATE, lambda _a, _f: ProposeTheme()),
    "themesat": ActionSpec(Answer.UPDATE, lambda a, _: ShowThemes(max(1, a.entry))),
    "unpropose": ActionSpec(Answer.UPDATE, lambda a, _: WithdrawTheme(a.argument)),
    "propose": ActionSpec(Answer.PRIVATE, lambda _, f: ProposeTheme(f.get("text", ""))),
    "theme": ActionSpec(Answer.UPDATE, lambda a, _: VoteTheme(a.argument)),
    "untheme": ActionSpec(Answer.UPDATE, lambda a, _: VoteTheme(a.argument, on=False)),
    "ballot": ActionSpec(Answer.PRIVATE, _ballot, pane=True),
    "pair": ActionSpec(Answer.UPDATE, _ballot),
    "pick": ActionSpec(Answer.UPDATE, _pick),
    "unpick": ActionSpec(Answer.UPDATE, lambda a, _: Unpick(a.entry, a.challenge)),
    "more": ActionSpec(Answer.UPDATE, lambda a, _: MorePicks(a.challenge)),
    "flag": ActionSpec(Answer.UPDATE, _flag),
    "decide": ActionSpec(Answer.UPDATE, _decide),
    "guess": ActionSpec(Answer.UPDATE, _guess),
    "praise": ActionSpec(Answer.UPDATE, _praise),
    "results": ActionSpec(Answer.UPDATE, _page),
    "resultsof": ActionSpec(Answer.PRIVATE, _page),
    "resultfile": ActionSpec(Answer.PRIVATE, lambda a, _: ExportResults(a.argument, a.challenge)),
    "mineof": ActionSpec(Answer.PRIVATE, lambda a, _: ShowOwnResult(a.challenge)),
    "podiums": ActionSpec(Answer.PRIVATE, _podiums),
    "podiumsat": ActionSpec(Answer.UPDATE, _podiums),
    "verdict": ActionSpec(Answer.PRIVATE, lambda _a, _f: ShowVerdict()),
    "plan": ActionSpec(Answer.UPDATE, _plan),
    "planof": ActionSpec(Answer.PRIVATE, _plan),
    "setplan": ActionSpec(Answer.UPDATE, _set_plan),
    "planpreset": ActionSpec(Answer.UPDATE, lambda a, _: PlanPreset(a.argument)),
    "runplan": ActionSpec(Answer.UPDATE, lambda a, _: RunChallenges(a.argument != "off")),
    "tryplan": ActionSpec(
        Answer.PRIVATE, lambda a, _: StartChallenge(example=a.argument == "example")
    ),
}
