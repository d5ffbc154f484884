"""A game that answers only once it is let go: what adapters do meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import cast

from bot.app import App
from bot.cards import Reply
from bot.models import SpaceRef, UserRef
from bot.requests import Command


@dataclass
class Slow:
    """Clear the gate, and whoever asks the game waits before it."""

    app: App | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0

    def over(self, app: App) -> App:
        """The game, slowed down."""
        self.app = app
        return cast(App, self)

    @property
    def _game(self) -> App:
        assert self.app is not None
        return self.app

    async def busy(self, count: int = 1) -> None:
        """Wait until so many wait before the gate."""
        for _ in range(20_000):
            if self.waiting >= count:
                return
            await asyncio.sleep(0.001)
        raise AssertionError(f"{self.waiting} wait, and not {count}")

    async def handle(self, command: Command) -> Reply:
        self.waiting += 1
        try:
            await self.gate.wait()
        finally:
            self.waiting -= 1
        return await self._game.handle(command)

    async def left(self, space: SpaceRef) -> None:
        await self._game.left(space)

    async def returned(self, space: SpaceRef) -> None:
        await self._game.returned(space)

    async def joined(self, space: SpaceRef, user: UserRef) -> None:
        await self._game.joined(space, user)

    async def came_with(self, space: SpaceRef, whole: SpaceRef) -> None:
        await self._game.came_with(space, whole)
