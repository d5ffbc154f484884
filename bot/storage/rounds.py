"""Rounds and their entries."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.models import (
    Address,
    Draft,
    Entry,
    Origin,
    Round,
    RoundState,
    SpaceRef,
    Tally,
    UserRef,
    View,
)
from bot.requests import RoundRef
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.client import Arg, Store, script
from bot.storage.refusals import refuse
from bot.storage.spaces import short_id
from bot.storage.votes import MOST_ENTRIES, milliseconds, pairs, read_choices, read_tallies

PAST = 500  # texts of a community that new ones are held against


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new round is opened with."""

    prompt: str
    form: str
    wanted: int
    seed: int
    closes: datetime
    parent: str = ""
    lenses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """The place an entry got, and the parent's author (0 for Muse or none)."""

    number: int
    parent_author: int


def round_id(event: str) -> str:
    """The id of the round that an event opens: the same for the same event."""
    return short_id("round", event, 12)


class Rounds:
    """The repository of rounds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def open(
        self,
        community: str,
        event: str,
        user: UserRef,
        address: Address,
        opening: Opening,
        now: datetime,
    ) -> RoundRef:
        """Put a round on record with its writing and its close on the agenda, at once.

        The same event gives the same round. Raises `ForeignSpace`.
        """
        ref = RoundRef(community, round_id(event))
        shared = keys.community(community)
        reply = await self._store.run(
            script("round_open"),
            (
                shared.record,
                shared.spaces,
                shared.ids,
                shared.people,
                keys.round_keys(community, ref.round).record,
                shared.channels,
                shared.agenda,
            ),
            (
                str(address.space),
                str(user),
                _place(address),
                ref.round,
                milliseconds(now),
                milliseconds(opening.closes),
                items.write(ref),
                items.close(ref),
                opening.wanted,
                *("prompt", opening.prompt, "form", opening.form, "seed", opening.seed),
                *("parent", opening.parent, "address", _write_address(address)),
                *("lenses", ",".join(opening.lenses)),
            ),
        )
        if reply[0] != "ok":
            refuse(reply)
        return ref

    async def latest(self, community: str, address: Address) -> RoundRef | None:
        """The round last opened where the member is."""
        ident = await self._store.call("HGET", keys.community(community).channels, _place(address))
        return RoundRef(community, ident) if ident else None

    async def read(
        self, ref: RoundRef, space: SpaceRef | None = None, user: UserRef | None = None
    ) -> View:
        """A round whole. With `space`, only where it is one of the community's.

        Raises `NotFound`, `ForeignSpace`.
        """
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)
        reply = await self._store.run(
            script("round_read"),
            (
                own.record,
                own.entries,
                own.votes,
                own.tally,
                shared.spaces,
                shared.ids,
                shared.people,
            ),
            (str(space) if space else "", str(user) if user else ""),
        )
        if reply[0] != "ok":
            refuse(reply)
        _, fields, entries, tally, people, reader, mine = reply
        round_ = _read_round(ref, pairs(fields), pairs(entries), pairs(tally), pairs(people))
        return View(round_, int(reader or 0), read_choices(mine) if mine else ())

    async def place(self, ref: RoundRef, number: int, draft: Draft) -> None:
        """Put a written draft into the place kept for it; once. Raises `TooLate`, `Refusal`."""
        await self._add(
            ref,
            ("", "", "", number, 0, 0, draft.text, draft.origin, draft.lens, draft.model),
            novelty=draft.novelty,
        )

    async def add(
        self,
        ref: RoundRef,
        event: str,
        space: SpaceRef,
        user: UserRef,
        text: str,
        parent: int,
        limit: int,
        each: int = MOST_ENTRIES,
    ) -> Added:
        """Put a member's entry behind the others; once for each event.

        `limit` is the most entries of the round, `each` the most of one member.

        Raises `NotFound`, `TooLate`, `LimitReached`, `Refusal`, `ForeignSpace`.
        """
        return await self._add(
            ref,
            (event, str(space), str(user), 0, limit, parent, text, Origin.HUMAN, "", ""),
            each=each,
        )

    async def withdraw_entry(
        self, ref: RoundRef, space: SpaceRef, user: UserRef, number: int
    ) -> None:
        """Take one's entry back. Raises `NotFound`, `NotAllowed`, `TooLate`, `ForeignSpace`."""
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)
        reply = await self._store.run(
            script("entry_withdraw"),
            (
                *(own.record, own.entries, shared.spaces, shared.ids, shared.past),
                *(own.votes, own.tally),
            ),
            (str(space), str(user), number, ref.round),
        )
        if reply[0] != "ok":
            refuse(reply)

    async def withdraw(
        self, ref: RoundRef, space: SpaceRef, user: UserRef, expires: datetime
    ) -> None:
        """Take a round back. Raises `NotFound`, `NotAllowed`, `TooLate`, `ForeignSpace`."""
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)
        reply = await self._store.run(
            script("round_withdraw"),
            (
                *(own.record, own.entries, shared.spaces, shared.ids),
                *(shared.agenda, shared.tries, shared.past),
            ),
            (
                *(str(space), str(user), ref.round),
                *(items.write(ref), items.close(ref), items.expire(ref), milliseconds(expires)),
            ),
        )
        if reply[0] != "ok":
            refuse(reply)

    async def note(self, ref: RoundRef, expected: RoundState | None = None, **fields: Arg) -> bool:
        """Note something on a round that is (still) in the `expected` state; whether it was."""
        flat = [part for pair in fields.items() for part in pair]
        reply = await self._store.run(
            script("round_note"),
            (keys.round_keys(ref.community, ref.round).record,),
            (expected or "", *flat),
        )
        return bool(reply[0] == "ok")

    async def expire(
        self, ref: RoundRef, periods: Sequence[str], hall: int, keep: timedelta, now: datetime
    ) -> datetime | None:
        """Let a round go that has been kept long enough; else when it is due.

        `periods` are the month and the week whose boards it is on.
        """
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)
        boards = [
            shared.board(board, period)
            for period in periods
            for board in ("entries", "people", "lenses")
        ]
        reply = await self._store.run(
            script("round_expire"),
            (
                *(own.record, own.entries, own.votes, own.tally),
                *(shared.channels, shared.pieces, shared.hall, shared.board("entries", "all")),
                shared.past,
                *boards,
            ),
            (ref.round, hall, milliseconds(now), int(keep.total_seconds() * 1000)),
        )
        return None if reply[0] == "ok" else _moment(reply[1])

    async def _add(
        self,
        ref: RoundRef,
        args: Sequence[Arg],
        *,
        novelty: float | None = None,
        each: int = MOST_ENTRIES,
    ) -> Added:
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)
        reply = await self._store.run(
            script("entry_add"),
            (
                *(own.record, own.entries, shared.record),
                *(shared.spaces, shared.ids, shared.people, shared.past),
            ),
            (*args, ref.round, PAST, "" if novelty is None else round(1000 * novelty), each),
        )
        if reply[0] != "ok":
            refuse(reply)
        return Added(int(reply[1]), int(reply[2]))


