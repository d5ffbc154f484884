"""What a button or a form does: the id it carries, and how it is answered.

An action id is ``1~verb~community~round~entry~argument``: a version, so that a button
pressed a year later is understood or refused in clear words; a verb of `ACTIONS`; and
where it acts. It fits the 100 characters a Discord component may carry. Nothing here
reads anything: how an action is answered is known from its verb alone.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from bot.action_specs import Action, ActionSpec
from bot.cards import Answer
from bot.challenge_actions import CHALLENGE_ACTIONS
from bot.community_requests import (
    AddLore,
    DeleteRound,
    DescribeAngle,
    Disqualify,
    HideEntry,
    KeepEntry,
    LinkSpace,
    Lore,
    Mine,
    Report,
    RestoreEntry,
    SetPreset,
    SetRule,
    ShowAngles,
    ShowGivenUp,
    ShowLog,
    ShowReports,
    ShowRules,
    TryAgain,
    UnlinkMember,
    UnlinkSpace,
)
from bot.errors import BadInput
from bot.models import Facet
from bot.requests import (
    Add,
    Again,
    Ask,
    Blank,
    Close,
    Compose,
    Invite,
    LetMuse,
    Refine,
    Remix,
    Request,
    Show,
    Spark,
    Top,
    Unvote,
    Vote,
    Withdraw,
)
from bot.wording import en

__all__ = ["ACTIONS", "BOLD", "OWN", "TWIST", "USUAL", "Action", "ActionSpec"]
__all__ += ["answer", "decode", "encode", "more_sparks", "pane", "request"]

VERSION = "1"
MAX_LENGTH = 100
_PART = re.compile(r"[A-Za-z0-9_.:\-]*\Z")
_ENTRY = re.compile(r"(?:[1-9][0-9]{0,4})?\Z")
# Board, time and page; then perhaps a letter, since no two buttons of a card may share an id.
_SPARK = re.compile(r"([0-9]{1,10})\.([1-9][0-9]{0,4})(?:\.([A-Za-z0-9_-]+))?\Z")
_RULES = re.compile(r"([a-z]+)\.(here|all)(?:\.[a-z])?\Z")
_RULE = re.compile(r"([a-z-]+)\.(here|all)(?:\.([\w-]+))?\Z")
_BOARD = re.compile(r"([a-z]+)\.([a-z]+)\.([1-9][0-9]{0,4})(?:\.[a-z])?\Z")


def _facets(action: Action) -> tuple[Facet, ...]:
    return (Facet(action.argument),) if action.argument else ()


def _board(action: Action, _: Mapping[str, str]) -> Request:
    match = _BOARD.match(action.argument)
    if not match:
        raise ValueError(f"no board's page: {action.argument!r}")
    return Top(match.group(1), match.group(2), int(match.group(3)))


def _spark(action: Action, _: Mapping[str, str]) -> Request:
    match = _SPARK.match(action.argument)
    if not match:
        raise ValueError(f"no page of questions: {action.argument!r}")
    packed = match.group(3) or ""
    theme = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    return Spark(theme, seed=int(match.group(1)), page=int(match.group(2)))


def _entry(action: Action, fields: Mapping[str, str]) -> Request:
    """What a member wrote: as it stands, or where they chose so a twist for Muse."""
    text = fields.get("text", "")
    if action.entry and fields.get("how") == TWIST:
        return Remix(action.entry, text, action.ref)
    return Add(text, action.entry, action.ref)


def _refine(action: Action, fields: Mapping[str, str]) -> Request:
    """A form of which every field may be empty: what is not said is not asked."""
    without = tuple(
        dict.fromkeys(
            " ".join(part.split())
            for part in re.split(r"[,;\n]", fields.get("without", ""))
            if part.strip()
        )
    )
    bold = fields.get("bold") == BOLD
    form = fields.get("form", "")
    form = "" if form == "same" else form
    twist = fields.get("twist", "").strip()
    pieces = tuple(
        dict.fromkeys(int(each) for each in re.findall(r"\d{1,4}", fields.get("pieces", "")))
    )
    if not twist and not pieces:
        return Again(action.ref, form, without, bold)
    return Refine(twist, pieces, form, without, bold, action.ref)


def _rules(action: Action, _: Mapping[str, str]) -> Request:
    match = _RULES.match(action.argument)
    if not match:
        raise ValueError(f"no section of the rules: {action.argument!r}")
    return ShowRules(match.group(1), match.group(2) == "here")


def _rule(action: Action, fields: Mapping[str, str]) -> Request:
    """A value chosen from a select, or one that the button itself carries."""
    match = _RULE.match(action.argument)
    if not match:
        raise ValueError(f"no rule: {action.argument!r}")
    name, scope, value = match.groups()
    value = fields.get("value", "") if value is None else value
    return SetRule(name, "" if value == "none" else value, scope == "here")


def _page(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise ValueError(f"no page: {text!r}")
    return int(text)


def _again_one(action: Action, _: Mapping[str, str]) -> Request:
    if not action.argument:
        raise ValueError("nothing to try again")
    return TryAgain(action.argument)


def _mine(action: Action, _: Mapping[str, str]) -> Request:
    """A page of what is one's own; or to be forgotten, asked first."""
    if action.argument in ("forget", "yes"):
        return Mine("forget", sure=action.argument == "yes")
    return Mine(page=_page(action.argument))


