"""Edits of a message, no faster than Discord bears: of many, the last state is always shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field

from bot.cards import Card
from bot.errors import StageFailed

log = logging.getLogger(__name__)

Show = Callable[[Card], Awaitable[None]]


@dataclass(slots=True)
class _Line:
    """What is to be shown on one message, and who waits for it."""

    show: Show
    card: Card
    waiting: list[asyncio.Future[None]] = field(default_factory=list)
    fresh: bool = True  #: whether `card` has still to be shown


class Pacing:
    """Shows cards on messages, one at a time each, with `pause` seconds between."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._lines: dict[Hashable, _Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def show(self, key: Hashable, card: Card, show: Show) -> asyncio.Future[None]:
        """Show a card on the message `key`: at once, or after the pause in place of others.

        The future is done once this card or a later one is shown; it has the error of the one
        that was tried last.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = _Line(show, card)
            task = asyncio.create_task(self._go_on(key, line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        else:
            line.show, line.card, line.fresh = show, card, True
        line.waiting.append(done)
        return done

    async def settle(self) -> None:
        """Wait until every message shows its last card."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _go_on(self, key: Hashable, line: _Line) -> None:
        try:
            while line.fresh:
                line.fresh = False
                waiting, line.waiting = line.waiting, []
                await self._once(line, waiting)
                await asyncio.sleep(self._pause)
        finally:
            del self._lines[key]
            for each in line.waiting:
                each.cancel()

    async def _once(self, line: _Line, waiting: list[asyncio.Future[None]]) -> None:
        failed: Exception | None = None
        try:
            await line.show(line.card)
        except StageFailed as error:
            failed = error
        except Exception as error:  # whoever waits gets it; none may wait for ever
            log.exception("a message could not be edited")
            failed = error
        for each in waiting:
            if each.done():
                continue
            if failed is None:
                each.set_result(None)
            else:
                each.set_exception(failed)
                each.exception()  # seen: nobody may be waiting for a passing state
