"""What goes on after Slack has its answer, and what Slack sends more than once."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from functools import partial
from typing import Any

from adapters.slack.limits import ACK_SECONDS
from adapters.slack.payloads import PLATFORM
from bot.errors import StageFailed
from bot.figures import ACKNOWLEDGED
from bot.ports import Meter, Unmetered
from bot.references import following

log = logging.getLogger(__name__)

Json = dict[str, Any]

_SEEN = 20_000  # events kept in memory; Slack sends one again within minutes
#: Seconds that an event may take before it is acknowledged all the same.
ACK_WITHIN = ACK_SECONDS - 1.0


class Work:
    """Tasks under way. Whoever made it drains it at the end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, object], context: Context | None = None) -> None:
        """Go on with something that nobody waits for; what goes wrong is in the log.

        `context` is that of the event it comes of, where this is called later.
        """
        self._keep(asyncio.create_task(_logged(work), context=context))

    async def drain(self, seconds: float) -> None:
        """Wait until all is done; after that many seconds what is left is given up."""
        loop = asyncio.get_running_loop()
        end, late = loop.time() + seconds, set[asyncio.Task[Any]]()
        while self._tasks and not late:  # what is done may have begun something more
            _, late = await asyncio.wait(self._tasks, timeout=max(0.0, end - loop.time()))
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def settle(self) -> None:
        """Wait until all is done."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _keep(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class Once:
    """Gives an event that comes again the answer that it had, and does nothing.

    What went wrong is served anew, should Slack send it once more.
    """

    def __init__(self, meter: Meter | None = None) -> None:
        self._meter = meter or Unmetered()
        self._serving: dict[str, asyncio.Task[Json | None]] = {}
        # Of what is done only its answer: a task would keep all that it was served with.
        self._answers: OrderedDict[str, Json | None] = OrderedDict()
        self.came = 0.0  #: when the latest was, by the event loop's clock

    async def answer(self, event: str, serve: Callable[[], Awaitable[Json | None]]) -> Json | None:
        """What `serve` answered when the event came first; None where that takes too long, and
        it goes on.
        """
        began = time.perf_counter()
        try:
            return await self._answered(event, serve)
        finally:
            self._meter.took(ACKNOWLEDGED, time.perf_counter() - began, PLATFORM)

    async def _answered(
        self, event: str, serve: Callable[[], Awaitable[Json | None]]
    ) -> Json | None:
        if event in self._answers:
            return self._answers[event]
        task = self._serving.get(event)
        if task is None:
            task = self._serving[event] = asyncio.create_task(_followed(event, serve))
            task.add_done_callback(partial(self._served, event))
            self.came = asyncio.get_running_loop().time()
        if not task.done():
            await asyncio.wait((task,), timeout=ACK_WITHIN)
        if task.done():
            return task.result()
        log.info("an event is acknowledged before it is served")
        task.add_done_callback(_late)
        return None

    def _served(self, event: str, task: asyncio.Task[Json | None]) -> None:
        del self._serving[event]
        if not task.cancelled() and task.exception() is None:
            self._answers[event] = task.result()
            if len(self._answers) > _SEEN:
                self._answers.popitem(last=False)

    async def settle(self, seconds: float) -> None:
        """Wait until what is being served has its answer, but not longer than that."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while self._serving:
            _, late = await asyncio.wait(
                self._serving.values(), timeout=max(0.0, end - loop.time())
            )
            if late:
                return


def _late(task: asyncio.Task[Any]) -> None:
    """Tell the log of what nobody waits for any more."""
    error = None if task.cancelled() else task.exception()
    if isinstance(error, StageFailed):
        log.warning("an event could not be served: %s", error)
    elif error is not None:
        log.error("unexpected, after an event was acknowledged", exc_info=error)


async def _followed(event: str, serve: Callable[[], Awaitable[Json | None]]) -> Json | None:
    with following(event):
        return await serve()


async def _logged(work: Coroutine[Any, Any, object]) -> None:
    try:
        await work
    except StageFailed as failure:
        log.warning("an answer did not get through: %s", failure)
    except Exception:  # nobody waits for it: the log is where it is told
        log.exception("unexpected, after an event was acknowledged")
