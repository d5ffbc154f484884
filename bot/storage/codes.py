"""Codes that link places and identities: kept as prints, used once, and tried a few times only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.models import Address, UserRef
from bot.storage import keys
from bot.storage.client import Store, script
from bot.storage.refusals import refuse
from bot.storage.round_records import read_address, write_address
from bot.storage.votes import milliseconds

_DAY = 86_400_000  # milliseconds: how long Redis keeps a code at most, whatever the clock says


@dataclass(frozen=True, slots=True)
class Invite:
    """What a place's code stands for: a community, and where it was asked for."""

    community: str
    address: Address


class Codes:
    """The repository of codes. `shown` is what is kept of one (`bot.community.codes.print_of`)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def put_for_place(
        self, shown: str, community: str, address: Address, until: datetime
    ) -> None:
        """Keep a code under which a place may join a community."""
        kept = write_address(replace(address, token=""))
        await self._store.run(
            script("code_make"),
            (keys.place_code(shown),),
            (community, kept, milliseconds(until), _DAY),
        )

    async def find_place(self, shown: str, now: datetime) -> Invite:
        """What a place's code stands for. Raises `NotFound` where it is wrong, used or over."""
        reply = await self._store.run(
            script("code_find"), (keys.place_code(shown),), (milliseconds(now),)
        )
        if reply[0] != "ok":
            refuse(reply)
        return Invite(reply[1], read_address(reply[2]))

    async def put_for_member(
        self, community: str, shown: str, user: UserRef, until: datetime, now: datetime
    ) -> None:
        """Keep a code under which another identity may be linked to a member."""
        shared = keys.community(community)
        await self._store.run(
            script("code_put"),
            (shared.record, shared.ids, shared.people, shared.member_code(shown)),
            (str(user), milliseconds(until), _DAY, milliseconds(now)),
        )

    async def count(
        self, community: str, who: str, event: str, most: int, per: timedelta, now: datetime
    ) -> None:
        """Count a try with a code before anything is looked at; once for each event.

        `who` stands for a space or a member. Raises `LimitReached` over `most` tries `per` time.
        """
        reply = await self._store.run(
            script("code_try"),
            (keys.community(community).tried(who),),
            (event, milliseconds(now), int(per.total_seconds() * 1000), most),
        )
        if reply[0] != "ok":
            refuse(reply)

    async def forgive(self, community: str, who: str, event: str) -> None:
        """Count a try no more: the code was right."""
        await self._store.call("ZREM", keys.community(community).tried(who), event)
