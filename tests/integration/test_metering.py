"""The figures of a game that is really played, and whether a process is ready, on a real Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from bot.challenge import Side
from bot.errors import NotFound, Refusal, StageFailed, StoreUnavailable
from bot.figures import FIGURES
from bot.game.composing import Composers
from bot.metering import (
    MeteredApp,
    MeteredStage,
    kind_of,
    metered_composers,
    metered_stages,
    metered_work,
)
from bot.metrics import PrometheusMeter
from bot.models import Address, MessageRef, RoundRef
from bot.readiness import AgendaReady, RedisReady
from bot.requests import Add, Ask, Top, Vote
from bot.settings import LimitSettings
from bot.storage import agenda_items, keys
from bot.storage.agenda import AgendaStore
from bot.storage.client import Store
from bot.storage.connect import make_client
from bot.storage.health import Health
from bot.storage.metered import MeteredAgendaStore, MeteredStore
from bot.storage.probing import probe
from bot.storage.votes import milliseconds
from bot.watching import web_server
from bot.wiring import compose
from bot.writing.calls import Usage
from bot.writing.outcomes import Outcome, Reason
from tests.challenging import Voter, pool_of, voting_challenge
from tests.integration.test_connect import whole
from tests.support import (
    ADDRESS,
    FakeClock,
    MemoryStage,
    Proxy,
    ScriptedRound,
    ScriptedWriter,
    Table,
    event,
    one_server,
    redis_on_port,
    redis_server,
)

USED = (Usage("fake-1", 1200, 1000, 300, reported=True),)


class Watched:
    """A meter, and what it shows."""

    def __init__(self) -> None:
        self.meter = PrometheusMeter()

    def __getitem__(self, name: str) -> dict[tuple[str, ...], float]:
        """The samples of that name, by the values of their labels in the figure's order."""
        order = next(each.labels for each in FIGURES if name.startswith(each.name))
        families = text_string_to_metric_families(self.text)
        return {
            tuple(s.labels[label] for label in order): s.value
            for f in families
            for s in f.samples
            if s.name == name
        }

    @property
    def text(self) -> str:
        return self.meter.shown({}).decode()


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
async def metered(empty_url: str, watched: Watched) -> AsyncIterator[Store]:
    """A store that counts."""
    made = MeteredStore(make_client(empty_url), watched.meter)
    yield made
    await made.close()


@pytest.fixture
def watched_table(
    metered: Store, clock: FakeClock, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> Table:
    """A game with the meter around every part that can have it."""
    meter, stage, writer = watched.meter, MemoryStage(), ScriptedWriter()
    monkeypatch.setattr("bot.wiring.App", partial(MeteredApp, meter))
    monkeypatch.setattr("bot.wiring.AgendaStore", partial(MeteredAgendaStore, meter=meter))
    muse = compose(
        metered,
        clock,
        metered_composers(Composers.by(writer), meter),
        LimitSettings(),
        "UTC",
        metered_stages({"test": stage}, meter),
        lambda: 7,
        refresh_pause=0.0,
    )
    return Table(muse, clock, stage, writer)


async def test_duels_are_counted_once_each(watched_table: Table, watched: Watched) -> None:
    table = watched_table
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2))
    voter = Voter(table, voting, "ana")
    await voter.open()
    again = event()
    for ident in (again, again, event()):
        await voter.pick(at=ident)
    await voter.pick(Side.SKIP)
    assert watched["muse_duels_total"] == {(): 2}


