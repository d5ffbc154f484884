"""Whether Muse can play now: Redis answers, and the agenda is not behind."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Collection, Mapping

from bot.errors import StoreUnavailable
from bot.ports import Clock, Ready
from bot.storage.health import Health

REDIS_TIME = 1.0  # seconds that Redis may take
MOST_BEHIND = 60.0  # seconds that work may have been due for


class RedisReady(Ready):
    """Redis answers within a second."""

    name = "redis"

    def __init__(self, health: Health, seconds: float = REDIS_TIME) -> None:
        self._health = health
        self._seconds = seconds

    async def ready(self) -> str:
        """Nothing, or that it does not answer."""
        try:
            async with asyncio.timeout(self._seconds):
                await self._health.ping()
        except (StoreUnavailable, TimeoutError):
            return f"no answer within {self._seconds:g} s"
        return ""


class AgendaReady(Ready):
    """No work that this process could do has been due for longer than a minute."""

    name = "agenda"

    def __init__(
        self,
        health: Health,
        clock: Clock,
        able: Collection[str],
        most: float = MOST_BEHIND,
        seconds: float = REDIS_TIME,
    ) -> None:
        """`able` is what this process can do, as `bot.agenda` has it."""
        self._health = health
        self._clock = clock
        self._able = able
        self._most = most
        self._seconds = seconds

    async def ready(self) -> str:
        """Nothing, or how far behind it is."""
        behind = self.behind(await self.due())
        if behind is None:
            return "can’t be read"
        return f"{math.ceil(behind)} s behind" if behind > self._most else ""

    def behind(self, due: Mapping[str, float] | None) -> float | None:
        """How far this process is behind with what is due, in seconds; None where it is unknown."""
        if due is None:
            return None
        return max((waited for kind, waited in due.items() if kind in self._able), default=0.0)

    async def due(self) -> Mapping[str, float] | None:
        """For how long work of each kind has been due, for this process or another, in seconds;
        None where it can't be read.
        """
        try:
            async with asyncio.timeout(self._seconds):
                return await self._health.due(self._clock.now())
        except (StoreUnavailable, TimeoutError):
            return None
