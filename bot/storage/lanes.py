"""The ways to Redis: connections over which batches go, one pipeline after the other.

Redis's errors become the tree's here and nowhere else.
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass
from typing import Any, Protocol

import hiredis
from redis import exceptions
from redis.crc import key_slot

from bot.errors import StoreUnavailable
from bot.storage.connect import Client
from bot.wording import en

log = logging.getLogger(__name__)

Reply = Any  # what Redis answers is only known to who asked; repositories give it its type
Arg = str | int | float

REPLY_TIMEOUT = 5.0  # seconds a whole pipeline may take

# Replies that say "not now" rather than "never": the same command may succeed shortly.
_PASSING = (
    exceptions.BusyLoadingError,
    exceptions.ReadOnlyError,
    exceptions.ClusterDownError,
    exceptions.TryAgainError,
)
# Redis 6.2 wraps what a command in a script was told in a general error.
_PASSING_IN_SCRIPT = re.compile(r"@user_script: \d+: -READONLY ")


@dataclass(frozen=True, slots=True)
class Script:
    """One Lua script: a mutation or a page read whole."""

    name: str
    source: str
    sha: str


@dataclass(slots=True)
class Ask:
    """One command on its way, and who waits for its reply."""

    command: tuple[Arg, ...]
    packed: bytes
    future: asyncio.Future[Reply]
    script: Script | None = None
    reference: str = ""


class NotNow(Exception):
    """A passing refusal by Redis, to be tried again like a broken connection."""


class Lane(Protocol):
    """A way by which batches go, one after the other."""

    async def send(self, batch: list[Ask]) -> list[Ask]:
        """Send a batch and settle its callers; returns those to send once more, with source.

        Raises `NotNow` and whatever breaks a connection; who is not settled then is sent again.
        """
        ...

    async def release(self) -> None:
        """Let its connections go."""
        ...


class OneLane(Lane):
    """One connection and the pipelines that go over it, one after the other."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._connection: Any = None

    async def send(self, batch: list[Ask]) -> list[Ask]:
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
                    once_more = settle(ask, reply)
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


def settle(ask: Ask, reply: Reply) -> Ask | None:
    """Answer the caller; the ask again, with its source, where Redis lacks the script."""
    if isinstance(reply, exceptions.NoScriptError):
        return _with_source(ask)
    if _passes(reply):
        raise NotNow(reason(reply)) from reply
    if isinstance(reply, exceptions.RedisError):
        fail(ask, reply)
    elif not ask.future.done():  # done: the caller was cancelled meanwhile
        ask.future.set_result(reply)
    return None


_ASKING = hiredis.pack_command(("ASKING",))


def _passes(reply: Reply) -> bool:
    return isinstance(reply, _PASSING) or (
        isinstance(reply, exceptions.ResponseError) and bool(_PASSING_IN_SCRIPT.search(str(reply)))
    )