def _place(address: Address) -> str:
    """Where "the latest round here" is looked up: a thread is a place of its own."""
    return f"{address.space}/{address.channel}/{address.thread}"


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(int(text) / 1000, UTC)


def _write_address(address: Address) -> str:
    return json.dumps(
        [
            address.space.platform,
            address.space.id,
            address.channel,
            address.thread,
            address.token,
        ]
    )


def _read_address(text: str) -> Address:
    platform, space, channel, thread, token = json.loads(text)
    return Address(SpaceRef(platform, space), channel, thread, token)


def _read_entry(number: str, text: str) -> Entry:
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


def _read_round(
    ref: RoundRef,
    fields: Mapping[str, str],
    entries: Mapping[str, str],
    tally: Mapping[str, str],
    people: Mapping[str, str],
) -> Round:
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
        address=_read_address(fields["address"]),
        wanted=int(fields["wanted"]),
        seed=int(fields["seed"]),
        opened=_moment(fields["opened"]),
        closes=_moment(fields["closes"]),
        closed=_moment(fields["closed"]) if "closed" in fields else None,
        parent=fields["parent"],
        lenses=tuple(name for name in fields.get("lenses", "").split(",") if name),
        entries=tuple(
            sorted((_read_entry(*pair) for pair in entries.items()), key=lambda e: e.number)
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
