"""The gateway of the loopback Discord, as the real client speaks to it.

https://docs.discord.com/developers/events/gateway
"""

from __future__ import annotations

import asyncio
import importlib
import json
import time
import zlib
from collections.abc import Callable
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.fakes import discord_shapes as shapes
from tests.fakes.discord_rules import Json, Refused
from tests.fakes.discord_sessions import GUILDS, KNOWN, PRIVILEGED, Session
from tests.fakes.discord_state import Event, World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT = 0, 1, 2, 3, 4, 6, 7
MEMBERS, INVALID, HELLO, ACK = 8, 9, 10, 11
#: What an app may send once it is identified, and this gateway only takes note of.
NOTED = (PRESENCE, VOICE, MEMBERS, 31, 43)


class Connection:
    """One websocket. What is sent goes out in order, compressed as the client asked for."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.request = request
        self.session: Session | None = None
        self.received: list[float] = []
        self._pack = _packer(request.query.get("compress", ""))
        self._queue: asyncio.Queue[Json | int] = asyncio.Queue()
        self.writer = asyncio.get_running_loop().create_task(self._write())

    def send(self, payload: Json) -> None:
        self._queue.put_nowait(payload)

    def close(self, code: int) -> None:
        """Close it, after what is still to be sent."""
        self._queue.put_nowait(code)

    def abort(self) -> None:
        """Let it break, without a close code."""
        if self.request.transport is not None:
            self.request.transport.abort()

    async def _write(self) -> None:
        while True:
            each = await self._queue.get()
            try:
                if isinstance(each, int):
                    await self.socket.close(code=each)
                    return
                await self._send(json.dumps(each))
            except (ConnectionError, RuntimeError):
                return  # the client has gone; its session remembers what it missed

    async def _send(self, text: str) -> None:
        if self._pack is None:
            await self.socket.send_str(text)
        else:
            await self.socket.send_bytes(self._pack(text.encode()))


def _packer(asked: str) -> Callable[[bytes], bytes] | None:
    """https://docs.discord.com/developers/events/gateway#transport-compression."""
    if asked == "zlib-stream":
        deflate = zlib.compressobj()
        return lambda data: deflate.compress(data) + deflate.flush(zlib.Z_SYNC_FLUSH)
    if asked == "zstd-stream":
        # Asked for only by a client that has the library itself.
        zstd: Any = importlib.import_module("zstandard")
        context = zstd.ZstdCompressor().compressobj()
        block = zstd.COMPRESSOBJ_FLUSH_BLOCK
        return lambda data: bytes(context.compress(data) + context.flush(block))
    return None