class ClusterLane(Lane):
    """A connection to each node of a cluster; what goes to one node is one pipeline.

    redis-py's own pipelines close the client's connections under all others when one breaks,
    and its single commands take a connection each.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._connections: dict[str, Any] = {}
        self._stale = False  # the slots may be elsewhere by now

    async def send(self, batch: list[Ask]) -> list[Ask]:
        """Send each to the node that has its slot, and where that sends it on to."""
        async with asyncio.timeout(REPLY_TIMEOUT):
            await self._know_the_nodes()
            nodes = self._client.nodes_manager
            by_node: dict[str, list[Ask]] = {}
            for ask in batch:
                node = nodes.get_node_from_slot(key_slot(_key_of(ask).encode()))
                by_node.setdefault(node.name, []).append(ask)
            answered = await self._all(by_node)
            sent_on: dict[str, list[Ask]] = {}
            for ask, reply in answered:
                # A slot that is on its way: what has gone already is asked for where it went.
                # https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec
                if type(reply) is exceptions.AskError:
                    sent_on.setdefault(f"{reply.host}:{reply.port}", []).append(ask)
            replies = [pair for pair in answered if type(pair[1]) is not exceptions.AskError]
            replies += await self._all(sent_on, asking=True)
            return self._settled(replies)

    async def release(self) -> None:
        """Let every connection go."""
        while self._connections:
            _, connection = self._connections.popitem()
            await connection.disconnect(nowait=True)

    async def _know_the_nodes(self) -> None:
        await self._client.initialize()
        if self._stale:
            await self._client.nodes_manager.initialize()
            self._stale = False

    def _settled(self, answered: list[tuple[Ask, Reply]]) -> list[Ask]:
        """Settle all that can be; raises `NotNow` where some can't."""
        again: list[Ask] = []
        not_now: NotNow | None = None
        for ask, reply in answered:
            if isinstance(reply, exceptions.AskError):  # moved, or not even there any more
                self._stale = True
                not_now = NotNow(reason(reply))
                continue
            try:
                once_more = settle(ask, reply)
            except NotNow as refused:
                not_now = refused
                continue
            if once_more is not None:
                again.append(once_more)
        if not_now is not None:
            raise not_now
        return again

    async def _all(
        self, by_node: dict[str, list[Ask]], *, asking: bool = False
    ) -> list[tuple[Ask, Reply]]:
        """What each node answers. Where one breaks, the others' answers are settled first."""
        done = await asyncio.gather(
            *(self._exchange(name, asks, asking=asking) for name, asks in by_node.items()),
            return_exceptions=True,
        )
        answered: list[tuple[Ask, Reply]] = []
        broken: BaseException | None = None
        for one in done:
            if isinstance(one, BaseException):
                broken = one
            else:
                answered += one
        if broken is not None:
            self._stale = True
            try:
                self._settled(answered)
            except NotNow as refused:
                log.debug("besides, not now: %s", refused)
            raise broken
        return answered

    async def _exchange(
        self, name: str, asks: list[Ask], *, asking: bool
    ) -> list[tuple[Ask, Reply]]:
        before = _ASKING if asking else b""
        try:
            connection = await self._connection(name)
            await connection.send_packed_command(b"".join([before + ask.packed for ask in asks]))
            answered = []
            for ask in asks:
                if asking:
                    await _read(connection)
                answered.append((ask, await _read(connection)))
        except BaseException:
            # Replies may still be on their way: this connection must not be read again.
            connection = self._connections.pop(name, None)
            if connection is not None:
                await connection.disconnect(nowait=True)
            raise
        return answered

    async def _connection(self, name: str) -> Any:
        connection = self._connections.get(name)
        if connection is None:
            node = self._client.get_node(node_name=name)
            if node is None:  # a slot went to a node that nobody knew of
                self._stale = True
                raise NotNow(f"{name} is not known yet")
            connection = node.connection_class(**node.connection_kwargs)
            self._connections[name] = connection
        if not connection.is_connected:
            await connection.connect()
        return connection


async def _read(connection: Any) -> Reply:
    try:
        return await connection.read_response()
    except exceptions.ResponseError as refusal:
        return refusal


def _key_of(ask: Ask) -> str:
    """The key by which a command finds its node."""
    at = 3 if ask.script is not None else 1
    return str(ask.command[at]) if len(ask.command) > at else ""


def _with_source(ask: Ask) -> Ask:
    assert ask.script is not None, "only a script can be missing"
    command = ("EVAL", ask.script.source, *ask.command[2:])
    return Ask(command, pack(command), ask.future, ask.script, ask.reference)


def pack(command: tuple[Arg, ...]) -> bytes:
    """A command as it is sent; redis-py's own packing takes seven times as long."""
    packed: bytes = hiredis.pack_command(command)  # type: ignore[arg-type]  # its stub: one part
    return packed


def fail(ask: Ask, cause: BaseException) -> None:
    """Tell the caller that it can't be had."""
    if ask.future.done():
        return
    name = ask.script.name if ask.script else str(ask.command[0])
    of = {"reference": ask.reference} if ask.reference else None
    log.error("Redis refused %s: %s", name, reason(cause), extra=of)
    error = StoreUnavailable(en.STORE_DOWN)
    error.__cause__ = cause
    ask.future.set_exception(error)


def reason(error: BaseException) -> str:
    """An error in one line of the log."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
