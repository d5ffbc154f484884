"""Whether Redis answers, and how far the agenda is behind."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime

from bot.storage import keys
from bot.storage.client import Store
from bot.storage.votes import milliseconds

#: Items looked at in a shard: those that nobody does stay, and may be in front.
LOOKED_AT = 256


class Health:
    """What is to be known of the store from outside."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def ping(self) -> float:
        """How long a round trip takes, in seconds. Raises `StoreUnavailable`."""
        began = time.perf_counter()
        # A read of a key, since on a cluster only that goes the way that all else goes.
        await self._store.call("EXISTS", keys.agenda(0))
        return time.perf_counter() - began

    async def due(self, now: datetime) -> dict[str, float]:
        """For how many seconds the oldest work of each kind has been due, whoever is to do it.

        A kind is a verb, or ``verb@platform``; one that nothing is due of is left out, and so
        is one behind the `LOOKED_AT` oldest items of a shard. Work under a lease or put off is
        not due. Raises `StoreUnavailable`.
        """
        until = milliseconds(now)
        looks = await asyncio.gather(
            *(
                self._store.call(
                    "ZRANGEBYSCORE",
                    keys.agenda(shard),
                    "-inf",
                    until,
                    "WITHSCORES",
                    "LIMIT",
                    0,
                    LOOKED_AT,
                )
                for shard in range(keys.SHARDS)
            )
        )
        oldest: dict[str, float] = {}
        for flat in looks:
            for item, when in zip(flat[::2], flat[1::2], strict=True):
                kind, waited = item.partition(":")[0], (until - int(float(when))) / 1000
                oldest[kind] = max(waited, oldest.get(kind, 0.0))
        return oldest
