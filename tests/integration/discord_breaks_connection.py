"""Breaking the rules of HTTP, its limits, and the gateway."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType

from tests.fakes.discord_rules import Json
from tests.fakes.discord_state import World
from tests.integration.discord_bench import DEFER, Answer, Bench, breaks

PLAIN = {"content": "x"}
CREATE = "POST /channels/{channel_id}/messages"
HEARTBEAT, IDENTIFY, PRESENCE, RESUME = 1, 2, 3, 6
INTENTS = (1 << 0) | (1 << 9) | (1 << 12)


@breaks("token")
async def _(bench: Bench) -> Answer:
    return await bench.call("GET", "/users/@me", headers={"Authorization": "Bot nobody"})


@breaks("content_type")
async def _(bench: Bench) -> Answer:
    headers = {"Content-Type": "text/plain"}
    return await bench.call("POST", bench.messages, PLAIN, headers=headers)


@breaks("body_json")
async def _(bench: Bench) -> Answer:
    headers = {"Content-Type": "application/json"}
    return await bench.call("POST", bench.messages, data="{", headers=headers)


def limited(answer: Answer, scope: str) -> Answer:
    assert answer.headers["X-RateLimit-Scope"] == scope
    assert answer.said["global"] == (scope == "global")
    assert ("X-RateLimit-Global" in answer.headers) == (scope == "global")
    assert answer.said["retry_after"] > 0
    assert int(answer.headers["Retry-After"]) >= answer.said["retry_after"]
    return answer


@breaks("route_limit")
async def _(bench: Bench) -> Answer:
    bench.server.limit(CREATE, 2, per=60.0)
    left = [(await bench.send(PLAIN)).headers["X-RateLimit-Remaining"] for _ in range(2)]
    assert left == ["1", "0"]
    assert (await bench.send(PLAIN)).status == 429
    bench.server.advance(61)
    assert (await bench.send(PLAIN)).status == 200
    assert (await bench.send(PLAIN)).headers["X-RateLimit-Bucket"]
    return limited(await bench.send(PLAIN), "user")


@breaks("top_level_limits")
async def _(bench: Bench) -> None:
    bench.server.limit(CREATE, 1, per=60.0)
    other = bench.server.channel(bench.guild, "other")
    said = [(await bench.send(PLAIN, each)).status for each in (None, other, other, None)]
    assert said == [200, 200, 429, 429]


@breaks("shared_limit")
async def _(bench: Bench) -> Answer:
    bench.server.limit_next(CREATE, 1.5, scope="shared")
    answer = limited(await bench.send(PLAIN), "shared")
    assert (await bench.send(PLAIN)).status == 200
    bench.server.limit_next(CREATE, 1.5, scope="shared")
    assert answer.said["retry_after"] == 1.5
    return await bench.send(PLAIN)


@breaks("global_limit")
async def _(bench: Bench) -> Answer:
    bench.server.limit_globally(60.0)
    assert (await bench.call("GET", "/users/@me")).status == 429
    bench.server.advance(61)
    assert (await bench.send(PLAIN)).status == 200
    bench.server.limit_globally(60.0)
    return limited(await bench.send(PLAIN), "global")


@breaks("interactions_not_global")
async def _(bench: Bench) -> None:
    asked = await bench.slash()
    bench.server.limit_globally(60.0)
    assert (await bench.answer(asked, DEFER)).status == 204
    assert (await bench.call("PATCH", bench.hook(asked, "@original"), PLAIN)).status == 200


class Socket:
    """A bare gateway connection, past its HELLO."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, op: int, data: Any = None) -> None:
        await self.socket.send_str(json.dumps({"op": op, "d": data}))

    async def payload(self) -> Json:
        came: Json = await self.socket.receive_json(timeout=10)
        return came

    async def event(self, name: str) -> Json:
        """The data of the next event of that name."""
        while (came := await self.payload())["t"] != name:
            pass
        data: Json = came["d"]
        return data | {"seq": came["s"]}

    async def closed(self) -> int:
        """The code that it is closed with."""
        while (await self.socket.receive(timeout=10)).type is WSMsgType.TEXT:
            pass
        assert self.socket.close_code is not None
        return self.socket.close_code

    async def identify(self, bench: Bench, **more: Any) -> Json:
        await self.send(IDENTIFY, identity(bench) | more)
        return await self.event("READY")


def identity(bench: Bench) -> Json:
    return {"token": bench.server.token, "intents": INTENTS, "properties": {}}


@asynccontextmanager
async def opened(bench: Bench) -> AsyncIterator[Socket]:
    async with bench.http.ws_connect(f"{bench.server.gateway_url}?v=10&encoding=json") as socket:
        made = Socket(socket)
        assert (await made.payload())["op"] == 10
        yield made


async def code(bench: Bench, op: int, data: Any) -> int:
    """How the gateway ends a fresh connection to which that is sent."""
    async with opened(bench) as socket:
        await socket.send(op, data)
        return await socket.closed()


@breaks("gateway_opcode")
async def _(bench: Bench) -> int:
    return await code(bench, 99, None)


@breaks("gateway_payload")
async def _(bench: Bench) -> int:
    async with opened(bench) as socket:
        await socket.socket.send_str("{")
        return await socket.closed()


