"""When receipts are shown: in a crowd the clicks go first.

Slack gives up on a click after three seconds, nobody on a receipt that comes a second later.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from contextvars import Context, copy_context
from typing import Any

from adapters.slack.work import Once, Work

MOMENT = 0.02  # seconds without an event that make it quiet
LONGEST = 1.0  # seconds that a receipt waits for clicks
BUNCH = 8  # are begun at a time: drawing a hundred would keep the next click waiting

Showing = Coroutine[Any, Any, object]


class Receipts:
    """Begins to show what came of events when none is being served and for a moment none came, or
    when it has waited long enough. `work` goes on with it, `once` knows when the latest event was.
    """

    def __init__(self, work: Work, once: Once) -> None:
        self._work = work
        self._once = once
        self._waiting: deque[tuple[float, Showing, Context]] = deque()
        self._look: asyncio.TimerHandle | None = None
        self._coming = 0
        self._ending = False
        self._served = 0.0  # when the latest was, by the event loop's clock

    @contextmanager
    def coming(self) -> Iterator[None]:
        """Serve an event whose receipt is to come: while Redis has it, it is not quiet."""
        self._coming += 1
        try:
            yield
        finally:
            self._coming -= 1
            self._served = asyncio.get_running_loop().time()

    def show(self, showing: Showing) -> None:
        """Show this soon."""
        loop = asyncio.get_running_loop()
        self._waiting.append((loop.time() + LONGEST, showing, copy_context()))
        if self._ending:
            self._begin()
        elif self._look is None:
            self._look = loop.call_later(MOMENT, self._go_on, loop)

    def flush(self) -> None:
        """Show all that waits now."""
        while self._waiting:
            self._begin()

    def end(self) -> None:
        """Show all that waits now, and from now on at once what comes: no timer is waited for."""
        self._ending = True
        self.flush()

    def _begin(self) -> None:
        _, showing, context = self._waiting.popleft()
        self._work.start(showing, context)

    def _go_on(self, loop: asyncio.AbstractEventLoop) -> None:
        self._look = None
        now = loop.time()
        quiet = not self._coming and now - max(self._once.came, self._served) >= MOMENT
        while self._waiting and self._waiting[0][0] <= now:
            self._begin()
        if quiet:
            for _ in range(min(BUNCH, len(self._waiting))):
                self._begin()
        if self._waiting:
            self._look = loop.call_later(0 if quiet else MOMENT, self._go_on, loop)
