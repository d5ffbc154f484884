"""Spaces and their communities: who a space belongs to, kept in memory once known."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot.models import SpaceRef
from bot.references import short_id
from bot.storage import keys
from bot.storage.client import Store, script
from bot.storage.votes import milliseconds

KEPT = (
    2.0  # seconds: what moved in another process is seen by then, by a script's "foreign" at once
)
_REMEMBERED = 100_000  # spaces kept in memory, about 30 MB


@dataclass(frozen=True, slots=True)
class Community:
    """What the core knows of a space's community before it reads anything else."""

    id: str
    zone: str
    move: str = ""  #: the move that brought the space there, of several that may have


class Spaces:
    """The repository of spaces."""

    def __init__(self, store: Store, zone: str) -> None:
        self._store = store
        self._zone = zone
        self._known: dict[SpaceRef, tuple[float, Community]] = {}

    async def community(self, space: SpaceRef, now: datetime) -> Community:
        """The community of a space, made with the first use."""
        seconds = asyncio.get_running_loop().time()
        known = self._known.get(space)
        if known is not None and seconds < known[0]:
            return known[1]
        ident = await self._store.call("GET", keys.space(space))
        if ident is None:
            ident = first_community_id(space)
            await self._make(ident, space, now)
            if space.outer is not None:  # before it is named: none may be left behind with it
                await self._store.call("SADD", keys.within(space.outer), str(space))
            # Two processes may be here at once; both make the same community, and the
            # first to name it wins.
            await self._store.call("SET", keys.space(space), ident, "NX")
            ident = await self._store.call("GET", keys.space(space))
        ident, _, move = ident.partition(" ")
        community = Community(ident, await self.zone(ident), move)
        if len(self._known) >= _REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[space] = (seconds + KEPT, community)
        return community

    def forget(self, space: SpaceRef) -> None:
        """Read a space anew next time: a script said that it has moved."""
        self._known.pop(space, None)

    async def zone(self, community: str) -> str:
        """The IANA zone of a community, in which its weeks begin."""
        zone = await self._store.call("HGET", keys.community(community).record, "zone")
        return str(zone or self._zone)

    async def _make(self, ident: str, space: SpaceRef, now: datetime) -> None:
        community = keys.community(ident)
        await self._store.run(
            script("community_make"),
            (
                community.record,
                community.spaces,
                keys.communities(keys.shard(ident)),
                community.gone,
            ),
            (ident, str(space), self._zone, milliseconds(now)),
        )


def pointed_at(pointer: str) -> str:
    """The community that a space's pointer names, without the move that put it there."""
    return pointer.partition(" ")[0]


def first_community_id(space: SpaceRef) -> str:
    """The id of the community that a space begins with.

    Drawn from the space's name, so that making it twice makes one.
    """
    return short_id("community", str(space), 10)
