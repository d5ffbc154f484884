"""How fast Slack is asked: within each method's tier, and obeying Retry-After.

A workspace's calls of a method share an allowance (https://docs.slack.dev/apis/web-api/rate-limits).
Of many changes to one message the last is always shown; those between may be left out. Measured
with the event loop's clock, which nobody shifts.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field

from adapters.slack.limits import PER_MINUTE
from adapters.slack.troubles import RateLimited
from bot.cards import Card
from bot.errors import StageFailed

log = logging.getLogger(__name__)

BURST = 0.4  # of a minute's allowance that may be used at once
LONGEST_WAIT = 60.0  # seconds that a call waits for its turn before its caller is told
TRIES = 4  # of showing one state, where Slack asks to wait


@dataclass(slots=True)
class _Allowance:
    """Calls that may still be made now, filling up with time."""

    per_second: float
    most: float
    left: float
    at: float
    closed_until: float = 0.0

    def wait(self, now: float) -> float:
        """Take one call; the seconds until it may be made."""
        self.left = min(self.most, self.left + (now - self.at) * self.per_second)
        self.at = now
        self.left -= 1
        by_tier = -self.left / self.per_second if self.left < 0 else 0.0
        return max(by_tier, self.closed_until - now)


class Rates:
    """The allowances of all workspaces."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], _Allowance] = {}

    async def turn(self, team: str, method: str) -> None:
        """Wait until a method may be called. Raises `RateLimited` where that is too long."""
        allowance = self._allowance(team, method)
        if allowance is None:
            return
        seconds = allowance.wait(_now())
        if seconds > LONGEST_WAIT:
            allowance.left += 1
            raise RateLimited(seconds)
        if seconds > 0:
            await asyncio.sleep(seconds)

    def close(self, team: str, method: str, seconds: float) -> None:
        """Ask nothing of a method for a while: Slack said so."""
        key = (team, method)
        if key not in self._held:
            self._held[key] = _fresh(PER_MINUTE.get(method, 60))
        self._held[key].closed_until = max(self._held[key].closed_until, _now() + seconds)

    def _allowance(self, team: str, method: str) -> _Allowance | None:
        key = (team, method)
        if key not in self._held and method in PER_MINUTE:
            self._held[key] = _fresh(PER_MINUTE[method])
        return self._held.get(key)


def _fresh(per_minute: int) -> _Allowance:
    most = max(1.0, per_minute * BURST)
    return _Allowance(per_minute / 60, most, most, _now())


def _now() -> float:
    return asyncio.get_running_loop().time()


Show = Callable[[Card], Awaitable[None]]


@dataclass(slots=True)
class _Line:
    """What is to be shown on one message, and who waits for it."""

    card: Card
    fresh: bool = True  #: whether `card` has still to be shown
    waiting: list[asyncio.Future[None]] = field(default_factory=list)


class Latest:
    """Shows cards on messages, one at a time each: while one is on its way, only the last of
    those that come meanwhile is kept.
    """

    def __init__(self) -> None:
        self._lines: dict[Hashable, _Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def show(self, key: Hashable, card: Card, show: Show) -> asyncio.Future[None]:
        """Show a card on the message `key`. The future is done once it or a later one is shown,
        or has the error of the try that failed.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = _Line(card)
            task = asyncio.create_task(self._go_on(key, line, show))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        else:
            line.card, line.fresh = card, True
        line.waiting.append(done)
        return done

    async def settle(self) -> None:
        """Wait until every message shows its last card."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Give up what is not shown yet: the agenda shows it later."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for key in list(self._lines):  # what had not even begun
            self._end(key)

    async def _go_on(self, key: Hashable, line: _Line, show: Show) -> None:
        waiting: list[asyncio.Future[None]] = []
        try:
            while line.fresh:
                line.fresh = False
                waiting, line.waiting = line.waiting, []
                try:
                    await self._until_shown(line, show)
                except StageFailed as failed:
                    _tell(waiting, failed)
                except Exception as failed:  # whoever waits gets it; none may wait for ever
                    log.exception("a message could not be changed")
                    _tell(waiting, failed)
                else:
                    _tell(waiting, None)
        finally:
            line.waiting += waiting
            self._end(key)

    def _end(self, key: Hashable) -> None:
        """End a message's line; who still waits there is told."""
        line = self._lines.pop(key, None)
        if line is not None:
            _tell(line.waiting, StageFailed("Muse is stopping."))

    async def _until_shown(self, line: _Line, show: Show) -> None:
        """Show the last state, waiting as long as Slack asks; what comes meanwhile replaces it."""
        for left in reversed(range(TRIES)):
            line.fresh = False
            try:
                await show(line.card)
            except RateLimited as limited:
                if not left or limited.seconds > LONGEST_WAIT:
                    raise
                await asyncio.sleep(limited.seconds)
            else:
                return


def _tell(waiting: list[asyncio.Future[None]], failed: Exception | None) -> None:
    for each in waiting:
        if each.done():
            continue
        if failed is None:
            each.set_result(None)
        else:
            each.set_exception(failed)
            each.exception()  # seen: nobody may be waiting for a state on the way
