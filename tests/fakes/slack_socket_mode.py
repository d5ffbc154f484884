"""Socket Mode: WebSockets on which envelopes go out and acknowledgements come in.

https://docs.slack.dev/apis/events-api/using-socket-mode. `apps.connections.open` gives a URL with
a ticket for one connection; there may be ten at once, and each envelope goes to one of them.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from tests.fakes.slack_deliveries import Ack, Delivery, Retry
from tests.fakes.slack_rules import Refused
from tests.fakes.slack_state import Json
from tests.fakes.slack_web_api import Call, method

if TYPE_CHECKING:
    from tests.fakes.slack_core import SlackCore

CONNECTIONS_MOST = 10


@dataclass(slots=True, eq=False)
class Connection:
    """One WebSocket of the app's."""

    number: int
    socket: web.WebSocketResponse
    pongs: int = 0
    #: Told to leave: nothing more is sent to it.
    leaving: bool = False


class SocketMode:
    """All connections of the app, and the envelopes on their way."""

    def __init__(self, slack: SlackCore) -> None:
        self.slack = slack
        self.tickets: set[str] = set()
        self.connections: list[Connection] = []
        self.opened = 0
        #: Whether an acknowledgement counts only on the connection by which its envelope went out.
        #: Slack does not say: an app that keeps to it is right either way.
        self.own_only = False
        #: Whether a connection that is asked for opens at once, or only when this is set again.
        self.opens = asyncio.Event()
        self.opens.set()
        self._envelopes: dict[str, tuple[Delivery, asyncio.Future[Ack]]] = {}
        self._went_by: dict[str, Connection] = {}
        self._turn = 0

    @property
    def live(self) -> list[Connection]:
        return [each for each in self.connections if not each.leaving and not each.socket.closed]

    async def attempt(self, delivery: Delivery, retry: Retry | None) -> Ack:
        """One envelope on one connection, in turn; waits for a connection within the window."""
        slack = self.slack
        envelope = secrets.token_hex(8)
        done: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._envelopes[envelope] = (delivery, done)
        sent: Json = {
            "envelope_id": envelope,
            "type": delivery.kind,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.accepts_payload,
        }
        if delivery.kind == "events_api":
            sent["retry_attempt"] = retry.number if retry else 0
            sent["retry_reason"] = retry.reason if retry else ""
        try:
            async with asyncio.timeout(slack.deliveries.window):
                connection = await self._next()
                self._went_by[envelope] = connection
                await connection.socket.send_json(sent)
                return await done
        except TimeoutError:
            error = "http_timeout" if delivery.kind == "events_api" else "operation_timeout"
            return Ack(None, 0, error)
        except ConnectionError:
            return Ack(None, 0, "connection_failed")

    async def _next(self) -> Connection:
        live = await self.slack.world.until(lambda: self.live or None, "connection", 60.0)
        self._turn += 1
        return live[self._turn % len(live)]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """`GET /link?ticket=…`: a connection, from hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            self.slack.world.refuse(Refused("socket-ticket"), "link")
            return web.Response(status=403, text="invalid_ticket")
        self.tickets.discard(ticket)
        self.slack.world.touch()
        await self.opens.wait()
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.opened += 1
        connection = Connection(self.opened, socket)
        if len(self.live) >= CONNECTIONS_MOST:
            self.slack.world.refuse(Refused("socket-count"), "link")
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.connections.append(connection)
        await socket.send_json(self._hello(connection))
        self.slack.world.touch()
        try:
            await self._listen(connection)
        finally:
            self.connections.remove(connection)
            self.slack.world.touch()
        return socket

    def _hello(self, connection: Connection) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.live),
            "connection_info": {"app_id": self.slack.app_id},
            "debug_info": {
                "host": f"applink-{connection.number}",
                "approximate_connection_time": 18_060,
            },
        }

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is WSMsgType.PING:
                await connection.socket.pong(message.data)
            elif message.type is WSMsgType.PONG:
                connection.pongs += 1
                self.slack.world.touch()
            elif message.type is WSMsgType.TEXT:
                try:
                    self._acknowledged(connection, json.loads(message.data))
                except Refused as refused:
                    self.slack.world.refuse(refused, "acknowledge")

    def _acknowledged(self, connection: Connection, said: Json) -> None:
        envelope = str(said.get("envelope_id"))
        known = self._envelopes.get(envelope)
        if known is None:
            raise Refused("socket-envelope")
        if self.own_only and self._went_by.get(envelope) is not connection:
            return
        delivery, done = known
        payload = said.get("payload")
        if not done.done():
            done.set_result(Ack(payload if delivery.accepts_payload else None))
        if payload and not delivery.accepts_payload:
            raise Refused("socket-payload")

    async def connected(self, number: int = 1, within: float = 20.0) -> None:
        """Waits until the app has that many connections."""
        enough = lambda: True if len(self.live) >= number else None  # noqa: E731 - one look
        await self.slack.world.until(enough, f"{number} connections", within)

    async def disconnect(
        self, reason: str = "refresh_requested", *, sends_on: bool = False
    ) -> None:
        """Tells every connection to leave: `warning` (soon) or `refresh_requested` (now).

        Nothing more is sent to them, or with `sends_on` as long as they are there. The app leaves
        by itself; `drop` closes those that stay.
        """
        for connection in self.live:
            connection.leaving = not sends_on
            said = {"host": f"applink-{connection.number}"}
            told = {"type": "disconnect", "reason": reason, "debug_info": said}
            await connection.socket.send_json(told)

    async def drop(self) -> None:
        """Closes every connection without a word before."""
        for connection in self.live:
            await connection.socket.close()

    async def ping(self) -> None:
        """Pings every connection, and waits for its pong."""
        for connection in self.live:
            before = connection.pongs
            await connection.socket.ping(b"Ping from applink")
            heard = lambda c=connection, n=before: True if c.pongs > n else None  # noqa: E731 - one look
            await self.slack.world.until(heard, "pong")

    async def close(self) -> None:
        for connection in list(self.connections):
            await connection.socket.close()


@method("apps.connections.open", "connections:write", token="app")
def open_connection(call: Call) -> Json:
    ticket = secrets.token_hex(12)
    call.slack.socket.tickets.add(ticket)
    base = call.slack.url.replace("http://", "ws://")
    return {"url": f"{base}/link/?ticket={ticket}&app_id={call.slack.app_id}"}
