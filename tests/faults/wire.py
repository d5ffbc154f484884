"""The wire between Muse and Redis: it may be cut, slow, lose replies, or lead to another server."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field


@dataclass
class Caught:
    """Bytes that are kept from going on, once there are any: whoever sent them may be killed."""

    answers: bool  #: from Redis; else to it
    pattern: re.Pattern[bytes]
    seen: asyncio.Event = field(default_factory=asyncio.Event)

    def fits(self, data: bytes, *, answers: bool) -> bool:
        """Whether these are they."""
        return (
            answers is self.answers
            and not self.seen.is_set()
            and self.pattern.search(data) is not None
        )


class Wire:
    """A TCP proxy on loopback. What is set holds from the next bytes on."""

    def __init__(self, port: int) -> None:
        self.target = port  #: where it leads to
        self.cut = False  #: nothing gets through, and what is connected is broken
        self.delay = 0.0  #: seconds by which replies are late
        self.lose_every = 0  #: of so many replies one is lost, and its connection with it
        self.lost = 0
        self.port = 0
        self._caught: Caught | None = None
        self._replies = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    @contextlib.asynccontextmanager
    async def up(self) -> AsyncIterator[Wire]:
        """Listen until the block ends."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.sever()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def sever(self) -> None:
        """Break every connection."""
        for writer in list(self._writers):
            writer.transport.abort()

    def catch(self, pattern: bytes, *, answers: bool) -> Caught:
        """Keep the next bytes from going on that match, and their connection still."""
        self._caught = Caught(answers, re.compile(pattern))
        return self._caught

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            if self.cut:
                return
            with contextlib.suppress(OSError):
                up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.target)
                self._writers.add(up_writer)
                await asyncio.gather(
                    self._ask(reader, up_writer), self._answer(up_reader, writer, up_writer)
                )
                self._writers.discard(up_writer)
        finally:
            self._writers.discard(writer)
            writer.transport.abort()
            self._tasks.discard(task)

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while (data := await reader.read(1 << 20)) and not self.cut:
                if await self._kept(data, reader, answers=False):
                    break
                writer.write(data)
                await writer.drain()
        writer.transport.abort()

    async def _kept(self, data: bytes, reader: asyncio.StreamReader, *, answers: bool) -> bool:
        """Whether these bytes are caught; it says so once the connection has ended."""
        caught = self._caught
        if caught is None or not caught.fits(data, answers=answers):
            return False
        caught.seen.set()
        while await reader.read(1 << 20):
            pass
        return True

    async def _answer(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        other: asyncio.StreamWriter,
    ) -> None:
        with contextlib.suppress(OSError):
            while (data := await reader.read(1 << 20)) and not self.cut:
                self._replies += 1
                if await self._kept(data, reader, answers=True):
                    break
                if self.lose_every and self._replies % self.lose_every == 0:
                    self.lost += 1  # the script has run, and nobody is told
                    break
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(data)
                await writer.drain()
        writer.transport.abort()
        other.transport.abort()
