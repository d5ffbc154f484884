"""The boards as kept: a close takes a round into all of them, a page is one round trip."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from bot.listings import EntryRow, LensRow, Page, PersonRow
from bot.models import Origin, RoundRef, SpaceRef, UserRef
from bot.stats.approval import WEIGHT
from bot.stats.lens_choice import DISCOUNT
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.client import Store, script
from bot.storage.identities import person
from bot.storage.refusals import refuse
from bot.storage.votes import milliseconds, pairs

ALL_TIME = "all"


@dataclass(frozen=True, slots=True)
class Closer:
    """Who closes a round early, and by which event."""

    event: str
    space: SpaceRef
    user: UserRef
    manages: bool


class Boards:
    """The repository of the boards."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def close(
        self,
        ref: RoundRef,
        by: Closer | None,
        month: str,
        week: str,
        now: datetime,
        expires: datetime,
    ) -> datetime | None:
        """Close a round and take it into the boards of its month, its week and all time, at
        once and only once. `by` is None at the deadline; a deadline that has not come is
        returned. Raises `NotFound`, `NotAllowed`, `TooLate`, `ForeignSpace`.
        """
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)
        boards = [
            shared.board(board, period)
            for period in (ALL_TIME, month, week)
            for board in ("entries", "people", "lenses")
        ]
        reply = await self._store.run(
            script("round_close"),
            (
                *(own.record, own.entries, own.votes, own.tally),
                *(shared.record, shared.spaces, shared.ids, shared.pieces, shared.agenda),
                *(shared.lenses, shared.tries),
                *boards,
            ),
            (
                milliseconds(now),
                ref.round,
                by.event if by else "deadline",
                str(by.space) if by else "",
                str(by.user) if by else "",
                int(by.manages) if by else 0,
                items.write(ref),
                items.close(ref),
                items.announce(ref),
                items.expire(ref),
                milliseconds(expires),
                WEIGHT,
                month,
                week,
                DISCOUNT,
            ),
        )
        if reply[0] == "early":
            return datetime.fromtimestamp(int(reply[1]) / 1000, UTC)
        if reply[0] != "ok":
            refuse(reply)
        return None

    async def entries(
        self, community: str, period: str, first: int, count: int, platform: str = ""
    ) -> Page[EntryRow]:
        """Entries by approval score, from row `first` (0 is the top), for a reader there."""
        total, ranked = await self._page(community, "entries", period, first, count, 4)
        return Page(total, tuple([_read_entry(platform, rank, *row) for rank, row in ranked]))

    async def people(
        self, community: str, period: str, first: int, count: int, platform: str = ""
    ) -> Page[PersonRow]:
        """Members by points, from row `first` (0 is the top), for a reader on `platform`."""
        total, ranked = await self._page(community, "people", period, first, count, 3)
        return Page(
            total,
            tuple(
                PersonRow(rank, float(points), person(identity, platform))
                for rank, (_, points, identity) in ranked
            ),
        )

    async def lenses(self, community: str, period: str) -> tuple[LensRow, ...]:
        """Every lens that was seen by a voter, in no order. There are few."""
        flat = await self._store.call("HGETALL", keys.community(community).board("lenses", period))
        return _read_lenses(pairs(flat))

    async def _page(
        self, community: str, board: str, period: str, first: int, count: int, width: int
    ) -> tuple[int, list[tuple[int, Sequence[str]]]]:
        """The total, and each row with its rank. Rows of equal score share the first's rank."""
        shared = keys.community(community)
        total, rank, flat = await self._store.run(
            script("board_page"),
            (shared.board(board, period), shared.pieces, shared.people),
            (first, first + count - 1, board),
        )
        rows = [flat[start : start + width] for start in range(0, len(flat), width)]
        ranked: list[tuple[int, Sequence[str]]] = []
        for place, row in enumerate(rows):
            if place and row[1] != rows[place - 1][1]:
                rank = first + place + 1
            ranked.append((int(rank), row))
        return int(total), ranked


@lru_cache(2048)  # the first pages are read again and again, and change little
def _read_entry(
    platform: str, rank: int, piece: str, score: str, kept: str, author: str
) -> EntryRow:
    ident, _, number = piece.partition("/")
    written, _, text = kept.partition(" ")
    fields = json.loads(text)
    return EntryRow(
        rank=rank,
        round=ident,
        number=int(number),
        score=float(score),
        text=fields["t"],
        prompt=fields["q"],
        form=fields["f"],
        origin=Origin(fields["o"]),
        lens=fields["l"],
        approvals=fields["a"],
        seen_by=fields["n"],
        author=person(author, platform),
        written=written == "0",
    )


def _read_lenses(fields: Mapping[str, str]) -> tuple[LensRow, ...]:
    names = sorted({name.rpartition(":")[0] for name in fields})
    return tuple(
        LensRow(
            name,
            int(fields.get(f"{name}:a", 0)),
            int(fields.get(f"{name}:n", 0)),
            int(fields.get(f"{name}:r", 0)),
        )
        for name in names
    )
