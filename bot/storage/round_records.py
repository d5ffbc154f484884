"""How a round and its entries are written in Redis, and read from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.models import Address, Entry, Origin, Round, RoundState, SpaceRef, Tally, UserRef
from bot.requests import RoundRef
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
    )


def read_round(
    ref: RoundRef,
    fields: Mapping[str, str],
    entries: Mapping[str, str],
    tally: Mapping[str, str],
    people: Mapping[str, str],
) -> Round:
    """A round from its hashes: its own, its entries, its tally and its people."""
    tallies, voters = read_tallies(tally)
    for name, value in fields.items():
        if name[0] == "n" and name[1:].isdigit():
            number = int(name[1:])
            tallies[number] = replace(tallies.get(number, Tally()), seen_by=int(value))
    return Round(
        community=ref.community,
        id=ref.round,
        state=RoundState(fields["state"]),
        prompt=fields["prompt"],
        form=fields["form"],
        asker=int(fields["asker"]),
        address=read_address(fields["address"]),
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
        people={int(m): UserRef.parse(identity) for m, identity in people.items() if identity},
    )
