"""The way to Redis: quick, and safe whatever happens on it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StoreUnavailable
from bot.models import Facet, Origin, RoundRef
from bot.storage import lanes
from bot.storage.client import LANES, Store
from bot.storage.connect import make_client
from bot.storage.rounds import Rounds
from bot.storage.spaces import Spaces
from bot.storage.votes import Turn, Votes
from bot.wording import en
from tests.support import (
    ADDRESS,
    SPACE,
    START,
    Proxy,
    draft,
    event,
    member,
    one_server,
    opening,
    raw,
    redis_server,
)

VOTERS = [f"v{number}" for number in range(40)]


async def a_round(store: Store) -> RoundRef:
    """A round with two entries."""
    community = await Spaces(store, "UTC").community(SPACE, START)
    rounds = Rounds(store)
    ref = await rounds.open(
        community.id, event(), member("ana"), ADDRESS, opening(START, wanted=2), START
    )
    await rounds.place(ref, 1, draft("one"))
    await rounds.place(ref, 2, draft("two", origin=Origin.AI))
    return ref


async def vote(store: Store, ref: RoundRef, who: str, *entries: int, at: str = "") -> None:
    await Votes(store).turn(
        ref, at or event(), SPACE, member(who), entries, Turn.ON, (Facet.DEEP,), START
    )


async def approvals(store: Store, ref: RoundRef) -> dict[int, int]:
    tallies = (await Rounds(store).read(ref)).round.tallies
    return {number: tally.approvals for number, tally in tallies.items()}


@contextlib.asynccontextmanager
async def connected(url: str, patience: float = 10.0) -> AsyncIterator[Store]:
    store = Store(make_client(url), patience)
    try:
        yield store
    finally:
        await store.close()


# --- Pipelines.


@one_server
async def test_what_one_tick_asks_goes_out_at_once(empty_url: str, tmp_path: Path) -> None:
    proxy = Proxy(empty_url.removeprefix("unix://"))
    path = tmp_path / "p"
    async with proxy.at(path), connected(f"unix://{path}") as store:
        await store.call("PING")  # the connection's own greetings are over
        before = proxy.chunks
        replies = await asyncio.gather(*(store.call("ECHO", str(n)) for n in range(100)))
        assert replies == [str(n) for n in range(100)]
        assert proxy.chunks - before == 1


@one_server
async def test_what_comes_while_all_lanes_are_busy_goes_out_together(
    empty_url: str, tmp_path: Path
) -> None:
    proxy = Proxy(empty_url.removeprefix("unix://"))
    path = tmp_path / "p"
    async with proxy.at(path), connected(f"unix://{path}") as store:
        # Every lane greets the server once; then the server falls silent.
        await _in_ticks(store, LANES)
        before = proxy.chunks
        proxy.open.clear()
        asked = []
        for n in range(20):
            asked.append(asyncio.ensure_future(store.call("ECHO", str(n))))
            await asyncio.sleep(0.002)
        assert proxy.chunks - before <= LANES
        proxy.open.set()
        assert await asyncio.gather(*asked) == [str(n) for n in range(20)]
        assert proxy.chunks - before <= LANES + 1


async def _in_ticks(store: Store, count: int) -> None:
    asked = []
    for _ in range(count):
        asked.append(asyncio.ensure_future(store.call("PING")))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await asyncio.gather(*asked)


async def test_many_callers_each_get_their_own_answer(store: Store) -> None:
    async def caller(number: int) -> None:
        for step in range(5):
            key, value = f"k{number}", f"{number}-{step}"
            await store.call("SET", key, value)
            await asyncio.sleep(0)
            assert await store.call("GET", key) == value

    await asyncio.gather(*(caller(number) for number in range(400)))


async def test_scripts_that_redis_forgot_are_sent_again(store: Store, empty_url: str) -> None:
    ref = await a_round(store)
    for _ in range(3):
        async with raw(empty_url) as ask:
            await ask("SCRIPT", "FLUSH")
        await asyncio.gather(*(vote(store, ref, who, 1) for who in VOTERS))
    assert await approvals(store, ref) == {1: len(VOTERS)}


# --- What callers do.


@one_server
async def test_a_caller_that_gives_up_harms_nobody(empty_url: str, tmp_path: Path) -> None:
    proxy = Proxy(empty_url.removeprefix("unix://"))
    path = tmp_path / "p"
    async with proxy.at(path), connected(f"unix://{path}") as store:
        await store.call("PING")
        proxy.open.clear()
        asked = [asyncio.ensure_future(store.call("ECHO", str(n))) for n in range(30)]
        await asyncio.sleep(0.02)
        for n in range(0, 30, 3):
            asked[n].cancel()
        proxy.open.set()
        replies = await asyncio.gather(*asked, return_exceptions=True)
        for n, reply in enumerate(replies):
            if n % 3:
                assert reply == str(n)
            else:
                assert isinstance(reply, asyncio.CancelledError)
        assert await store.call("ECHO", "still in step") == "still in step"


async def test_what_cannot_be_sent_fails_alone(store: Store) -> None:
    """Half a character can come through JSON; it has no place in UTF-8."""
    others = [asyncio.ensure_future(store.call("ECHO", str(n))) for n in range(5)]
    with pytest.raises((StoreUnavailable, UnicodeError)):
        await store.call("ECHO", "\ud83d")
    others += [asyncio.ensure_future(store.call("ECHO", str(n))) for n in range(5, 10)]
    async with asyncio.timeout(5):
        assert await asyncio.gather(*others) == [str(n) for n in range(10)]
    assert await store.call("ECHO", "on") == "on"


async def test_what_redis_refuses_fails_alone(store: Store) -> None:
    await store.call("SET", "text", "x")
    replies = await asyncio.gather(
        store.call("ECHO", "1"),
        store.call("INCR", "text"),
        store.call("ECHO", "2"),
        return_exceptions=True,
    )
    assert replies[0] == "1"
    assert replies[2] == "2"
    assert isinstance(replies[1], StoreUnavailable)
    assert str(replies[1]) == en.STORE_DOWN


# --- What befalls the connection.


@one_server
async def test_killed_connections_lose_and_double_nothing(store: Store, empty_url: str) -> None:
    ref = await a_round(store)
    done = asyncio.Event()
    kills = 0

    async def killer() -> None:
        nonlocal kills
        async with raw(empty_url) as ask:
            while not done.is_set():
                kills += int(await ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"))
                await asyncio.sleep(0.005)

    async def voter(who: str) -> None:
        for _ in range(10):
            await vote(store, ref, who, 1, 2)
            await Votes(store).turn(ref, event(), SPACE, member(who), (2,), Turn.OFF, (), START)

    killing = asyncio.create_task(killer())
    await asyncio.gather(*(voter(who) for who in VOTERS))
    done.set()
    await killing
    assert kills > 0
    round_ = (await Rounds(store).read(ref)).round
    assert round_.voters == len(VOTERS)
    assert round_.tallies[1].approvals == len(VOTERS)
    assert round_.tallies[1].facets == {Facet.DEEP: len(VOTERS)}
    assert round_.tallies[2].approvals == 0
    assert round_.tallies[2].facets == {}


async def test_patience_ends(tmp_path: Path) -> None:
    with redis_server(tmp_path / "one") as server:
        async with connected(server.url, patience=0.3) as store:
            ref = await a_round(store)
            server.stop()
            replies = await asyncio.gather(
                vote(store, ref, "bo", 1), store.call("PING"), return_exceptions=True
            )
            for reply in replies:
                assert isinstance(reply, StoreUnavailable)
                assert str(reply) == en.STORE_DOWN
            # Once there is a server again, all goes on.
            with redis_server(tmp_path / "one"):
                ref = await a_round(store)
                await vote(store, ref, "bo", 1)
                assert await approvals(store, ref) == {1: 1}


async def test_a_server_that_comes_back_in_time_is_waited_for(tmp_path: Path) -> None:
    with redis_server(tmp_path / "one") as server:
        async with connected(server.url, patience=30) as store:
            await store.call("PING")
            server.stop()
            asked = [asyncio.ensure_future(store.call("ECHO", str(n))) for n in range(10)]
            await asyncio.sleep(0.2)
            assert not any(ask.done() for ask in asked)
            with redis_server(tmp_path / "one"):
                assert await asyncio.gather(*asked) == [str(n) for n in range(10)]


async def test_a_silent_server_is_not_waited_for_forever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "REPLY_TIMEOUT", 0.2)
    with redis_server(tmp_path) as server:
        async with connected(server.url, patience=0.5) as store:
            ref = await a_round(store)
            os.kill(server.pid, signal.SIGSTOP)
            try:
                with pytest.raises(StoreUnavailable):
                    await vote(store, ref, "bo", 1, at="once")
            finally:
                os.kill(server.pid, signal.SIGCONT)
            # Nobody knows whether it was taken; so it is sent again, and counts once.
            await vote(store, ref, "bo", 1, at="once")
            assert await approvals(store, ref) == {1: 1}


# --- What Redis says.


async def test_a_full_redis_refuses_and_applies_nothing_by_halves(
    tmp_path: Path,
) -> None:
    with redis_server(tmp_path, "--maxmemory-policy", "noeviction") as server:
        async with connected(server.url) as store, raw(server.url) as ask:
            ref = await a_round(store)
            await vote(store, ref, "bo", 1, 2)
            before = await everything(ask)
            await ask("CONFIG", "SET", "maxmemory", "1")
            rounds = Rounds(store)
            space, ana = SPACE, member("ana")
            tries: tuple[Awaitable[object], ...] = (
                vote(store, ref, "cem", 1),
                vote(store, ref, "bo", 1),
                Votes(store).turn(ref, event(), space, member("bo"), (1,), Turn.OFF, (), START),
                rounds.add(ref, event(), space, ana, "mine", 1, 40),
                rounds.place(ref, 1, draft("one more")),
                rounds.open(ref.community, event(), ana, ADDRESS, opening(START), START),
            )
            replies = list(await asyncio.gather(*tries, return_exceptions=True))
            del replies[4]  # it was placed before: nothing to do
            for reply in replies:
                assert isinstance(reply, StoreUnavailable)
                assert str(reply) == en.STORE_DOWN
            assert await everything(ask) == before
            await ask("CONFIG", "SET", "maxmemory", "0")
            await vote(store, ref, "cem", 1)
            assert await approvals(store, ref) == {1: 2, 2: 1}


async def test_a_replica_refuses_until_it_is_the_master(tmp_path: Path) -> None:
    """After a failover the old master says READONLY for a while: that passes."""
    with redis_server(tmp_path) as server:
        async with connected(server.url) as store, raw(server.url) as ask:
            ref = await a_round(store)
            await vote(store, ref, "bo", 1)  # so that Redis knows the script
            await ask("REPLICAOF", "127.0.0.1", "1")
            voting = [asyncio.ensure_future(vote(store, ref, who, 1)) for who in VOTERS]
            await asyncio.sleep(0.1)
            plain = asyncio.ensure_future(store.call("SET", "k", "v"))
            await asyncio.sleep(0.1)
            assert not any(asked.done() for asked in (*voting, plain))
            await ask("REPLICAOF", "NO", "ONE")
            await asyncio.gather(*voting, plain)
            assert await approvals(store, ref) == {1: len(VOTERS) + 1}


async def everything(ask: Callable[..., Awaitable[Any]]) -> dict[str, Any]:
    """All that is in a server, by key."""
    read = {
        "string": ("GET",),
        "hash": ("HGETALL",),
        "set": ("SMEMBERS",),
        "zset": ("ZRANGE", 0, -1, "WITHSCORES"),
        "list": ("LRANGE", 0, -1),
    }
    found = {}
    for key in sorted(await ask("KEYS", "*")):
        command, *rest = read[await ask("TYPE", key)]
        found[key] = await ask(command, key, *rest)
    return found
