"""`muse check` on Redis, on the web server and as a whole, in this process: each thing that can be
wrong, against a real Redis and servers on loopback.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.checking.command import check
from bot.checking.findings import State
from bot.checking.redis_checks import redis_checks as look_at_redis
from bot.checking.web_checks import web_checks as look_at_web
from bot.storage import keys
from bot.storage.embedded import EmbeddedServer
from bot.storage.schema import SCHEMA
from bot.web import WebServer
from tests.integration.checking_bench import Surroundings, only_bad, states
from tests.support import free_port, one_server, raw, redis_on_port, redis_server


@pytest.fixture
def around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Surroundings:
    return Surroundings.clean(monkeypatch, tmp_path)


# --- Redis.


async def test_a_redis_of_yours(around: Surroundings, tmp_path: Path) -> None:
    with redis_server(tmp_path / "r", "--appendonly", "yes") as server:
        found = await look_at_redis(around.settings({"REDIS_URL": server.url}))
    assert states(found) == dict.fromkeys(
        ("Redis", "Redis on disk", "Redis speed", "clock"), State.FINE
    )


async def test_redis_without_its_file_on_disk(around: Surroundings, redis_url: str) -> None:
    found = await look_at_redis(around.settings({"REDIS_URL": redis_url}))
    assert only_bad(found, State.WARNING).about == "Redis on disk"


@pytest.mark.parametrize(
    ("kept", "says", "remedy"),
    [(keys.HALF, "not finished", "--replace"), (str(SCHEMA + 1), "newer Muse", "Update Muse")],
)
async def test_data_that_no_muse_of_this_version_starts_on(
    around: Surroundings, empty_url: str, kept: str, says: str, remedy: str
) -> None:
    async with raw(empty_url) as ask:
        await ask("SET", keys.SCHEMA, kept)
        found = await look_at_redis(around.settings({"REDIS_URL": empty_url}))
        assert await ask("GET", keys.SCHEMA) == kept, "only looked at"
    bad = only_bad(found)
    assert says in bad.says
    assert remedy in bad.remedy


@one_server
async def test_redis_that_throws_data_away(around: Surroundings, empty_url: str) -> None:
    async with raw(empty_url) as ask:
        await ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
        try:
            found = await look_at_redis(around.settings({"REDIS_URL": empty_url}))
        finally:
            await ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
    bad = only_bad(found)
    assert "allkeys-lru" in bad.says
    assert "CONFIG SET maxmemory-policy noeviction" in bad.remedy


async def test_redis_that_is_not_there(around: Surroundings) -> None:
    url = f"redis://:hunter2@127.0.0.1:{free_port()}"
    bad = only_bad(await look_at_redis(around.settings({"REDIS_URL": url})))
    assert "could not be reached" in bad.says


async def test_redis_with_another_password(around: Surroundings, tmp_path: Path) -> None:
    with redis_on_port(tmp_path / "r", "--requirepass", "right-one") as (_, port):
        url = f"redis://:wrong-one@127.0.0.1:{port}"
        bad = only_bad(await look_at_redis(around.settings({"REDIS_URL": url})))
        assert "password" in bad.says + bad.remedy


async def test_redis_whose_user_may_not_run_scripts(around: Surroundings, tmp_path: Path) -> None:
    with redis_on_port(tmp_path / "r", "--appendonly", "yes") as (server, port):
        async with raw(server.url) as ask:
            await ask("ACL", "SETUSER", "muse", "on", ">pass-word", "~*", "+@all", "-@scripting")
        url = f"redis://muse:pass-word@127.0.0.1:{port}"
        assert (
            "ACL SETUSER"
            in only_bad(await look_at_redis(around.settings({"REDIS_URL": url}))).remedy
        )


async def test_redis_that_follows_another(around: Surroundings, tmp_path: Path) -> None:
    port = free_port()
    options = ("--appendonly", "yes", "--replicaof", "127.0.0.1", str(port))
    with redis_server(tmp_path / "r", *options) as server:
        found = await look_at_redis(around.settings({"REDIS_URL": server.url}))
        assert only_bad(found).about == "Redis writes"


async def test_muses_own_redis_and_one_that_a_running_muse_has(around: Surroundings) -> None:
    settings = around.settings({})
    assert set(states(await look_at_redis(settings)).values()) == {State.FINE}
    async with EmbeddedServer(settings.muse.data_dir, settings.muse.redis_server):
        assert set(states(await look_at_redis(settings)).values()) == {State.FINE}
    assert set(states(await look_at_redis(settings)).values()) == {State.FINE}, "left as it was"


async def test_a_folder_that_cannot_be_used(around: Surroundings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    folder = {"MUSE_DATA_DIR": str(tmp_path / "file" / "data")}
    assert "MUSE_DATA_DIR" in only_bad(await look_at_redis(around.settings(folder))).remedy


# --- The web server.


async def test_a_port_that_is_free_and_an_address_that_leads_there(around: Surroundings) -> None:
    port = free_port()
    given = {"MUSE_HTTP_PORT": str(port), "MUSE_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    found = await look_at_web(around.settings(given))
    assert states(found) == {"web server": State.FINE, "public address": State.FINE}


async def test_a_port_that_a_running_muse_has(around: Surroundings) -> None:
    async with WebServer("127.0.0.1", 0) as running:
        found = await look_at_web(around.settings({"MUSE_HTTP_PORT": str(running.port)}))
    assert states(found) == {"web server": State.FINE, "public address": State.NOTE}


@pytest.fixture
async def stranger() -> AsyncIterator[int]:
    """The port of a server that is not Muse."""
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def test_a_port_that_another_program_has(around: Surroundings, stranger: int) -> None:
    bad = only_bad(await look_at_web(around.settings({"MUSE_HTTP_PORT": str(stranger)})))
    assert "MUSE_HTTP_PORT" in bad.remedy


async def test_a_public_address_that_leads_elsewhere(around: Surroundings, stranger: int) -> None:
    given = {"MUSE_PUBLIC_URL": f"http://127.0.0.1:{stranger}"}
    bad = only_bad(await look_at_web(around.settings(given)), State.WARNING)
    assert "404" in bad.says
    given = {"MUSE_PUBLIC_URL": f"http://127.0.0.1:{free_port()}"}
    bad = only_bad(await look_at_web(around.settings(given)), State.WARNING)
    assert "can’t be reached" in bad.says
    given |= {"SLACK_SIGNING_SECRET": "abcdef"}
    bad = only_bad(await look_at_web(around.settings(given)), State.WARNING)
    assert "https" in bad.says


# --- All of it.


async def test_what_does_not_answer_keeps_nothing_else_from_being_told(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.checking.command.SECONDS", 0.5)

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until the other side has given up
        writer.close()

    silent = await asyncio.start_server(listen, "127.0.0.1", 0)
    around.patch.setenv("REDIS_URL", f"redis://127.0.0.1:{silent.sockets[0].getsockname()[1]}")
    said: list[str] = []
    assert await check(None, said.append) == 1
    silent.close()
    assert "✗ Redis" in said[0]
    assert "could not be looked at within" in said[0]
    assert "✓ web server" in said[0]
