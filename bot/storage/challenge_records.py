"""How challenges, their entries and picks are written in Redis, and read from it.

JSON with short names, since a challenge stays for good. What a later version adds is left
out where it says nothing, and a reader takes what is missing as that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from bot.challenge import (
    Challenge,
    ChallengeState,
    Contender,
    Contribution,
    DailyPlan,
    Declared,
    Electorate,
    GuessMade,
    Offered,
    PickMade,
    Plan,
    PraiseGiven,
    Side,
    ThemeSource,
)
from bot.challenge_requests import ChallengeRef
from bot.models import Facet, Origin
from bot.storage.round_records import moment, read_address, write_address
from bot.storage.votes import milliseconds

#: How a side is kept.
SIDES = {Side.LEFT: "l", Side.RIGHT: "r", Side.BOTH: "b", Side.SKIP: "s"}
_SIDE_OF = {letter: side for side, letter in SIDES.items()}
_CONTENDER = {
    "text": "t",
    "author": "a",
    "model": "m",
    "family": "f",
    "parent": "p",
    "lens": "l",
    "salt": "s",
    "commitment": "c",
    "hidden": "hd",
    "struck": "dq",
}


def write_plan(plan: Plan | DailyPlan) -> str:
    """A plan as kept: what differs from a new one."""
    new = type(plan)()
    kept: dict[str, Any] = {}
    for each in fields(plan):
        value = getattr(plan, each.name)
        if value == getattr(new, each.name):
            continue
        if each.name == "address":
            value = write_address(value)
        elif each.name == "addresses":
            value = [write_address(address) for address in value]
        elif isinstance(value, frozenset):
            value = sorted(value)
        kept[each.name] = value
    return json.dumps(kept)


def read_plan(text: str) -> Plan:
    """The inverse of `write_plan`, of challenges; '' is a new one."""
    kept = _kept_plan(text)
    if "electorate" in kept:
        kept["electorate"] = Electorate(kept["electorate"])
    if "themes" in kept:
        kept["themes"] = ThemeSource(kept["themes"])
    return Plan(**_known(Plan, kept))


def read_daily(text: str) -> DailyPlan:
    """The inverse of `write_plan`, of the daily prompt; '' is a new one."""
    kept = _kept_plan(text)
    if "days" in kept:
        kept["days"] = frozenset(kept["days"])
    return DailyPlan(**_known(DailyPlan, kept))


def _kept_plan(text: str) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(text) if text else {}
    if "address" in kept:
        kept["address"] = read_address(kept["address"])
    if "addresses" in kept:
        kept["addresses"] = tuple(read_address(address) for address in kept["addresses"])
    return kept


def _known(made: type[Plan | DailyPlan], kept: dict[str, Any]) -> dict[str, Any]:
    names = {each.name for each in fields(made)}
    return {name: value for name, value in kept.items() if name in names}


def read_challenge(ref: ChallengeRef, kept: Mapping[str, str]) -> Challenge:
    """A challenge from its record: ``state``, ``number``, ``theme``, ``opened``, ``deadline``,
    ``closes``, ``plan``, ``seed``, ``links``, then ``example``, ``extended``, ``quiet``,
    ``voting``, ``closed``, ``counted``, ``proposer``, ``why``, ``redrawn`` and
    ``rev`` where they say something.
    """

    def when(name: str) -> datetime | None:
        return moment(kept[name]) if kept.get(name) else None

    return Challenge(
        community=ref.community,
        id=ref.challenge,
        number=int(kept["number"]),
        state=ChallengeState(kept["state"]),
        theme=kept.get("theme", ""),
        opened=moment(kept["opened"]),
        deadline=moment(kept["deadline"]),
        closes=moment(kept["closes"]),
        plan=read_plan(kept.get("plan", "")),
        seed=int(kept.get("seed", "0")),
        links=int(kept.get("links") or 0),
        example=kept.get("example") == "1",
        extended=kept.get("extended") == "1",
        quiet=kept.get("quiet") == "1",
        voting_since=when("voting"),
        closed=when("closed"),
        counted=kept.get("counted") == "1",
        proposer=int(kept.get("proposer") or 0),
        why=kept.get("why", ""),
        redrawn=int(kept.get("redrawn") or 0),
        changes=int(kept.get("rev") or 0),
    )


def write_contribution(made: Contribution) -> str:
    """What somebody put in, as kept under its key."""
    kept: dict[str, Any] = {"t": made.text, "o": made.origin, "d": made.declared}
    said = {
        "a": made.author,
        "m": made.model,
        "f": made.family,
        "p": made.parent,
        "l": made.lens,
        "at": milliseconds(made.at) if made.at else 0,
        "x": made.withdrawn,
    }
    return json.dumps(kept | {name: value for name, value in said.items() if value})


def read_contribution(key: str, text: str) -> Contribution:
    """The inverse of `write_contribution`."""
    kept = json.loads(text)
    return Contribution(
        key=key,
        text=kept["t"],
        origin=Origin(kept["o"]),
        author=kept.get("a", 0),
        declared=Declared(kept.get("d", Declared.MINE)),
        model=kept.get("m", ""),
        family=kept.get("f", ""),
        parent=kept.get("p", ""),
        lens=kept.get("l", ""),
        at=moment(str(kept["at"])) if kept.get("at") else None,
        withdrawn=bool(kept.get("x")),
    )


def write_contender(entry: Contender) -> str:
    """An entry of the pool, as kept under its alias."""
    kept: dict[str, Any] = {"o": entry.origin}
    for name, short in _CONTENDER.items():
        if value := getattr(entry, name):
            kept[short] = value
    return json.dumps(kept)


def read_contender(alias: str, text: str) -> Contender:
    """The inverse of `write_contender`."""
    kept = json.loads(text)
    return Contender(
        alias=alias,
        text=kept.get("t", ""),
        origin=Origin(kept["o"]),
        author=kept.get("a", 0),
        model=kept.get("m", ""),
        family=kept.get("f", ""),
        parent=kept.get("p", ""),
        lens=kept.get("l", ""),
        salt=kept.get("s", ""),
        commitment=kept.get("c", ""),
        hidden=kept.get("hd", ""),
        struck=bool(kept.get("dq")),
    )


def write_pick(pick: PickMade) -> str:
    """A pick, as kept under ``member.number``: side, left, right, when, and whether final."""
    at = milliseconds(pick.at) if pick.at else 0
    return "|".join((SIDES[pick.side], pick.left, pick.right, str(at), "f" if pick.final else ""))


def read_pick(key: str, text: str) -> PickMade:
    """The inverse of `write_pick`."""
    member, _, number = key.partition(".")
    side, left, right, at, final = text.split("|")
    return PickMade(
        member=int(member),
        number=int(number),
        left=left,
        right=right,
        side=_SIDE_OF[side],
        final=final == "f",
        at=moment(at) if int(at) else None,
    )


def read_offer(text: str) -> Offered:
    """An offer as kept with a ballot: number, left, right, when, ``f`` and ``2`` where it says
    that it is final, and that the pick was asked again.
    """
    number, left, right, at, marks = text.split("|")
    return Offered(
        int(number),
        left,
        right,
        final="f" in marks,
        since=moment(at) if int(at) else None,
        asked_again="2" in marks,
    )


def write_offer(offer: Offered) -> str:
    """The inverse of `read_offer`."""
    marks = ("f" if offer.final else "") + ("2" if offer.asked_again else "")
    at = milliseconds(offer.since) if offer.since else 0
    return "|".join((str(offer.number), offer.left, offer.right, str(at), marks))


def write_guess(guess: GuessMade) -> tuple[str, str]:
    """A guess as kept with what members said: the field and the value."""
    return f"g{guess.member}.{guess.alias}", guess.origin or ""


def write_praise(praise: PraiseGiven) -> tuple[str, str]:
    """A praise as kept with what members said: the field and the value."""
    return f"p{praise.member}.{praise.facet}", praise.alias


def read_said(
    kept: Mapping[str, str],
) -> tuple[tuple[GuessMade, ...], tuple[PraiseGiven, ...]]:
    """All guesses and praises of a challenge, or those of one member where no more is handed in."""
    guesses: list[GuessMade] = []
    praises: list[PraiseGiven] = []
    for field, value in kept.items():
        member, _, of = field[1:].partition(".")
        if field[0] == "g":
            guesses.append(GuessMade(int(member), of, Origin(value) if value else None))
        elif field[0] == "p":
            praises.append(PraiseGiven(int(member), Facet(of), value))
    return tuple(guesses), tuple(praises)
