"""What a button or a form does: the id it carries, and how it is answered.

An action id is ``1~verb~community~round~entry~argument``: a version, so that a button
pressed a year later is understood or refused in clear words; a verb of `ACTIONS`; and
where it acts. It fits the 100 characters a Discord component may carry. Nothing here
reads anything: how an action is answered is known from its verb alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.cards import Answer
from bot.errors import BadInput
from bot.models import Facet
from bot.requests import (
    Add,
    Again,
    Close,
    Compose,
    Request,
    RoundRef,
    Show,
    Top,
    Unvote,
    Vote,
    Withdraw,
)
from bot.wording import en

VERSION = "1"
MAX_LENGTH = 100
_PART = re.compile(r"[A-Za-z0-9_.:\-]*\Z")
_ENTRY = re.compile(r"(?:[1-9][0-9]{0,4})?\Z")
# Board, time and page; then perhaps a letter, since no two buttons of a card may share an id.
_BOARD = re.compile(r"([a-z]+)\.([a-z]+)\.([1-9][0-9]{0,4})(?:\.[a-z])?\Z")


@dataclass(frozen=True, slots=True)
class Action:
    """What one button does. `entry` 0 is the round itself."""

    verb: str
    community: str = ""
    round: str = ""
    entry: int = 0
    argument: str = ""

    @property
    def ref(self) -> RoundRef:
        """The round it acts on."""
        return RoundRef(self.community, self.round)


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """How an action is answered, and the request it makes of its id and a form's fields."""

    answer: Answer
    build: Callable[[Action, Mapping[str, str]], Request]


def _facets(action: Action) -> tuple[Facet, ...]:
    return (Facet(action.argument),) if action.argument else ()


def _board(action: Action, _: Mapping[str, str]) -> Request:
    match = _BOARD.match(action.argument)
    if not match:
        raise ValueError(f"no board's page: {action.argument!r}")
    return Top(match.group(1), match.group(2), int(match.group(3)))


ACTIONS: dict[str, ActionSpec] = {
    "vote": ActionSpec(Answer.PRIVATE, lambda a, _: Vote((a.entry,), (), a.ref)),
    "back": ActionSpec(Answer.UPDATE, lambda a, _: Unvote((a.entry,), (), a.ref)),
    "why": ActionSpec(Answer.UPDATE, lambda a, _: Vote((a.entry,), _facets(a), a.ref)),
    "unwhy": ActionSpec(Answer.UPDATE, lambda a, _: Unvote((a.entry,), _facets(a), a.ref)),
    "compose": ActionSpec(Answer.FORM, lambda a, _: Compose(a.ref, a.entry)),
    "add": ActionSpec(Answer.PRIVATE, lambda a, f: Add(f.get("text", ""), a.entry, a.ref)),
    "again": ActionSpec(Answer.POST, lambda a, _: Again(a.ref)),
    "close": ActionSpec(Answer.PRIVATE, lambda a, _: Close(a.ref)),
    "withdraw": ActionSpec(Answer.PRIVATE, lambda a, _: Withdraw(a.entry, a.ref)),
    "show": ActionSpec(Answer.PRIVATE, lambda a, _: Show(a.ref)),
    "top": ActionSpec(Answer.UPDATE, _board),
}


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


def request(action: Action, fields: Mapping[str, str] | None = None) -> Request:
    """The request an action makes, with a form's fields where it was one.

    Raises `BadInput` where its argument is not one of this version's.
    """
    try:
        return ACTIONS[action.verb].build(action, fields or {})
    except ValueError as wrong:
        raise BadInput(en.BUTTON_UNKNOWN) from wrong