async def test_a_round_in_figures(
    watched_table: Table, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ScriptedRound, "outcome", Outcome(model=4, calls=1, usage=USED))
    table = watched_table
    await table.do(Ask("a lighthouse afraid of the dark"))
    await table.do(Add("The gulls kept the light."), "bo")
    await table.do(Vote((1, 5)), "cem")
    with pytest.raises(Refusal):
        await table.do(Vote((5,)), "bo")
    table.clock.shift(timedelta(hours=30))
    await table.muse.settle()

    assert watched["muse_rounds_opened_total"] == {(): 1}
    assert watched["muse_entries_total"] == {(): 5}
    assert watched["muse_votes_total"] == {(): 1}
    assert watched["muse_rounds_closed_total"] == {(): 1}
    commands = watched["muse_commands_total"]
    assert commands.pop(("vote", "done")) == 1
    assert commands.pop(("ask", "done")) == commands.pop(("add", "done")) == 1
    [((request, outcome), refused)] = commands.items()
    assert (request, refused) == ("vote", 1)
    assert outcome in ("refusal", "not_allowed", "bad_input")
    assert watched["muse_command_seconds_count"] == {("test",): 4}
    assert watched["muse_writings_total"] == {("rounds", "whole"): 1}
    assert watched["muse_first_entry_seconds_count"] == {("rounds",): 1}
    assert watched["muse_last_entry_seconds_count"] == {("rounds",): 1}
    assert watched["muse_tokens_total"] == {
        ("fake-1", "in"): 1200,
        ("fake-1", "cached"): 1000,
        ("fake-1", "out"): 300,
    }
    calls = watched["muse_platform_calls_total"]
    assert calls["test", "post", "done"] == 2, "the round and its result"
    assert calls["test", "edit", "done"] >= 4
    late = watched["muse_agenda_late_seconds_sum"]
    assert late["write",] == 0
    assert late["close",] == 6 * 3600
    assert watched["muse_redis_seconds_count"][()] > 10
    assert watched["muse_redis_failures_total"] == {(): 0}


async def test_no_figure_tells_who_or_what(watched_table: Table, watched: Watched) -> None:
    prompt, piece = "a lighthouse afraid of the dark", "The gulls kept the light."
    await watched_table.do(Ask(prompt), "some-asker")
    await watched_table.do(Add(piece), "some-author")
    await watched_table.do(Top())
    ref = await watched_table.here()
    told = watched.text
    for secret in (prompt, "lighthouse", piece, "gulls", "some-", ref.round, ref.community):
        assert secret not in told
    assert ADDRESS.space.id not in told
    assert ADDRESS.channel not in told


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (NotFound("x"), "not_found"),
        (StoreUnavailable("x"), "store_unavailable"),
        (type("RateLimited", (StageFailed,), {})("x"), "stage_failed"),
        (RuntimeError("x"), "unexpected"),
        (asyncio.CancelledError(), "stopped"),
    ],
)
def test_errors_are_told_by_their_kind_in_the_tree(error: BaseException, kind: str) -> None:
    assert kind_of(error) == kind


async def test_a_platform_that_fails_is_counted_by_its_own_kinds(watched: Watched) -> None:
    stage = MemoryStage()
    metered = MeteredStage("slack", stage, watched.meter)
    stage.failing = True
    with pytest.raises(StageFailed):
        await metered.edit(MessageRef(Address(ADDRESS.space, "room"), "m"), None)  # type: ignore[arg-type]  # it fails before it looks

    class RateLimited(StageFailed):
        pass

    async def limited(*_: object) -> None:
        raise RateLimited("wait")

    stage.edit = limited  # type: ignore[method-assign, assignment]  # as an adapter raises it
    with pytest.raises(RateLimited):
        await metered.edit(MessageRef(Address(ADDRESS.space, "room"), "m"), None)  # type: ignore[arg-type]  # the same
    assert watched["muse_platform_calls_total"] == {
        ("slack", "edit", "stage_failed"): 1,
        ("slack", "edit", "rate_limited"): 1,
    }


async def test_why_the_deck_stood_in_is_counted(
    watched: Watched, watched_table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ScriptedRound, "outcome", Outcome(reason=Reason.BUDGET))
    await watched_table.do(Ask("a lighthouse"))
    watched_table.writer.fails_after = 1
    await watched_table.do(Ask("a harbour"))
    assert watched["muse_writings_total"] == {
        ("rounds", "budget"): 1,
        ("rounds", "writer_failed"): 1,
    }
    assert watched["muse_first_entry_seconds_count"] == {("rounds",): 2}


