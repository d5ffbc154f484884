"""slack_sdk's Socket Mode client, which loses nothing when Slack moves it to another connection.

https://docs.slack.dev/apis/events-api/using-socket-mode#disconnect. slack_sdk closes the old
connection before it opens the new one: what Slack had sent by then is gone, and what is being
served is answered by the new one, which Slack does not promise to take. Here the old one stays
until all that came by it is answered, by itself.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextvars import ContextVar
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from adapters.slack.limits import ACK_SECONDS

log = logging.getLogger(__name__)

Session = ClientWebSocketResponse

QUIET = 0.5  #: seconds without a word after which nothing more comes by a connection that is left

#: The connection by which what is being served came, and by which it is answered.
_CAME_BY: ContextVar[Session | None] = ContextVar("came_by", default=None)


class SteadyClient(SocketModeClient):
    """Answers by the connection that was asked by, as long as that is open."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._serving: dict[asyncio.Task[None], Session | None] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self._told_to_leave: Session | None = None
        self._crowded = False

    async def settle(self, seconds: float) -> None:
        """Wait until all that came is answered, but not longer than that."""
        if self._serving:
            await asyncio.wait(self._serving, timeout=seconds)

    async def connect(self) -> None:
        """Open a connection, and leave the one before once it is not needed any more."""
        old, receiver = self.current_session, self.message_receiver
        if old is None or old.closed or self.stale or self._crowded:  # which slack_sdk closes
            await super().connect()  # type: ignore[no-untyped-call]
            return
        self.current_session = None
        await super().connect()  # type: ignore[no-untyped-call]
        if self.closed:
            await old.close()
            return
        leaving = asyncio.create_task(self._leave(old, receiver))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def close(self) -> None:
        """Let every connection go."""
        await super().close()  # type: ignore[no-untyped-call]
        for leaving in self._leaving:
            leaving.cancel()
        await asyncio.gather(*self._leaving, return_exceptions=True)

    async def receive_messages(self) -> None:
        """Take what comes by a connection; in a task of its own, as slack_sdk runs it."""
        _CAME_BY.set(self.current_session)
        await super().receive_messages()

    async def enqueue_message(self, message: str) -> None:
        """Have a message served, in the order in which they came."""
        self.message_queue.put_nowait((_CAME_BY.get(), message))

    async def process_message(self) -> None:
        """Begin to serve the next message."""
        session, raw = await self.message_queue.get()
        message = json.loads(raw) if raw.startswith("{") else {}
        if message.get("type") == "disconnect":
            if session is not self.current_session or session is self._told_to_leave:
                return  # it is being left already
            self._told_to_leave = session
            self._crowded = message.get("reason") == "too_many_websockets"
        token = _CAME_BY.set(session)
        task = asyncio.create_task(self.run_message_listeners(message, raw))
        _CAME_BY.reset(token)
        self._serving[task] = session if message.get("envelope_id") else None
        task.add_done_callback(self._serving.pop)

    async def send_message(self, message: str) -> None:
        """Send an answer by the connection that was asked by, or else by the one there is."""
        session = _CAME_BY.get()
        if session is not None and not session.closed:
            try:
                await session.send_str(message)
            except ConnectionError:  # it broke just then
                log.info("a connection of Slack’s broke before an answer could be sent by it")
            else:
                return
        async with self.connect_operation_lock:  # a new one may be under way
            pass
        await super().send_message(message)

    async def _leave(self, session: Session, receiver: asyncio.Future[None] | None) -> None:
        """Take what still comes by a connection and answer it, but not for long."""
        try:
            if receiver is not None:  # which was cancelled; two can't receive at once
                await asyncio.gather(receiver, return_exceptions=True)
            async with asyncio.timeout(ACK_SECONDS):
                receiving = asyncio.create_task(self._receive_last(session))
                try:
                    # What Slack sent before it knew of the new one may still be on its way.
                    while left := {t for t in (receiving, *self._by(session)) if not t.done()}:
                        first = asyncio.FIRST_COMPLETED
                        done, _ = await asyncio.wait(left, timeout=QUIET, return_when=first)
                        if not done and not self._by(session):
                            break
                finally:
                    receiving.cancel()
                    await asyncio.gather(receiving, return_exceptions=True)
        except TimeoutError:
            log.info("a connection of Slack’s was left before all was answered that came by it")
        finally:
            await session.close()

    def _by(self, session: Session) -> list[asyncio.Task[None]]:
        """What is being served that came by a connection."""
        return [task for task, by in self._serving.items() if by is session]

    async def _receive_last(self, session: Session) -> None:
        _CAME_BY.set(session)
        async for message in session:
            if message.type is WSMsgType.TEXT:
                await self.enqueue_message(message.data)
            elif message.type is WSMsgType.PING:
                await session.pong(message.data)
