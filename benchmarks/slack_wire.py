"""HTTP over kept connections at the least cost, so that a benchmark weighs what it compares."""

from __future__ import annotations

import asyncio
import re
from typing import cast

_ANSWER = re.compile(
    rb"HTTP/1\.1 (\d+)[^\r]*\r\n(?:[^\r]+\r\n)*?content-length: (\d+)\r\n(?:[^\r]+\r\n)*\r\n",
    re.IGNORECASE,
)
_PATIENCE = 60.0  # seconds, for what should take one
_LENGTH = re.compile(rb"content-length: (\d+)\r\n", re.IGNORECASE)


class Line(asyncio.Protocol):
    """One kept connection, and what it costs least to speak HTTP over it."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._held = b""
        self._answered: asyncio.Future[None] | None = None

    @classmethod
    async def open(cls, port: int) -> Line:
        """A connection to a server of this process."""
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(cls, "127.0.0.1", port)
        return line

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Part of `asyncio.Protocol`."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass of it

    def data_received(self, data: bytes) -> None:
        """Part of `asyncio.Protocol`."""
        self._held += data
        found = _ANSWER.match(self._held)
        if found is None or len(self._held) < found.end() + int(found[2]):
            return
        assert found[1] == b"200", self._held
        self._held = b""
        assert self._answered is not None
        self._answered.set_result(None)

    async def send(self, request: bytes) -> None:
        """One request, acknowledged."""
        assert self._transport is not None
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        await self._answered

    def close(self) -> None:
        """Let it go."""
        if self._transport is not None:
            self._transport.close()


class Sink:
    """Takes the receipts, as Slack does, and counts them."""

    def __init__(self) -> None:
        self.taken = 0
        self._wanted = 0
        self._all = asyncio.Event()

    async def until(self, count: int) -> None:
        """Wait until that many have come in all. Raises `TimeoutError` where they don't."""
        self._wanted = count
        self._all.clear()
        if self.taken < count:
            async with asyncio.timeout(_PATIENCE):
                await self._all.wait()

    def take(self) -> None:
        """One more."""
        self.taken += 1
        if self.taken >= self._wanted:
            self._all.set()


class Taker(asyncio.Protocol):
    """One connection of the sink's."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._transport: asyncio.Transport | None = None
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Part of `asyncio.Protocol`."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass of it

    def data_received(self, data: bytes) -> None:
        """Part of `asyncio.Protocol`."""
        self._held += data
        found = _LENGTH.search(self._held)
        end = self._held.find(b"\r\n\r\n") + 4
        if found is None or len(self._held) < end + int(found[1]):
            return
        self._held = b""
        assert self._transport is not None
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        self._sink.take()