#: Values of the forms' selects.
TWIST, OWN = "twist", "own"
BOLD, USUAL = "bold", "usual"

ACTIONS: dict[str, ActionSpec] = {
    "vote": ActionSpec(Answer.PRIVATE, lambda a, _: Vote((a.entry,), (), a.ref)),
    "back": ActionSpec(Answer.UPDATE, lambda a, _: Unvote((a.entry,), (), a.ref)),
    "why": ActionSpec(Answer.UPDATE, lambda a, _: Vote((a.entry,), _facets(a), a.ref)),
    "unwhy": ActionSpec(Answer.UPDATE, lambda a, _: Unvote((a.entry,), _facets(a), a.ref)),
    "compose": ActionSpec(
        Answer.FORM, lambda a, _: Compose(a.ref, a.entry, Blank(a.argument or Blank.ENTRY))
    ),
    "add": ActionSpec(Answer.PRIVATE, _entry),
    "refine": ActionSpec(Answer.POST, _refine),
    "answer": ActionSpec(Answer.PRIVATE, lambda a, _: LetMuse(a.ref)),
    "spark": ActionSpec(Answer.UPDATE, _spark),
    "lore": ActionSpec(Answer.UPDATE, lambda _a, _f: Lore()),
    "loreadd": ActionSpec(Answer.PRIVATE, lambda _, f: AddLore(f.get("text", ""))),
    "rules": ActionSpec(Answer.UPDATE, _rules),
    "rule": ActionSpec(Answer.UPDATE, _rule),
    "preset": ActionSpec(Answer.UPDATE, lambda a, _: SetPreset(a.argument)),
    "report": ActionSpec(
        Answer.PRIVATE, lambda a, f: Report(a.entry or _page(f.get("value", "")), "", a.ref)
    ),
    "reports": ActionSpec(Answer.UPDATE, lambda a, _: ShowReports(_page(a.argument or "1"))),
    "keep": ActionSpec(Answer.UPDATE, lambda a, _: KeepEntry(a.entry, a.ref)),
    "hide": ActionSpec(Answer.UPDATE, lambda a, _: HideEntry(a.entry, "", a.ref)),
    "strike": ActionSpec(
        Answer.PRIVATE, lambda a, f: Disqualify(a.entry, f.get("text", ""), a.ref)
    ),
    "wipe": ActionSpec(
        Answer.PRIVATE, lambda a, f: DeleteRound(f.get("text", ""), a.ref, sure=True)
    ),
    "restore": ActionSpec(Answer.PRIVATE, lambda a, _: RestoreEntry(a.entry, a.ref)),
    "given-up": ActionSpec(Answer.UPDATE, lambda a, _: ShowGivenUp(_page(a.argument))),
    "again-one": ActionSpec(Answer.UPDATE, _again_one),
    "again-all": ActionSpec(Answer.UPDATE, lambda _a, _f: TryAgain()),
    "log": ActionSpec(Answer.UPDATE, lambda a, _: ShowLog(_page(a.argument))),
    "mine": ActionSpec(Answer.UPDATE, _mine),
    "export": ActionSpec(Answer.PRIVATE, lambda _a, _f: Mine("export")),
    "join": ActionSpec(Answer.UPDATE, lambda a, _: LinkSpace(a.argument, sure=True)),
    "part": ActionSpec(Answer.UPDATE, lambda a, _: UnlinkSpace(a.argument)),
    "apart": ActionSpec(Answer.UPDATE, lambda _a, _f: UnlinkMember()),
    "begin": ActionSpec(Answer.POST, lambda _a, _f: Ask(en.EXAMPLE_PROMPT)),
    "invite": ActionSpec(Answer.POST, lambda _a, _f: Invite()),
    "sparks": ActionSpec(Answer.PRIVATE, lambda _a, _f: Spark()),
    "setup": ActionSpec(Answer.PRIVATE, lambda _a, _f: ShowRules()),
    "angles": ActionSpec(Answer.UPDATE, lambda _a, _f: ShowAngles()),
    "angle": ActionSpec(
        Answer.PRIVATE,
        lambda _, f: DescribeAngle(f.get("name", ""), f.get("instruction", "")),
    ),
    "again": ActionSpec(Answer.POST, lambda a, _: Again(a.ref)),
    "close": ActionSpec(Answer.PRIVATE, lambda a, _: Close(a.ref)),
    "withdraw": ActionSpec(Answer.PRIVATE, lambda a, _: Withdraw(a.entry, a.ref)),
    "show": ActionSpec(Answer.PRIVATE, lambda a, _: Show(a.ref)),
    "top": ActionSpec(Answer.UPDATE, _board),
    **CHALLENGE_ACTIONS,
}


