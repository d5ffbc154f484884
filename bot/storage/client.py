"""The store: one way to Redis, quick and safe to repeat.

What is asked within one tick of the event loop goes out as one pipeline. Every script is
idempotent (creations take their id from the event, votes set a state and remember their
event), so a batch whose reply was lost is simply sent again.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Awaitable, Sequence
from contextvars import Context
from functools import cache
from importlib.resources import files

from redis import exceptions

from bot.references import reference
from bot.storage.connect import Client, is_cluster
from bot.storage.lanes import (
    Arg,
    Ask,
    ClusterLane,
    Lane,
    NotNow,
    OneLane,
    Reply,
    Script,
    fail,
    pack,
    reason,
)

__all__ = ["PATIENCE", "Arg", "Reply", "Script", "Store", "script"]

log = logging.getLogger(__name__)

_PARTS = re.compile(r"(?ms)^(local (?:function )?(\w+).*?)(?=^local |\Z)")

LANES = 4  # pipelines under way at once; what comes meanwhile waits and goes out together
PATIENCE = 15.0  # seconds over which a batch is sent again before its callers are told
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.5  # seconds between tries

_BROKEN = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.RedisClusterException,  # no node answers, or nobody has the slot yet
    OSError,
    TimeoutError,
)


@cache
def script(name: str) -> Script:
    """The script of ``scripts/<name>.lua``, and before it what it uses of what all scripts share:
    Redis makes each function anew whenever a script runs, which took a vote a tenth of its time.
    """
    source = _lua(name)
    for shared, part in reversed(_shared()):
        if re.search(rf"\b{shared}\b", source):
            source = part + source
    return Script(name, source, hashlib.sha1(source.encode()).hexdigest())  # noqa: S324 Redis names scripts so


@cache
def _shared() -> list[tuple[str, str]]:
    """Each thing that scripts share, by its name; it may use what stands before it."""
    code = re.sub(r"(?m)^--.*\n", "", _lua("_shared"))
    return [(name, whole) for whole, name in _PARTS.findall(code)]


def _lua(name: str) -> str:
    return (files("bot.storage") / "scripts" / f"{name}.lua").read_text(encoding="utf-8")


class Store:
    """Runs scripts and plain reads against Redis. Made by `bot.wiring`, closed by it."""

    def __init__(self, client: Client, patience: float = PATIENCE) -> None:
        self._client = client
        self._patience = patience
        self._waiting: list[Ask] = []
        self._lanes: set[asyncio.Task[None]] = set()
        self._resting: list[asyncio.Future[None]] = []
        self._called = False  # a lane will take what waits at the next tick
        self._closing = False

    def run(self, which: Script, keys: Sequence[str], args: Sequence[Arg]) -> Awaitable[Reply]:
        """Run a script. Raises `StoreUnavailable` where Redis does not answer in time."""
        return self._ask(("EVALSHA", which.sha, len(keys), *keys, *args), which)

    def call(self, *command: Arg) -> Awaitable[Reply]:
        """Run one plain command, which must be safe to repeat."""
        return self._ask(command, None)

    async def close(self) -> None:
        """Wait for what is under way, and let the connections go."""
        self._closing = True
        while self._wake_a_lane():
            pass
        while self._lanes:
            await asyncio.gather(*self._lanes, return_exceptions=True)
        await self._client.aclose()

    def _ask(self, command: tuple[Arg, ...], which: Script | None) -> asyncio.Future[Reply]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Reply] = loop.create_future()
        self._waiting.append(Ask(command, pack(command), future, which, reference()))
        if not self._called:
            self._call_a_lane(loop)
        return future

    def _call_a_lane(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have what waits taken at the next tick; where all lanes are busy, by the first free."""
        if self._wake_a_lane():
            self._called = True
        elif len(self._lanes) < LANES:
            # A lane serves everybody: it must not go by the name of who came first.
            lane = loop.create_task(self._work(self._lane()), context=Context())
            self._lanes.add(lane)
            lane.add_done_callback(self._lanes.discard)
            self._called = True

    def _wake_a_lane(self) -> bool:
        """End a lane's rest; whether one was resting."""
        while self._resting:
            rest = self._resting.pop()
            if not rest.done():  # done: its lane was cancelled, the loop is about to end
                rest.set_result(None)
                return True
        return False

    def _lane(self) -> Lane:
        """A new way to Redis, not connected yet."""
        return ClusterLane(self._client) if is_cluster(self._client) else OneLane(self._client)

    async def _work(self, lane: Lane) -> None:
        """A lane's life: take all that waits, deliver it, rest while there is nothing."""
        try:
            while self._waiting or not self._closing:
                self._called = False
                batch, self._waiting = self._waiting, []
                if batch:
                    await self._send_until_done(lane, batch)
                else:
                    rest = asyncio.get_running_loop().create_future()
                    self._resting.append(rest)
                    await rest
        finally:
            self._called = False
            await lane.release()

    async def _send_until_done(self, lane: Lane, batch: list[Ask]) -> None:
        """Send, and send again what was not answered, until patience ends."""
        deadline, pause = 0.0, FIRST_PAUSE
        while batch:
            try:
                batch = await lane.send(batch)
                continue
            except (*_BROKEN, NotNow) as broken:
                batch = [ask for ask in batch if not ask.future.done()]
                now = asyncio.get_running_loop().time()
                if not deadline:
                    deadline = now + self._patience
                    log.warning("Redis did not answer (%s); trying again", reason(broken))
                if now >= deadline:
                    log.error("no answer from Redis for %.0f s", self._patience)  # noqa: TRY400
                    for ask in batch:
                        fail(ask, broken)
                    return
            except Exception as wrong:  # noqa: BLE001 something in it can't be sent; the rest can
                batch = [ask for ask in batch if not ask.future.done()]
                if len(batch) == 1:
                    fail(batch[0], wrong)
                    return
                for ask in batch:
                    await self._send_until_done(lane, [ask])
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