async def test_what_came_of_work_is_counted(watched: Watched) -> None:
    ref = RoundRef("c", "r")
    later = FakeClock().now()

    async def fails(_: RoundRef) -> None:
        raise RuntimeError

    async def waits(_: RoundRef) -> None:
        raise StoreUnavailable("x")

    async def stopped(_: RoundRef) -> None:
        raise asyncio.CancelledError

    async def done(_: RoundRef) -> None:
        return None

    async def again(_: RoundRef) -> Any:
        return later

    work = {"a": done, "b": again, "c": fails, "d": waits, "e": stopped}
    metered = metered_work(work, watched.meter)
    assert await metered["a"](ref) is None
    assert await metered["b"](ref) == later
    for verb in "cde":
        with pytest.raises((RuntimeError, StoreUnavailable, asyncio.CancelledError)):
            await metered[verb](ref)
    assert watched["muse_agenda_items_total"] == {
        ("a", "done"): 1,
        ("b", "again"): 1,
        ("c", "failed"): 1,
        ("d", "store_unavailable"): 1,
        ("e", "stopped"): 1,
    }


async def test_what_is_given_up_is_counted(
    metered: Store, watched: Watched, clock: FakeClock
) -> None:
    agenda, now = MeteredAgendaStore(metered, watched.meter), clock.now()
    await agenda.add(agenda_items.write(RoundRef("c", "r")), now)
    clock.shift(timedelta(seconds=3))
    lease = clock.now() + timedelta(seconds=12)
    [claim] = await agenda.claim(keys.shard("c"), clock.now(), lease, 5, ("write",))
    await agenda.give_up(claim, lease, "no", clock.now())
    assert len(await agenda.dead()) == 1
    assert watched["muse_agenda_items_total"] == {("write", "given_up"): 1}
    assert watched["muse_agenda_late_seconds_sum"] == {("write",): 3}


async def test_a_redis_that_is_gone_is_counted(tmp_path: Path, watched: Watched) -> None:
    with redis_server(tmp_path / "gone") as server:
        store = MeteredStore(make_client(server.url), watched.meter, patience=0.05)
        await asyncio.gather(*(store.call("GET", "x") for _ in range(50)))
        assert watched["muse_redis_seconds_count"] == {(): 1}, "one pipeline"
        with pytest.raises(StoreUnavailable):
            await store.call("NOSUCHCOMMAND")
        assert watched["muse_redis_failures_total"] == {(): 1}
    with pytest.raises(StoreUnavailable):
        await store.call("GET", "x")
    await store.close()
    assert watched["muse_redis_failures_total"][()] > 1


# --- Ready or not.


async def due(store: Store, clock: FakeClock, item: str, seconds: float) -> None:
    """An item that has been due for so long."""
    when = milliseconds(clock.now() - timedelta(seconds=seconds))
    _, ref = agenda_items.read(item)
    await store.call("ZADD", keys.agenda(keys.shard(ref.community)), when, item)


async def test_how_far_the_agenda_is_behind(store: Store, clock: FakeClock) -> None:
    health, able = Health(store), ("write", "show@slack")
    ready = AgendaReady(health, clock, able)
    assert ready.behind(await ready.due()) == 0
    await due(store, clock, agenda_items.write(RoundRef("a", "r")), -30)
    assert ready.behind(await ready.due()) == 0, "it is not due yet, or under a lease"
    await due(store, clock, agenda_items.show(RoundRef("b", "r"), "discord"), 5000)
    assert ready.behind(await ready.due()) == 0, "another process must do it"
    await due(store, clock, agenda_items.show(RoundRef("b", "r"), "slack"), 12.5)
    await due(store, clock, agenda_items.write(RoundRef("c", "r")), 7)
    assert ready.behind(await ready.due()) == 12.5
    assert await ready.ready() == ""
    clock.shift(timedelta(seconds=60))
    assert await ready.ready() == "73 s behind"


async def test_the_agenda_as_it_is_worked_is_not_behind(watched_table: Table) -> None:
    await watched_table.do(Ask("a lighthouse"))
    table = watched_table
    ready = AgendaReady(Health(table.muse.store), table.clock, ("write", "close", "expire"))
    assert ready.behind(await ready.due()) == 0
    table.clock.shift(timedelta(hours=25))
    assert ready.behind(await ready.due()) == 3600
    await table.muse.settle()
    assert ready.behind(await ready.due()) == 0


