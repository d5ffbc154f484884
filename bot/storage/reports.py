"""Reports of entries, what organisers decide of them, and what authors are told of that.

A script that may touch boards is told which: those of the month and week that the round closed
in. Where it closes meanwhile, the script says so, and is run again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.challenge_results import ResultNote
from bot.errors import NotFound
from bot.listings import Accusation, Notice, Page, Reported, ReportedContender
from bot.models import Round, RoundRef, SpaceRef, UserRef
from bot.stats.approval import WEIGHT
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.audit import Deed
from bot.storage.client import Reply, Store, script
from bot.storage.contenders import of_challenge, reported_contender
from bot.storage.refusals import refuse
from bot.storage.report_values import (
    KNOWN_FOR,
    MOST_ACCUSED,
    MOST_NOTICES,
    MOST_OTHERS,
    REMEMBERED,
    Decision,
    Outcome,
)
from bot.storage.result_records import read_note
from bot.storage.rounds import Rounds
from bot.storage.votes import milliseconds, pairs

ALL_TIME = "all"
_TRIES = 3


class Reports:
    """The repository of reports."""

    def __init__(self, store: Store, rounds: Rounds) -> None:
        self._store = store
        self._rounds = rounds

    async def report(
        self,
        ref: RoundRef,
        space: SpaceRef,
        user: UserRef,
        number: int,
        why: str,
        now: datetime,
        most: int,
        *,
        gated: bool = False,
    ) -> Outcome:
        """Put a report on record, once a member and entry. `most` of members of standing hide
        the entry, 0 never; `gated` says that a gate is closed to this one.

        Raises `NotFound`, `TooLate`, `Refusal`, `ForeignSpace`.
        """
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)

        def run(periods: str, boards: Sequence[str]) -> Awaitable[Reply]:
            return self._store.run(
                script("report"),
                (
                    *(own.record, own.entries, own.votes, own.tally, shared.pieces, own.reports),
                    *(shared.reported, shared.accused, shared.spaces, shared.record),
                    *(shared.ids, shared.people, shared.agenda, *boards),
                ),
                (
                    *(str(space), str(user), number, why, milliseconds(now), most),
                    *("1" if gated else "", ref.round, MOST_OTHERS),
                    *(milliseconds(now - KNOWN_FOR), periods),
                    *(milliseconds(now - REMEMBERED), MOST_ACCUSED),
                ),
            )

        return Outcome((await self._with_boards(ref, space, run))[1])

    async def decide(
        self, ref: RoundRef, space: SpaceRef, number: int, decision: Decision, deed: Deed
    ) -> bool:
        """Do what an organiser decided; whether that changed anything.

        Raises `NotFound`, `TooLate`, `ForeignSpace`.
        """
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)

        def run(periods: str, boards: Sequence[str]) -> Awaitable[Reply]:
            return self._store.run(
                script("entry_decide"),
                (
                    *(own.record, own.entries, own.votes, own.tally, shared.pieces),
                    *(shared.reported, shared.notices, shared.spaces),
                    *(shared.agenda, *boards),
                    *deed.keys(ref.community),
                ),
                (
                    *(str(space), number, decision, ref.round, WEIGHT, periods, MOST_NOTICES),
                    *deed.args(),
                ),
            )

        return bool((await self._with_boards(ref, space, run))[1])

    async def delete_round(
        self, ref: RoundRef, space: SpaceRef, expires: datetime, deed: Deed
    ) -> bool:
        """Remove a round with its texts; whether it was there to be removed.

        Raises `NotFound`, `ForeignSpace`.
        """
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)

        def run(periods: str, boards: Sequence[str]) -> Awaitable[Reply]:
            return self._store.run(
                script("round_delete"),
                (
                    *(own.record, own.entries, own.votes, own.tally, shared.pieces),
                    *(shared.reported, own.reports, shared.past, shared.prompts),
                    *(shared.agenda, shared.tries, shared.spaces, *boards),
                    *deed.keys(ref.community),
                ),
                (
                    *(str(space), ref.round, items.write(ref), items.close(ref)),
                    *(items.expire(ref), milliseconds(expires), periods, *deed.args()),
                ),
            )

        return bool((await self._with_boards(ref, space, run))[1])

    async def queue(
        self, community: str, first: int, count: int
    ) -> Page[Reported | ReportedContender]:
        """What was reported and is not decided, the latest first, from row `first` on."""
        shared = keys.community(community)
        total = int(await self._store.call("ZCARD", shared.reported))
        names = await self._store.call("ZREVRANGE", shared.reported, first, first + count - 1)
        found = await asyncio.gather(*(self._reported(community, name) for name in names))
        gone = [name for name, row in zip(names, found, strict=True) if row is None]
        if gone:  # their authors took them back, or their rounds have gone
            await self._store.call("ZREM", shared.reported, *gone)
        return Page(total - len(gone), tuple(row for row in found if row is not None))

    async def accusations(self, community: str, now: datetime) -> tuple[Accusation, ...]:
        """Who reported whose entries of late."""
        since = milliseconds(now - REMEMBERED)
        names = await self._store.call(
            "ZRANGEBYSCORE", keys.community(community).accused, since, "+inf"
        )
        return tuple(
            Accusation(int(author), int(reporter), piece)
            for author, reporter, piece in (name.split(".", 2) for name in names)
        )

    async def notices(self, community: str, user: UserRef) -> tuple[Notice | ResultNote, ...]:
        """What a member is to be told, of their entries and of challenges; it is told once."""
        kept = await self._store.run(
            script("notices_take"), (keys.community(community).notices,), (str(user),)
        )
        return tuple(
            read_note(fields)
            if "x" in fields
            else Notice(fields["n"], fields["q"], fields["y"], fields.get("k", ""))
            for fields in map(json.loads, kept)
        )

    async def _reported(self, community: str, name: str) -> Reported | ReportedContender | None:
        if of_challenge(name):
            return await reported_contender(self._store, community, name)
        ident, _, number = name.partition("/")
        ref = RoundRef(community, ident)
        try:
            round_ = (await self._rounds.read(ref)).round
        except NotFound:
            return None
        entry = next((e for e in round_.entries if e.number == int(number)), None)
        if entry is None or entry.withdrawn:
            return None
        flat = await self._store.call("HGETALL", keys.round_keys(community, ident).reports)
        kept = pairs(flat)
        given = [text for field, text in sorted(kept.items()) if field.startswith(f"{number}.")]
        whys = [text.partition(" ")[2] for text in sorted(given, reverse=True)]  # standing first
        return Reported(
            round=ident,
            entry=entry,
            prompt=round_.prompt,
            reports=int(kept.get(f"n{number}", 0)),
            of_standing=int(kept.get(f"s{number}", 0)),
            reasons=tuple(why for why in whys if why),
        )

    async def _with_boards(
        self,
        ref: RoundRef,
        space: SpaceRef,
        run: Callable[[str, Sequence[str]], Awaitable[Reply]],
    ) -> Reply:
        """What the script says once it was told the right boards."""
        for _ in range(_TRIES):
            round_ = (await self._rounds.read(ref, space)).round
            reply = await run(" ".join(round_.periods), _boards(round_))
            if reply[0] != "moved":
                break
        if reply[0] != "ok":
            refuse(reply)
        return reply


def _boards(round_: Round) -> list[str]:
    """The boards of entries and of people that a closed round is on."""
    if not round_.periods:
        return []
    shared = keys.community(round_.community)
    return [
        shared.board(board, period)
        for period in (ALL_TIME, *round_.periods)
        for board in ("entries", "people")
    ]
