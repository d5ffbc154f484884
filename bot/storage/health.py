"""Whether Redis answers, and how far the agenda is behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from datetime import datetime

from bot.storage import keys
from bot.storage.client import Store
from bot.storage.votes import milliseconds

#: Items looked at in a shard: those that this process can't do stay, and may be in front.
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

    async def behind(self, now: datetime, able: Collection[str]) -> float:
        """For how many seconds the oldest work that is due has been waiting, 0 where none has.

        Work under a lease or put off is not due. `able` is what counts: verbs, and
        ``verb@platform``. Raises `StoreUnavailable`.
        """
        until = milliseconds(now)

        async def oldest(shard: int) -> int:
            flat = await self._store.call(
                "ZRANGEBYSCORE",
                keys.agenda(shard),
                "-inf",
                until,
                "WITHSCORES",
                "LIMIT",
                0,
                LOOKED_AT,
            )
            due = zip(flat[::2], flat[1::2], strict=True)
            return next(
                (int(float(when)) for item, when in due if item.partition(":")[0] in able), until
            )

        moments = await asyncio.gather(*(oldest(shard) for shard in range(keys.SHARDS)))
        return (until - min(moments)) / 1000