@breaks("gateway_size")
async def _(bench: Bench) -> int:
    return await code(bench, IDENTIFY, identity(bench) | {"properties": {"os": "x" * 4096}})


@breaks("gateway_first")
async def _(bench: Bench) -> int:
    return await code(bench, PRESENCE, {})


@breaks("gateway_token")
async def _(bench: Bench) -> int:
    return await code(bench, IDENTIFY, identity(bench) | {"token": "nobody"})


@breaks("gateway_twice")
async def _(bench: Bench) -> int:
    async with opened(bench) as socket:
        await socket.identify(bench)
        await socket.send(IDENTIFY, identity(bench))
        return await socket.closed()


@breaks("gateway_rate")
async def _(bench: Bench) -> int:
    async with opened(bench) as socket:
        for _n in range(121):
            await socket.send(HEARTBEAT)
        return await socket.closed()


@breaks("gateway_shard")
async def _(bench: Bench) -> int:
    return await code(bench, IDENTIFY, identity(bench) | {"shard": [2, 2]})


@breaks("gateway_version")
async def _(bench: Bench) -> int:
    async with bench.http.ws_connect(f"{bench.server.gateway_url}?v=3") as socket:
        return await Socket(socket).closed()


@breaks("gateway_intents")
async def _(bench: Bench) -> int:
    return await code(bench, IDENTIFY, identity(bench) | {"intents": 1 << 30})


@breaks("gateway_privileged")
async def _(bench: Bench) -> int:
    asking = identity(bench) | {"intents": INTENTS | 1 << 15}
    refused = await code(bench, IDENTIFY, asking)
    bench.world.privileged = 1 << 15
    async with opened(bench) as socket:
        await socket.identify(bench, intents=INTENTS | 1 << 15)
    return refused


def resume(world: World, ready: Json, seq: int) -> Json:
    return {"token": world.token, "session_id": ready["session_id"], "seq": seq}


@breaks("gateway_seq")
async def _(bench: Bench) -> int:
    async with opened(bench) as socket:
        ready = await socket.identify(bench)
    return await code(bench, RESUME, resume(bench.world, ready, 999))


@breaks("gateway_session")
async def _(bench: Bench) -> None:
    async with opened(bench) as socket:
        ready = await socket.identify(bench)
    bench.server.gateway.resumes = False
    async with opened(bench) as socket:
        await socket.send(RESUME, resume(bench.world, ready, 1))
        came = await socket.payload()
        assert (came["op"], came["d"]) == (9, False)
        assert (await socket.identify(bench))["session_id"] != ready["session_id"]


@breaks("gateway_replay")
async def _(bench: Bench) -> None:
    async with opened(bench) as socket:
        ready = await socket.identify(bench)
        joined = await socket.event("GUILD_CREATE")
    said = [bench.written(f"{bench.world.bot.mention} {n}").content for n in range(3)]
    async with opened(bench) as socket:
        await socket.send(RESUME, resume(bench.world, ready, joined["seq"]))
        came = [await socket.payload() for _n in range(4)]
        assert [each["t"] for each in came] == [*["MESSAGE_CREATE"] * 3, "RESUMED"]
        assert [each["d"]["content"] for each in came[:3]] == said
        assert [each["s"] for each in came] == list(range(joined["seq"] + 1, joined["seq"] + 5))


@breaks("gateway_ack")
async def _(bench: Bench) -> None:
    async with opened(bench) as socket:
        await socket.send(HEARTBEAT)
        assert (await socket.payload())["op"] == 11
        bench.server.gateway.acking = False
        await socket.send(HEARTBEAT)
        await socket.send(IDENTIFY, identity(bench))
        assert (await socket.payload())["t"] == "READY"


@breaks("gateway_routing")
async def _(bench: Bench) -> None:
    shard = (bench.guild.id >> 22) % 2
    async with opened(bench) as first, opened(bench) as second:
        sockets = [first, second]
        for n, each in enumerate(sockets):
            listed = (await each.identify(bench, shard=[n, 2]))["guilds"]
            assert len(listed) == (n == shard)
        bench.written(f"{bench.world.bot.mention} here")
        bench.written("in private", bench.world.dm(bench.ada))
        here = (await sockets[shard].event("MESSAGE_CREATE"))["guild_id"]
        assert here == str(bench.guild.id)
        dm = await first.event("MESSAGE_CREATE")
        assert (dm["content"], "guild_id" in dm) == ("in private", False)
    told = {s.shard[0]: len(s.received("MESSAGE_CREATE")) for s in _sessions(bench)}
    assert told == {shard: 1 + (shard == 0), 1 - shard: int(shard == 1)}


def _sessions(bench: Bench) -> Any:
    return bench.server.gateway.sessions.values()


@breaks("gateway_events")
async def _(bench: Bench) -> None:
    async with opened(bench) as socket:
        ready = await socket.identify(bench, intents=1 << 12)
        assert ready["guilds"] == []
        bench.written(f"{bench.world.bot.mention} unheard")
        bench.written("heard", bench.world.dm(bench.ada))
        assert (await socket.event("MESSAGE_CREATE"))["content"] == "heard"
