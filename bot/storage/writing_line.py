"""How long the line of what is to be written is, as a new round would find it."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.storage import keys
from bot.storage.client import Store, script
from bot.storage.votes import milliseconds

KEPT = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a new round of a community would wait behind: its own writing that waits and that is
    under way, how many communities wait, and how much is under way in all.
    """

    own_waiting: int
    own_running: int
    communities: int
    running: int


class WritingLine:
    """The repository of it. What is on a community's own shard is read each time. The other
    shards' part is read once in `KEPT` seconds for a whole process: a crowd asks how long it has
    to wait, and one script a shard for each of them would be what it waits for.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._reading = asyncio.Lock()
        self._until = -math.inf  # by the event loop's clock
        self._since = datetime.min.replace(tzinfo=UTC)
        self._shards: tuple[tuple[int, int], ...] = ()  # communities that wait, and under way

    async def ahead(self, community: str, since: datetime, lease_ends: datetime) -> Ahead:
        """What writing of `community` would wait behind.

        What was due before `since` is called waiting; leases end at `lease_ends` at the latest.
        """
        own = keys.shard(community)
        here, shards = await asyncio.gather(
            self._read(own, since, lease_ends, community), self._all(since, lease_ends)
        )
        others = [each for shard, each in enumerate(shards) if shard != own]
        return Ahead(
            own_waiting=here[0],
            own_running=here[1],
            communities=here[2] + sum(waiting for waiting, _ in others),
            running=here[3] + sum(running for _, running in others),
        )

    async def _all(self, since: datetime, lease_ends: datetime) -> tuple[tuple[int, int], ...]:
        async with self._reading:  # who comes meanwhile has what is being read
            now = asyncio.get_running_loop().time()
            # Muse's own clock may have been shifted, so that other work is due.
            shifted = abs(since - self._since) > timedelta(seconds=2 * KEPT)
            if now >= self._until or shifted:
                found = await asyncio.gather(
                    *(self._read(shard, since, lease_ends, "") for shard in range(keys.SHARDS))
                )
                self._shards = tuple((waiting, running) for _, _, waiting, running in found)
                self._until, self._since = asyncio.get_running_loop().time() + KEPT, since
            return self._shards

    async def _read(
        self, shard: int, since: datetime, lease_ends: datetime, community: str
    ) -> list[int]:
        args = (milliseconds(since), milliseconds(lease_ends), community)
        reply = await self._store.run(script("agenda_ahead"), (keys.agenda(shard),), args)
        return [int(each) for each in reply]