def more_sparks(seed: int, page: int, theme: str) -> str:
    """The id of a button for further questions on a theme; "" where the theme is too long."""
    packed = base64.urlsafe_b64encode(theme.encode()).decode().rstrip("=")
    argument = f"{seed}.{page}.{packed}" if theme else f"{seed}.{page}"
    try:
        return encode(Action("spark", argument=argument))
    except ValueError:
        return ""


def encode(action: Action) -> str:
    """The id a button carries. Raises ValueError where a part is malformed or too long."""
    entry = str(action.entry) if action.entry else ""
    parts = (action.verb, action.community, action.round, entry, action.argument)
    text = "~".join((VERSION, *parts))
    well_formed = all(_PART.match(part) for part in parts) and _ENTRY.match(entry)
    if action.verb not in ACTIONS or not well_formed:
        raise ValueError(f"not an action: {action!r}")
    if len(text) > MAX_LENGTH:
        raise ValueError(f"an action id of {len(text)} characters; {MAX_LENGTH} is the most")
    return text


def decode(text: str) -> Action:
    """The action of an id. Raises `BadInput` where it is not one of this version's."""
    parts = text.split("~")
    if len(parts) != 6 or parts[0] != VERSION or parts[1] not in ACTIONS:
        raise BadInput(en.BUTTON_UNKNOWN)
    _, verb, community, round_id, entry, argument = parts
    well_formed = all(_PART.match(part) for part in parts) and _ENTRY.match(entry)
    if len(text) > MAX_LENGTH or not well_formed:
        raise BadInput(en.BUTTON_UNKNOWN)
    return Action(verb, community, round_id, int(entry or 0), argument)


def answer(action: Action) -> Answer:
    """How the action is answered, known without reading anything."""
    return ACTIONS[action.verb].answer


def pane(action: Action) -> bool:
    """Whether its card is best shown in a window of its own, where the platform has such."""
    return ACTIONS[action.verb].pane


def request(action: Action, fields: Mapping[str, str] | None = None) -> Request:
    """The request an action makes, with a form's fields where it was one.

    Raises `BadInput` where its argument is not one of this version's.
    """
    try:
        return ACTIONS[action.verb].build(action, fields or {})
    except ValueError as wrong:
        raise BadInput(en.BUTTON_UNKNOWN) from wrong
