"""How a round and its entries are written in Redis, and read from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime

from bot.models import (
    Address,
    Entry,
    Origin,
    Round,
    RoundRef,
    RoundState,
    SpaceRef,
    Tally,
    Twist,
    UserRef,
    Wish,
)
from bot.storage.identities import identities, person
from bot.storage.votes import read_tallies


def place(address: Address) -> str:
    """Where "the latest round here" is looked up: a thread is a place of its own."""
    return f"{address.space}/{address.channel}/{address.thread}"


def moment(text: str) -> datetime:
    """A moment as kept, in milliseconds since 1970."""
    return datetime.fromtimestamp(int(text) / 1000, UTC)


def write_address(address: Address) -> str:
    """Where a round lives, as kept with it."""
    return json.dumps(
        [
            address.space.platform,
            address.space.id,
            address.channel,
            address.thread,
            address.token,
        ]
    )


def read_address(text: str) -> Address:
    """The inverse of `write_address`."""
    platform, space, channel, thread, token = json.loads(text)
    return Address(SpaceRef(platform, space), channel, thread, token)


def read_entry(number: str, text: str) -> Entry:
    """An entry from the JSON that ``entry_add.lua`` wrote."""
    kept = json.loads(text)
    return Entry(
        number=int(number),
        rank=kept["r"],
        text=kept["t"],
        origin=Origin(kept["o"]),
        author=kept["a"],
        lens=kept["l"],
        model=kept["m"],
        parent=kept["p"],
        parent_author=kept["pa"],
        withdrawn=kept.get("x", False),
        novelty=kept["nv"] / 1000 if "nv" in kept else None,
        picture=kept.get("pic", ""),
        hidden=kept.get("hd", ""),
        struck=kept.get("dq", False),
    )


def write_wish(wish: Wish) -> str:
    """What an asker asked for besides the prompt, as kept; nothing where it is nothing."""
    found = {name: value for name, value in asdict(wish).items() if value}
    return json.dumps(found) if found else ""


def read_wish(text: str) -> Wish:
    """The inverse of `write_wish`."""
    kept = json.loads(text) if text else {}
    return Wish(
        twist=kept.get("twist", ""),
        pieces=tuple(kept.get("pieces", ())),
        source=kept.get("source", ""),
        without=tuple(kept.get("without", ())),
        bold=kept.get("bold", False),
    )


def _read_twists(fields: Mapping[str, str], people: Mapping[int, UserRef]) -> tuple[Twist, ...]:
    """The remixes that are still to be written, in no order that means anything."""
    twists: list[Twist] = []
    for name, value in sorted(fields.items()):
        if name.startswith("t:"):
            head, _, text = value.partition(" ")
            member, _, entry = head.partition(".")
            if int(member) in people:  # else the member was forgotten meanwhile
                twists.append(Twist(name[2:], int(member), people[int(member)], int(entry), text))
    return tuple(twists)


def read_round(
    ref: RoundRef,
    fields: Mapping[str, str],
    entries: Mapping[str, str],
    tally: Mapping[str, str],
    people: Mapping[str, str],
) -> Round:
    """A round from its hashes: its own, its entries, its tally and its people."""
    tallies, voters = read_tallies(tally.items())
    for name, value in fields.items():
        if name[0] == "n" and name[1:].isdigit():
            number = int(name[1:])
            tallies[number] = replace(tallies.get(number, Tally()), seen_by=int(value))
    address = read_address(fields["address"])
    kept = {int(m): identity for m, identity in people.items() if identity}
    return Round(
        community=ref.community,
        id=ref.round,
        state=RoundState(fields["state"]),
        prompt=fields["prompt"],
        form=fields["form"],
        asker=int(fields["asker"]),
        address=address,
        wanted=int(fields["wanted"]),
        seed=int(fields["seed"]),
        opened=moment(fields["opened"]),
        closes=moment(fields["closes"]),
        closed=moment(fields["closed"]) if "closed" in fields else None,
        parent=fields["parent"],
        lenses=tuple(name for name in fields.get("lenses", "").split(",") if name),
        entries=tuple(
            sorted((read_entry(*pair) for pair in entries.items()), key=lambda e: e.number)
        ),
        tallies=tallies,
        voters=voters,
        prior=float(fields["prior"]),
        message=fields.get("message", ""),
        result=fields.get("result", ""),
        filled=fields.get("filled", ""),
        periods=tuple(fields[name] for name in ("month", "week") if name in fields),
        first=int(fields.get("first", 1)),
        wish=read_wish(fields.get("wish", "")),
        for_people=fields.get("people", "") == "1",
        theme=fields.get("theme", ""),
        twists=_read_twists(fields, {m: identities(who)[0] for m, who in kept.items()}),
        unwritten=fields.get("unwritten", ""),
        tallies_for=fields.get("tallies") or "vote",
        language=fields.get("language", ""),
        renews=moment(fields["renews"]) if fields.get("renews") else None,
        people={
            m: found
            for m, who in kept.items()
            if (found := person(who, address.space.platform)) is not None
        },
        removed="removed" in fields,
    )
