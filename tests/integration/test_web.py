"""Muse's web server, asked by a real client."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web

from bot.errors import SetupError
from bot.ports import Ready
from bot.web import LONGEST_BODY, WebServer
from tests.support import free_port


class Part(Ready):
    """Says what it is told to say."""

    def __init__(self, name: str, says: str = "", error: Exception | None = None) -> None:
        self.name = name
        self.says = says
        self.error = error

    async def ready(self) -> str:
        if self.error is not None:
            raise self.error
        return self.says


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    async with ClientSession() as made:
        yield made


def address(server: WebServer, path: str) -> str:
    return f"http://127.0.0.1:{server.port}{path}"


def serving(*parts: Ready, routes: tuple[web.RouteDef, ...] = ()) -> WebServer:
    return WebServer("127.0.0.1", 0, routes, parts)


async def test_it_lives(client: ClientSession) -> None:
    async with serving(Part("redis", "no answer")) as server:
        for ask in (client.get, client.head):
            async with ask(address(server, "/healthz")) as answer:
                assert answer.status == 200
                assert "Server" not in answer.headers
                assert answer.headers["Cache-Control"] == "no-store"
        async with client.get(address(server, "/healthz")) as answer:
            assert await answer.json() == {"muse": "alive"}


async def test_it_is_ready_when_all_of_it_is(client: ClientSession) -> None:
    redis, slack = Part("redis"), Part("slack")
    async with serving(redis, slack) as server:
        async with client.get(address(server, "/readyz")) as answer:
            assert answer.status == 200
            assert await answer.json() == {"ready": True}
        slack.says = "not connected"
        async with client.get(address(server, "/readyz")) as answer:
            assert answer.status == 503
            assert await answer.json() == {"ready": False, "missing": {"slack": "not connected"}}
        redis.error = RuntimeError("redis://:hunter2@host")
        async with client.get(address(server, "/readyz")) as answer:
            assert answer.status == 503
            assert "hunter2" not in await answer.text()
            assert (await answer.json())["missing"]["redis"]


async def test_a_platform_is_ready_by_itself_where_the_store_is(client: ClientSession) -> None:
    redis, agenda, slack = Part("redis"), Part("agenda", "90 s behind"), Part("slack")
    async with serving(redis, agenda, slack, Part("discord", "not connected")) as server:

        async def said(path: str) -> tuple[int, dict[str, str]]:
            async with client.get(address(server, path)) as answer:
                told = await answer.json() if answer.content_type == "application/json" else {}
                return answer.status, told.get("missing", {})

        assert await said("/readyz/slack") == (200, {})
        assert await said("/readyz/discord") == (503, {"discord": "not connected"})
        assert (await said("/readyz/console"))[0] == 404
        redis.says = "no answer"
        assert await said("/readyz/slack") == (503, {"redis": "no answer"})


async def test_a_part_that_does_not_answer_is_not_ready(
    client: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.READY_TIME", 0.01)

    class Stuck(Ready):
        name = "discord"

        async def ready(self) -> str:
            await asyncio.Event().wait()
            return ""

    async with (
        serving(Stuck(), Part("redis")) as server,
        client.get(address(server, "/readyz")) as answer,
    ):
        assert answer.status == 503
        assert list((await answer.json())["missing"]) == ["discord"]


async def test_figures_are_shown_where_there_are_any(client: ClientSession) -> None:
    async def figures() -> tuple[bytes, str]:
        return b"muse_votes_total 1\n", "text/plain; version=0.0.4; charset=utf-8"

    async with (
        WebServer("127.0.0.1", 0, figures=figures) as server,
        client.get(address(server, "/metrics")) as answer,
    ):
        assert await answer.text() == "muse_votes_total 1\n"
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    async with serving() as server, client.get(address(server, "/metrics")) as answer:
        assert answer.status == 404
        assert "Server" not in answer.headers


async def _length(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await request.read())))


async def _breaks(_: web.Request) -> web.Response:
    raise RuntimeError("hunter2")


ROUTES = (web.post("/slack/events", _length), web.get("/breaks", _breaks))


async def test_bodies_are_bounded(client: ClientSession) -> None:
    async def parts() -> AsyncIterator[bytes]:  # without a length before it
        for _ in range(LONGEST_BODY // 65_536 + 1):
            yield b"x" * 65_536

    async with serving(routes=ROUTES) as server:
        url = address(server, "/slack/events")
        async with client.post(url, data=b"x" * 1000) as answer:
            assert await answer.text() == "1000"
        async with client.post(url, data=parts()) as answer:
            assert answer.status == 413
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(
            b"POST /slack/events HTTP/1.1\r\nHost: muse\r\nContent-Length: 9999999\r\n\r\n"
        )
        assert b" 413 " in await reader.readline(), "refused before it is read"
        writer.close()
        await writer.wait_closed()


async def test_what_breaks_tells_nothing_but_a_reference(
    client: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        serving(routes=ROUTES) as server,
        client.get(address(server, "/breaks")) as answer,
    ):
        said = await answer.json()
    assert answer.status == 500
    assert set(said) == {"error", "reference"}
    assert said["reference"] in caplog.text
    assert "hunter2" not in str(said)


async def test_a_port_that_is_taken() -> None:
    async with serving() as server:
        second = WebServer("127.0.0.1", server.port)
        with pytest.raises(SetupError, match="MUSE_HTTP_PORT") as refused:
            await second.start()
        assert str(server.port) in str(refused.value)
        await second.stop()


async def test_an_address_of_another_machine() -> None:
    with pytest.raises(SetupError, match="MUSE_HTTP_HOST"):
        await WebServer("192.0.2.1", 0).start()  # RFC 5737: nobody's


async def test_requests_in_hand_are_answered_when_it_stops(client: ClientSession) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: web.Request) -> web.Response:
        begun.set()
        await go_on.wait()
        return web.Response(text="done")

    server = serving(routes=(web.get("/slow", slow),))
    await server.start()
    port = server.port

    async def asking() -> str:
        async with client.get(f"http://127.0.0.1:{port}/slow") as answer:
            return await answer.text()

    asked = asyncio.create_task(asking())
    await begun.wait()
    stopping = asyncio.create_task(server.stop())
    await asyncio.sleep(0)
    go_on.set()
    assert await asked == "done"
    await stopping
    await server.stop()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


async def test_it_can_be_started_on_a_port_of_choice() -> None:
    port = free_port()
    async with WebServer("127.0.0.1", port) as server:
        assert server.port == port
    with pytest.raises(RuntimeError):
        _ = server.port
