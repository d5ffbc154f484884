"""The store: one way to Redis, quick and safe to repeat.

What is asked within one tick of the event loop goes out as one pipeline. Every script is
idempotent (creations take their id from the event, votes set a state and remember their
event), so a batch whose reply was lost is simply sent again. Redis's errors become the
tree's here and nowhere else.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import hiredis
from redis import exceptions

from bot.errors import StoreUnavailable
from bot.references import reference
from bot.storage.connect import Client, is_cluster
from bot.wording import en

log = logging.getLogger(__name__)

Reply = Any  # what Redis answers is only known to who asked; repositories give it its type
Arg = str | int | float

LANES = 4  # pipelines under way at once; what comes meanwhile waits and goes out together
REPLY_TIMEOUT = 5.0  # seconds a whole pipeline may take
PATIENCE = 15.0  # seconds over which a batch is sent again before its callers are told
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.5  # seconds between tries

# Replies that say "not now" rather than "never": the same command may succeed shortly.
_PASSING = (
    exceptions.BusyLoadingError,
    exceptions.ReadOnlyError,
    exceptions.ClusterDownError,
    exceptions.TryAgainError,
)
# Redis 6.2 wraps what a command in a script was told in a general error.
_PASSING_IN_SCRIPT = re.compile(r"@user_script: \d+: -READONLY ")
_BROKEN = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.RedisClusterException,  # no node answers, or nobody has the slot yet
    OSError,
    TimeoutError,
)


@dataclass(frozen=True, slots=True)
class Script:
    """One Lua script: a mutation or a page read whole."""

    name: str
    source: str
    sha: str


@cache
def script(name: str) -> Script:
    """The script of ``scripts/<name>.lua``, with what all scripts share before it."""
    folder = files("bot.storage") / "scripts"
    source = "".join(
        (folder / file).read_text(encoding="utf-8") for file in ("_shared.lua", f"{name}.lua")
    )
    return Script(name, source, hashlib.sha1(source.encode()).hexdigest())  # noqa: S324 Redis names scripts so


@dataclass(slots=True)
class _Ask:
    command: tuple[Arg, ...]
    packed: bytes
    future: asyncio.Future[Reply]
    script: Script | None = None
    reference: str = ""


class _NotNow(Exception):
    """A passing refusal by Redis, to be tried again like a broken connection."""


class Store:
    """Runs scripts and plain reads against Redis. Made by `bot.wiring`, closed by it."""

    def __init__(self, client: Client, patience: float = PATIENCE) -> None:
        self._client = client
        self._cluster = is_cluster(client)
        self._patience = patience
        self._waiting: list[_Ask] = []
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
        packed = b"" if self._cluster else _pack(command)
        self._waiting.append(_Ask(command, packed, future, which, reference()))
        if not self._called:
            self._call_a_lane(loop)
        return future

    def _call_a_lane(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have what waits taken at the next tick; where all lanes are busy, by the first free."""
        if self._wake_a_lane():
            self._called = True
        elif len(self._lanes) < LANES:
            # A lane serves everybody: it must not go by the name of who came first.
            lane = loop.create_task(self._work(_Lane(self._client)), context=Context())
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

    async def _work(self, lane: _Lane) -> None:
        """A lane's life: take all that waits, deliver it, rest while there is nothing."""
        send: Callable[[list[_Ask]], Awaitable[list[_Ask]]]
        send = self._send_each if self._cluster else lane.send
        try:
            while self._waiting or not self._closing:
                self._called = False
                batch, self._waiting = self._waiting, []
                if batch:
                    await self._send_until_done(send, batch)
                else:
                    rest = asyncio.get_running_loop().create_future()
                    self._resting.append(rest)
                    await rest
        finally:
            self._called = False
            await lane.release()

    async def _send_until_done(
        self, send: Callable[[list[_Ask]], Awaitable[list[_Ask]]], batch: list[_Ask]
    ) -> None:
        """Send, and send again what was not answered, until patience ends."""
        deadline, pause = 0.0, FIRST_PAUSE
        while batch:
            try:
                batch = await send(batch)
                continue
            except (*_BROKEN, _NotNow) as broken:
                batch = [ask for ask in batch if not ask.future.done()]
                now = asyncio.get_running_loop().time()
                if not deadline:
                    deadline = now + self._patience
                    log.warning("Redis did not answer (%s); trying again", _reason(broken))
                if now >= deadline:
                    log.error("no answer from Redis for %.0f s", self._patience)  # noqa: TRY400
                    for ask in batch:
                        _fail(ask, broken)
                    return
            except Exception as wrong:  # noqa: BLE001 something in it can't be sent; the rest can
                batch = [ask for ask in batch if not ask.future.done()]
                if len(batch) == 1:
                    _fail(batch[0], wrong)
                    return
                for ask in batch:
                    await self._send_until_done(send, [ask])
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _send_each(self, batch: list[_Ask]) -> list[_Ask]:
        """A cluster routes every command by itself; returns those to send once more."""

        async def one(ask: _Ask) -> _Ask | None:
            try:
                reply = await self._client.execute_command(*ask.command)
            except exceptions.NoScriptError:
                return _with_source(ask)
            except exceptions.ResponseError as refusal:
                reply = refusal
            return _settle(ask, reply)

        async with asyncio.timeout(REPLY_TIMEOUT):
            again = await asyncio.gather(*(one(ask) for ask in batch))
        return [ask for ask in again if ask is not None]