class Gateway:
    """All sessions and connections of the one app.

    `acking` off leaves heartbeats unanswered; `resumes` off makes every session too old.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = ""
        #: Where the gateway is by what the API says, if that is not where it is.
        self.told = ""
        self.shards = 1
        self.heartbeat_ms = 41_250
        self.acking = True
        self.resumes = True
        self.sessions: dict[str, Session] = {}
        self.connections: list[Connection] = []
        #: The opcodes that came, in order.
        self.ops: list[int] = []
        world.listeners.append(self.dispatch)

    @property
    def live(self) -> list[Session]:
        """The sessions that are connected and ready."""
        return [each for each in self.sessions.values() if each.connection is not None]

    def dispatch(self, event: Event) -> None:
        """Give an event to every session that it is for, connected or not."""
        for session in list(self.sessions.values()):
            if session.wants(event):
                session.dispatch(event.name, session.view(event, self.world))

    def drop(self, code: int | None = None) -> None:
        """Break every connection, or close it with a code. Sessions can be resumed."""
        for each in list(self.connections):
            if code is None:
                each.abort()
            else:
                each.close(code)

    def reconnect(self) -> None:
        """Ask every client to come back and resume (opcode 7)."""
        for each in self.connections:
            each.send({"op": RECONNECT, "d": None, "s": None, "t": None})

    def invalidate(self, *, resumable: bool) -> None:
        """Tell every client that its session is invalid (opcode 9)."""
        for each in self.connections:
            if each.session is not None and not resumable:
                self.sessions.pop(each.session.id, None)
            each.send({"op": INVALID, "d": resumable, "s": None, "t": None})

    async def close(self) -> None:
        """End everything."""
        for each in list(self.connections):
            each.writer.cancel()
            await each.socket.close(code=WSCloseCode.GOING_AWAY)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from HELLO to its end."""
        socket = web.WebSocketResponse(autoping=True, timeout=0.5)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.connections.append(connection)
        if request.query.get("v") != "10":
            connection.close(4012)
        connection.send({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_ms}})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._take(connection, message.data)
        finally:
            self.connections.remove(connection)
            connection.writer.cancel()
            if connection.session and connection.session.connection is connection:
                connection.session.connection = None
            self.world.fire()
        return socket

    def _take(self, connection: Connection, text: str) -> None:
        try:
            self._handle(connection, text)
        except Refused as refused:
            connection.close(refused.rule.status)

    def _handle(self, connection: Connection, text: str) -> None:
        now = time.monotonic()
        connection.received = [at for at in connection.received if now - at < 60] + [now]
        if len(connection.received) > 120:
            raise Refused("gateway_rate")
        if len(text.encode()) > 4096:
            raise Refused("gateway_size")
        try:
            payload = json.loads(text)
            op, data = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError) as error:
            raise Refused("gateway_payload") from error
        self.ops.append(op)
        if op == HEARTBEAT:
            if self.acking:
                connection.send({"op": ACK, "d": None, "s": None, "t": None})
        elif op == IDENTIFY:
            self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif op not in NOTED:
            raise Refused("gateway_opcode")
        elif connection.session is None:
            raise Refused("gateway_first")

    def _identify(self, connection: Connection, data: Json) -> None:
        """https://docs.discord.com/developers/events/gateway#identifying."""
        if connection.session is not None:
            raise Refused("gateway_twice")
        if data.get("token") != self.world.token:
            raise Refused("gateway_token")
        shard = (*data.get("shard", (0, 1)),)
        if len(shard) != 2 or not 0 <= shard[0] < shard[1]:
            raise Refused("gateway_shard")
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN:
            raise Refused("gateway_intents")
        if intents & PRIVILEGED & ~self.world.privileged:
            raise Refused("gateway_privileged")
        session = Session(f"{self.world.snowflake():x}", (shard[0], shard[1]), intents)
        self.sessions[session.id] = session
        session.attach(connection)
        self._ready(session)

    def _ready(self, session: Session) -> None:
        """https://docs.discord.com/developers/events/gateway-events#ready."""
        guilds = [each for each in self.world.guilds.values() if session.covers(each.id)]
        if not session.intents & GUILDS:
            guilds = []
        session.dispatch(
            "READY",
            {
                "v": 10,
                "user": shapes.bot_user(self.world.bot),
                "guilds": [{"id": str(each.id), "unavailable": True} for each in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "shard": list(session.shard),
                "application": {"id": str(self.world.application_id), "flags": 0},
            },
        )
        for each in guilds:
            session.dispatch("GUILD_CREATE", shapes.guild(each, self.world))
        self.world.fire()

    def _resume(self, connection: Connection, data: Json) -> None:
        """https://docs.discord.com/developers/events/gateway#resuming."""
        if data.get("token") != self.world.token:
            raise Refused("gateway_token")
        session = self.sessions.get(data.get("session_id", ""))
        if session is not None and not 0 <= data["seq"] <= session.seq:
            raise Refused("gateway_seq")
        if session is None or not self.resumes or not session.remembers(data["seq"]):
            connection.send({"op": INVALID, "d": False, "s": None, "t": None})
            return
        session.attach(connection)
        for payload in session.missed(data["seq"]):
            connection.send(payload)
        session.dispatch("RESUMED", {})
        self.world.fire()