@one_server
async def test_redis_must_answer_in_time(tmp_path: Path, empty_url: str, clock: FakeClock) -> None:
    async with held_up(tmp_path, empty_url) as (proxy, store):
        redis = RedisReady(Health(store), seconds=0.2)
        agenda = AgendaReady(Health(store), clock, ("write",), seconds=0.2)
        await store.call("GET", "x")
        proxy.open.clear()
        assert await redis.ready() == "no answer within 0.2 s"
        assert await agenda.ready() == "can’t be read"
        assert agenda.behind(await agenda.due()) is None
        assert await agenda.due() is None
        proxy.open.set()
        assert await RedisReady(Health(store)).ready() == ""


@asynccontextmanager
async def held_up(tmp_path: Path, url: str) -> AsyncIterator[tuple[Proxy, Store]]:
    path = tmp_path / "p"
    async with Proxy(url.removeprefix("unix://")).at(path) as proxy:
        store = Store(make_client(f"unix://{path}"))
        yield proxy, store
        await store.close()


async def test_a_process_that_is_watched(
    watched_table: Table, metered: Store, watched: Watched, clock: FakeClock
) -> None:
    """As `run` does it: the server on the game's own meter, store and agenda."""
    server = web_server("127.0.0.1", 0, watched.meter, metered, clock, ("close",))
    await watched_table.do(Ask("a lighthouse"))
    async with server, ClientSession() as client:
        base = f"http://127.0.0.1:{server.port}"
        async with client.get(f"{base}/readyz") as answer:
            assert await answer.json() == {"ready": True}
        clock.shift(timedelta(hours=24, minutes=2))
        async with client.get(f"{base}/readyz") as answer:
            assert answer.status == 503
            assert await answer.json() == {"ready": False, "missing": {"agenda": "120 s behind"}}
        async with client.get(f"{base}/metrics") as answer:
            text = await answer.text()
    assert "muse_agenda_behind_seconds 120.0" in text
    assert 'muse_agenda_due_seconds{verb="close"} 120.0' in text
    assert "muse_rounds_opened_total 1.0" in text
    assert 'muse_commands_total{outcome="done",request="ask"} 1.0' in text


async def test_work_that_nobody_does_is_seen_by_all(
    watched_table: Table, metered: Store, watched: Watched, clock: FakeClock
) -> None:
    """A gateway beside no worker is ready, and yet its figures say that rounds wait."""
    server = web_server("127.0.0.1", 0, watched.meter, metered, clock, ("show@test",))
    await watched_table.quick(Ask("a lighthouse"))
    clock.shift(timedelta(minutes=10))
    async with server, ClientSession() as client:
        base = f"http://127.0.0.1:{server.port}"
        async with client.get(f"{base}/readyz") as answer:
            assert answer.status == 200
        async with client.get(f"{base}/metrics") as answer:
            text = await answer.text()
        assert 'muse_agenda_due_seconds{verb="write"} 600.0' in text
        assert "muse_agenda_behind_seconds 0.0" in text
        await watched_table.muse.settle()
        async with client.get(f"{base}/metrics") as answer:
            assert 'muse_agenda_due_seconds{verb="write"} 0.0' in await answer.text()


async def test_a_plain_game_has_nothing_of_a_meter(table: Table) -> None:
    assert not isinstance(table.muse.store, MeteredStore)
    assert type(table.muse.agenda._store) is AgendaStore
    assert not isinstance(table.muse.app, MeteredApp)


async def test_on_a_cluster(tmp_path: Path, watched: Watched, clock: FakeClock) -> None:
    options = ("--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf")
    with redis_on_port(tmp_path / "cluster", *options) as (_, port):
        await whole(port)
        url = f"redis+cluster://127.0.0.1:{port}"
        store = MeteredStore(make_client(url), watched.meter)
        await due(store, clock, agenda_items.write(RoundRef("a", "r")), 61)
        assert await RedisReady(Health(store)).ready() == ""
        assert await AgendaReady(Health(store), clock, ("write",)).ready() == "61 s behind"
        assert watched["muse_redis_seconds_count"][()] >= 3
        await store.close()
        seen = await probe(url)
    assert not seen.replica
    assert not seen.on_disk
    assert abs(seen.ahead) < 60
    assert seen.used > 0
