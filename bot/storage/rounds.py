"""Rounds and their entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.models import (
    Address,
    Draft,
    Origin,
    RoundRef,
    RoundState,
    SpaceRef,
    UserRef,
    View,
    Wish,
)
from bot.references import short_id
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage import round_records as records
from bot.storage.client import Arg, Store, script
from bot.storage.refusals import refuse
from bot.storage.votes import MOST_ENTRIES, milliseconds, pairs, read_choices

PAST = 500  # texts of a community that new ones are held against
PROMPTS = 50  # prompts that Muse gave people, which the next are held against


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
    wish: Wish = field(default_factory=Wish)
    for_people: bool = False  #: Muse is to find a prompt, on `theme`, and people answer
    theme: str = ""
    painted: bool = False
    tallies_for: str = "vote"
    language: str = ""
    pause: int = 0  #: seconds a member waits after their last round
    quiet: int = 0  #: seconds a channel waits after its last one


@dataclass(frozen=True, slots=True)
class Added:
    """The place an entry got, and the parent's author (0 for Muse or none)."""

    number: int
    parent_author: int


def round_id(event: str) -> str:
    """The id of the round that an event opens: the same for the same event."""
    return short_id("round", event, 12)


def _first_item(ref: RoundRef, opening: Opening, address: Address) -> str:
    """What is to be done first in a new round."""
    if opening.for_people:
        return items.prompt(ref)
    if opening.painted:
        return items.paint(ref, address.space.platform)
    return items.write(ref)


class Rounds:
    """The repository of rounds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def open(
        self,
        community: str,
        event: str,
        user: UserRef | None,
        address: Address,
        opening: Opening,
        now: datetime,
    ) -> RoundRef:
        """Put a round on record with its writing and its close on the agenda, at once. Without
        a `user` it is Muse's own wish.

        The same event gives the same round. Raises `ForeignSpace`, `LimitReached`.
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
                shared.pace,
                shared.rounds,
                keys.round_keys(community, opening.parent or ref.round).record,
            ),
            (
                str(address.space),
                str(user) if user else "",
                records.place(address),
                ref.round,
                milliseconds(now),
                milliseconds(opening.closes),
                _first_item(ref, opening, address),
                items.close(ref),
                opening.wanted,
                *(1000 * opening.pause, 1000 * opening.quiet),
                "0" if opening.for_people and not opening.theme else "",
                *("prompt", opening.prompt, "form", opening.form, "seed", opening.seed),
                *("parent", opening.parent, "address", records.write_address(address)),
                *("lenses", ",".join(opening.lenses)),
                *("wish", records.write_wish(opening.wish)),
                *("people", int(opening.for_people), "theme", opening.theme),
                *("tallies", opening.tallies_for, "language", opening.language),
            ),
        )
        if reply[0] != "ok":
            refuse(reply)
        return ref

    async def latest(self, community: str, address: Address) -> RoundRef | None:
        """The round last opened where the member is."""
        ident = await self._store.call(
            "HGET", keys.community(community).channels, records.place(address)
        )
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
        round_ = records.read_round(ref, pairs(fields), pairs(entries), pairs(tally), pairs(people))
        return View(round_, int(reader or 0), read_choices(mine) if mine else ())

    async def place(self, ref: RoundRef, number: int, draft: Draft) -> None:
        """Put a written draft into the place kept for it; once. Raises `TooLate`, `Refusal`."""
        await self._add(
            ref,
            ("", "", "", number, 0, 0, draft.text, draft.origin, draft.lens, draft.model),
            novelty=draft.novelty,
            picture=draft.picture,
        )

    async def give_prompt(self, ref: RoundRef, prompt: str) -> None:
        """Give people the prompt that Muse found. Raises `NotFound`, `TooLate`."""
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)
        reply = await self._store.run(
            script("round_prompt"), (own.record, shared.prompts), (prompt, PROMPTS)
        )
        if reply[0] != "ok":
            refuse(reply)

    async def let_muse(
        self,
        ref: RoundRef,
        event: str,
        space: SpaceRef,
        lenses: Sequence[str],
        limit: int,
        now: datetime,
    ) -> None:
        """Have Muse answer too where people began, once for each event: a place for each lens,
        as far as `limit`, the most entries of the round, has room.

        Raises `NotFound`, `TooLate`, `LimitReached`, `Refusal`, `ForeignSpace`.
        """
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)
        reply = await self._store.run(
            script("round_answer"),
            (own.record, shared.spaces, shared.agenda),
            (str(space), event, limit, milliseconds(now), items.write(ref), *lenses),
        )
        if reply[0] != "ok":
            refuse(reply)

    async def add(
        self,
        ref: RoundRef,
        event: str,
        space: SpaceRef,
        user: UserRef,
        text: str,
        parent: int,
        limit: int,
        each: int | None = MOST_ENTRIES,
        *,
        origin: Origin = Origin.HUMAN,
        model: str = "",
        now: datetime | None = None,
    ) -> Added:
        """Put a member's entry behind the others; once for each event.

        `limit` is the most entries of the round, `each` the most of one member, None where it
        does not count. `model` is the one that wrote it with them; `now` tells since when a
        new member is one.

        Raises `NotFound`, `TooLate`, `LimitReached`, `Refusal`, `ForeignSpace`.
        """
        return await self._add(
            ref,
            (event, str(space), str(user), 0, limit, parent, text, origin, "", model),
            each=each,
            now=now,
        )

    async def withdraw_entry(
        self, ref: RoundRef, space: SpaceRef, user: UserRef, number: int, now: datetime
    ) -> None:
        """Take one's entry back. Raises `NotFound`, `NotAllowed`, `TooLate`, `ForeignSpace`."""
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)
        reply = await self._store.run(
            script("entry_withdraw"),
            (
                *(own.record, own.entries, shared.spaces, shared.ids, shared.past),
                *(own.votes, own.tally, shared.agenda),
            ),
            (str(space), str(user), number, ref.round, milliseconds(now)),
        )
        if reply[0] != "ok":
            refuse(reply)

    async def withdraw(
        self, ref: RoundRef, space: SpaceRef, user: UserRef, expires: datetime, now: datetime
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
                milliseconds(now),
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
                *(shared.past, shared.rounds, own.reports),
                *boards,
            ),
            (ref.round, hall, milliseconds(now), int(keep.total_seconds() * 1000)),
        )
        return None if reply[0] == "ok" else records.moment(reply[1])

    async def _add(
        self,
        ref: RoundRef,
        args: Sequence[Arg],
        *,
        novelty: float | None = None,
        each: int | None = MOST_ENTRIES,
        picture: str = "",
        now: datetime | None = None,
    ) -> Added:
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)
        reply = await self._store.run(
            script("entry_add"),
            (
                *(own.record, own.entries, shared.record),
                *(shared.spaces, shared.ids, shared.people, shared.past, shared.agenda),
            ),
            (
                *(*args, ref.round, PAST),
                "" if novelty is None else round(1000 * novelty),
                "" if each is None else each,
                picture,
                "" if now is None else milliseconds(now),
            ),
        )
        if reply[0] != "ok":
            refuse(reply)
        return Added(int(reply[1]), int(reply[2]))
