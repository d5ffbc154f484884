"""Every kind of Redis that a URL can name, and every one that Muse must refuse."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bot.errors import SetupError
from bot.game.composing import Composers
from bot.requests import Add, Ask, Close, Top, Vote
from bot.settings import LimitSettings
from bot.storage import keys
from bot.storage.client import Store
from bot.storage.connect import check_engine, make_client
from bot.wiring import compose, open_store
from tests.support import (
    FakeClock,
    MemoryStage,
    ScriptedWriter,
    Server,
    Table,
    engine_path,
    free_port,
    raw,
    redis_on_port,
    redis_server,
    running,
    words,
)


def engine_version() -> tuple[int, ...]:
    said = subprocess.run(
        [engine_path(), "--version"], capture_output=True, text=True, check=True
    ).stdout
    return tuple(int(part) for part in said.split("v=")[1].split()[0].split("."))


async def refusal(url: str) -> str:
    """The one sentence with which a URL is refused."""
    with pytest.raises(SetupError) as refused:
        await open_store(url)
    return str(refused.value)


# --- URLs.


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:6379",
        "http://:hunter2@localhost:6379",
        "redis://:hunter2@localhost:many/0",
        "redis://:hunter2@[::1/0",
        "redis://:hunter2@localhost:6379/0?socket_timeout=soon",
        "redis://:hunter2@localhost:6379/0?colour=blue",
        "redis+sentinel://:hunter2@localhost:26379",
        "redis+sentinel://:hunter2@localhost:26379/mymaster/zero",
        "redis+sentinel://:hunter2@localhost:many/mymaster",
        "redis+cluster://:hunter2@localhost:many",
        "redis+cluster://",
    ],
)
async def test_a_url_that_cannot_be_used_is_said_in_a_sentence(url: str) -> None:
    said = await refusal(url)
    assert "REDIS_URL" in said
    assert "hunter2" not in said
    assert "\n" not in said


@pytest.mark.parametrize("kind", ["redis", "redis+cluster", "redis+sentinel", "rediss"])
async def test_nobody_there(kind: str) -> None:
    port = free_port()
    said = await refusal(f"{kind}://:hunter2@127.0.0.1:{port}/mymaster")
    assert "could not be reached" in said
    assert "REDIS_URL" in said
    assert "hunter2" not in said


async def test_a_wrong_password(tmp_path: Path) -> None:
    with redis_on_port(tmp_path, "--requirepass", "right") as (_, port):
        for url in (f"redis://:hunter2@127.0.0.1:{port}/0", f"redis://127.0.0.1:{port}/0"):
            said = await refusal(url)
            assert "refused the password" in said
            assert "REDIS_URL" in said
            assert "hunter2" not in said
        store = await open_store(f"redis://:right@127.0.0.1:{port}/0")
        assert await store.call("PING") in (True, "PONG")
        await store.close()


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl"])
async def test_a_redis_that_throws_data_away(tmp_path: Path, policy: str) -> None:
    with redis_server(tmp_path, "--maxmemory-policy", policy) as server:
        said = await refusal(server.url)
        assert policy in said
        assert "CONFIG SET maxmemory-policy noeviction" in said
        # The remedy it names is one.
        async with raw(server.url) as ask:
            await ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
        store = await open_store(server.url)
        await store.close()


async def test_an_old_redis() -> None:
    class Old:
        async def info(self, section: str) -> dict[str, str]:
            return {"redis_version": "6.0.16"} if section == "server" else {}

    with pytest.raises(SetupError, match=r"6\.0\.16; Muse needs 6\.2"):
        await check_engine(Old())


async def test_the_engine_is_named(redis_url: str) -> None:
    client = make_client(redis_url)
    assert await check_engine(client) == f"redis {'.'.join(map(str, engine_version()))}"
    await client.aclose()


# --- A round's whole life, on every kind.


async def play_a_round(store: Store) -> None:
    clock, stage, writer, rng = FakeClock(), MemoryStage(), ScriptedWriter(), Random(1)
    muse = compose(
        store,
        clock,
        Composers.by(writer),
        LimitSettings(),
        "UTC",
        {"test": stage},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
    )
    table = Table(muse, clock, stage, writer)
    for name in ("one", "two", "three"):
        await table.do(Ask(name), "ana")
        ref = await table.here()
        await table.do(Add("mine", 0, ref), "bo")
        await table.do(Add("mine, but more so", 5, ref), "cem")
        await asyncio.gather(*(table.quick(Vote((1, 5), (), ref), f"v{n}") for n in range(20)))
        await table.do(Vote((6,), (), ref), "ana")
        await table.do(Close(ref), "ana")
        assert "20 votes" in words(stage.now_showing("result", ref))
    assert "60 points" not in words(await table.quick(Top("people", "all")))
    assert "61½ points" in words(await table.quick(Top("people", "week")))
    assert "@bo" in words(await table.quick(Top("entries", "month")))
    assert "20 of 21, in 1 round" in words(await table.quick(Top("lenses", "week")))
    clock.shift(timedelta(days=91))
    await table.muse.settle()
    assert "Nothing is here" in words(await table.quick(Top("entries", "week")))
    assert "@bo" in words(await table.quick(Top("entries", "all")))
    agenda = keys.agenda(keys.shard((await table.community()).id))
    assert await store.call("ZCARD", agenda) == 0


async def test_on_one_server(empty_url: str) -> None:
    store = await open_store(empty_url)
    await play_a_round(store)
    await store.close()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[int]:
    """A cluster of one node that owns every slot; its port."""
    options = ("--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf")
    with redis_on_port(tmp_path, *options) as (_, port):
        yield port


async def whole(port: int) -> None:
    """Give a cluster's only node its slots, and wait until it is one."""
    async with raw(f"redis://127.0.0.1:{port}/0") as ask:
        for first in range(0, 16384, 1024):
            await ask("CLUSTER", "ADDSLOTS", *range(first, first + 1024))
        for _ in range(500):
            if "cluster_state:ok" in await ask("CLUSTER", "INFO"):
                return
            await asyncio.sleep(0.02)
        pytest.fail("the cluster is not whole")


async def test_on_a_cluster(cluster: int) -> None:
    await whole(cluster)
    store = await open_store(f"redis+cluster://127.0.0.1:{cluster}")
    await play_a_round(store)
    await store.close()


async def test_through_sentinels(tmp_path: Path) -> None:
    with redis_on_port(tmp_path / "master") as (_, port):
        sentinel_port = free_port()
        folder = tmp_path / "sentinel"
        folder.mkdir()
        config = folder / "sentinel.conf"
        config.write_text(
            f"port {sentinel_port}\nbind 127.0.0.1\nsentinel monitor mymaster 127.0.0.1 {port} 1\n"
        )
        command = [str(engine_path()), str(config), "--sentinel"]
        sentinel = Server(folder, "", command)
        with running(sentinel, ("127.0.0.1", sentinel_port)):
            url = f"redis+sentinel://127.0.0.1:1,127.0.0.1:{sentinel_port}"
            store = await open_store(f"{url}/mymaster/0")
            await play_a_round(store)
            await store.close()
            assert "could not be reached" in await refusal(f"{url}/nobody/0")