class _Lane:
    """One connection and the pipelines that go over it, one after the other."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._connection: Any = None

    async def send(self, batch: list[_Ask]) -> list[_Ask]:
        """Send a batch and settle its callers; returns those to send once more, with source."""
        try:
            async with asyncio.timeout(REPLY_TIMEOUT):
                connection = self._connection
                if connection is None:
                    pool = self._client.connection_pool
                    connection = self._connection = await pool.get_connection()
                elif not connection.is_connected:
                    await connection.connect()
                await connection.send_packed_command(b"".join([ask.packed for ask in batch]))
                again = []
                for ask in batch:
                    try:
                        reply = await connection.read_response()
                    except exceptions.ResponseError as refusal:
                        reply = refusal
                    once_more = _settle(ask, reply)
                    if once_more is not None:
                        again.append(once_more)
                return again
        except BaseException:
            # Replies may still be on their way: this connection must not be read again.
            if self._connection is not None:
                await self._connection.disconnect(nowait=True)
            raise

    async def release(self) -> None:
        """Give the connection back to its pool."""
        if self._connection is not None:
            await self._client.connection_pool.release(self._connection)
            self._connection = None


def _settle(ask: _Ask, reply: Reply) -> _Ask | None:
    """Answer the caller; the ask again, with its source, where Redis lacks the script."""
    if isinstance(reply, exceptions.NoScriptError):
        return _with_source(ask)
    if _passes(reply):
        raise _NotNow(_reason(reply)) from reply
    if isinstance(reply, exceptions.RedisError):
        _fail(ask, reply)
    elif not ask.future.done():  # done: the caller was cancelled meanwhile
        ask.future.set_result(reply)
    return None


def _passes(reply: Reply) -> bool:
    return isinstance(reply, _PASSING) or (
        isinstance(reply, exceptions.ResponseError) and bool(_PASSING_IN_SCRIPT.search(str(reply)))
    )


def _with_source(ask: _Ask) -> _Ask:
    assert ask.script is not None, "only a script can be missing"
    command = ("EVAL", ask.script.source, *ask.command[2:])
    return _Ask(command, _pack(command), ask.future, ask.script, ask.reference)


def _pack(command: tuple[Arg, ...]) -> bytes:
    """A command as it is sent; redis-py's own packing takes seven times as long."""
    packed: bytes = hiredis.pack_command(command)  # type: ignore[arg-type]  # its stub: one part
    return packed


def _fail(ask: _Ask, cause: BaseException) -> None:
    if ask.future.done():
        return
    name = ask.script.name if ask.script else str(ask.command[0])
    of = {"reference": ask.reference} if ask.reference else None
    log.error("Redis refused %s: %s", name, _reason(cause), extra=of)
    error = StoreUnavailable(en.STORE_DOWN)
    error.__cause__ = cause
    ask.future.set_exception(error)


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
