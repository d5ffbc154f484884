"""Turns in the game: who is served in a crowd, and what holds nobody up."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bot.app import App
from bot.cards import FormCard, Reply
from bot.errors import LimitReached, StoreUnavailable
from bot.game.composing import Composers
from bot.models import SpaceRef, Tenure
from bot.requests import Add, Ask, Compose, Help, Request, Show, Vote
from bot.settings import LimitSettings
from bot.storage.client import Store
from bot.storage.connect import make_client
from bot.turns import Turns, Widths
from bot.wiring import compose
from bot.writing.judging import Judge
from bot.writing.openai_moderator import OpenAIModerator
from tests.fakes.openai_calls import SECRET
from tests.fakes.openai_server import OpenAIServer
from tests.support import (
    SPACE,
    FakeClock,
    MemoryStage,
    Proxy,
    ScriptedWriter,
    Table,
    command,
    one_server,
)

FEW = Widths(ordinary=2, beside=1, just=0.0, held=3_600.0)


def few(
    store: Store,
    clock: FakeClock,
    judge: Judge | None = None,
    widths: Widths | None = FEW,
    limits: LimitSettings | None = None,
) -> Table:
    rng, stage, writer = Random(1), MemoryStage(), ScriptedWriter()
    muse = compose(
        store,
        clock,
        Composers(writer, writer, writer, judge=judge or Judge()),
        limits or LimitSettings(),
        "UTC",
        {"test": stage},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
        turns=Turns(widths) if widths is not None else None,
    )
    return Table(muse, clock, stage, writer)


def serve(
    app: App,
    order: list[str],
    request: Request,
    who: str,
    standing: Tenure | None = None,
    space: SpaceRef = SPACE,
) -> asyncio.Task[Reply]:
    """Have a request served, and note when it is."""

    async def served() -> Reply:
        try:
            asked = command(request, who, standing=standing or Tenure(), space=space)
            return await app.handle(asked)
        finally:
            order.append(who)

    return asyncio.create_task(served())


async def test_a_slow_moderation_keeps_nobody_waiting_but_whose_text_it_reads(
    store: Store, clock: FakeClock
) -> None:
    async with (
        OpenAIServer() as server,
        OpenAIModerator(api_key=SECRET, base_url=server.url, seconds=60.0) as asked,
    ):
        table = few(store, clock, Judge(asked))
        await table.do(Ask("a lighthouse"))
        ref, order = await table.here(), list[str]()
        server.moderations.open.clear()
        calls = server.moderations.calls
        adding = [
            serve(table.muse.app, order, Add(f"the gull of {n}", 0, ref), f"adds{n}")
            for n in range(6)
        ]
        while server.moderations.calls < calls + 6:  # noqa: ASYNC110 the fake counts only
            await asyncio.sleep(0.001)
        for number in range(6):
            await serve(table.muse.app, order, Show(ref), f"looks{number}")
        assert not any(task.done() for task in adding)
        server.moderations.open.set()
        await asyncio.gather(*adding)
        assert len((await table.round(ref)).standing) == 10


async def test_votes_and_forms_pass_a_crowd_and_newcomers_come_last(
    store: Store, clock: FakeClock
) -> None:
    table = few(store, clock)
    await table.do(Ask("a lighthouse"))
    ref, order = await table.here(), list[str]()
    fresh = Tenure(clock.now() - timedelta(hours=1), clock.now() - timedelta(hours=1))
    settled = Tenure(clock.now() - timedelta(days=400), clock.now() - timedelta(days=300))
    app = table.muse.app
    tasks = [serve(app, order, Show(ref), f"raider{n}", fresh) for n in range(20)]
    tasks += [serve(app, order, Show(ref), f"member{n}", settled) for n in range(4)]
    tasks.append(serve(app, order, Vote((1,), (), ref), "voter"))
    tasks.append(serve(app, order, Compose(ref), "writer"))
    replies = await asyncio.gather(*tasks)
    assert isinstance(replies[-1].card, FormCard)
    came = {who: place for place, who in enumerate(order)}
    assert max(came["voter"], came["writer"]) < 8
    assert max(came[f"member{n}"] for n in range(4)) < 14
    assert len(order) == 26, "everybody was answered"


@pytest.mark.parametrize(("days", "behind"), [(0, False), (365, True)])
async def test_who_counts_as_a_newcomer_is_a_setting(
    store: Store, clock: FakeClock, days: int, behind: bool
) -> None:
    table = few(store, clock, limits=LimitSettings(newcomer_days=days))
    await table.do(Ask("a lighthouse"))
    ref, order = await table.here(), list[str]()
    between = Tenure(clock.now() - timedelta(days=500), clock.now() - timedelta(days=300))
    if not days:  # nobody is one, not even who has just come
        between = Tenure(clock.now(), clock.now())
    settled = Tenure(clock.now() - timedelta(days=900), clock.now() - timedelta(days=900))
    app = table.muse.app
    tasks = [serve(app, order, Show(ref), f"came{n}", between) for n in range(20)]
    tasks += [serve(app, order, Show(ref), f"member{n}", settled) for n in range(4)]
    await asyncio.gather(*tasks)
    came = {who: place for place, who in enumerate(order)}
    last = max(came[f"member{n}"] for n in range(4))
    assert last < 14 if behind else last >= 20


async def test_who_asks_for_too_much_at_once_is_told_to_wait(
    store: Store, clock: FakeClock
) -> None:
    limits = LimitSettings(commands_at_once=1, waiting_per_member=5, turn_ms=1000)
    table = few(store, clock, widths=None, limits=limits)
    await table.do(Ask("a lighthouse"))
    ref, order = await table.here(), list[str]()
    app = table.muse.app
    tasks = [serve(app, order, Show(ref), "greedy") for _ in range(12)]
    other = serve(app, order, Show(ref), "modest")
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert len(refused) == 6, "one is served and five wait"
    assert all(isinstance(each, LimitReached) for each in refused)
    assert "Try again in 5 seconds." in str(refused[0])
    assert isinstance(await other, Reply)


@pytest.mark.parametrize("within", ["", "T1"])
async def test_direct_messages_are_one_place_of_many_or_who_is_in_many_is_served_first(
    store: Store, clock: FakeClock, within: str
) -> None:
    table = few(store, clock, widths=Widths(ordinary=1, held=3_600.0))
    order, app = list[str](), table.muse.app
    raider = SpaceRef("test", within) if within else None
    privately = [
        SpaceRef("test", f"{raider.id}:D{n}") if raider else SpaceRef.direct("test", f"raider{n}")
        for n in range(8)
    ]
    tasks = [serve(app, order, Help(), f"raider{n}", space=at) for n, at in enumerate(privately)]
    tasks += [serve(app, order, Help(), f"member{n}") for n in range(4)]
    await asyncio.gather(*tasks)
    assert order[0] == "raider0", "who waits for nobody"
    assert order[1:9] == [who for n in range(4) for who in (f"raider{n + 1}", f"member{n}")]


@one_server
async def test_without_redis_everybody_hears_so_however_many_there_are(
    empty_url: str, clock: FakeClock, tmp_path: Path
) -> None:
    """A turn is not kept by whoever waits for Redis: else the last would wait for all patience."""
    proxy, path = Proxy(empty_url.removeprefix("unix://")), tmp_path / "p"
    store = Store(make_client(f"unix://{path}"), patience=0.3)
    table = few(store, clock, widths=Widths(ordinary=2, votes=2, held=0.001))
    app, order = table.muse.app, list[str]()
    async with proxy.at(path):
        await table.do(Ask("a lighthouse"))
        ref = await table.here()
    asked = [serve(app, order, Show(ref), f"member{n}") for n in range(40)]
    asked += [serve(app, order, Vote((1,), (), ref), f"voter{n}") for n in range(40)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(answer) for answer in answers} == {StoreUnavailable}
    async with proxy.at(path):
        assert isinstance(await serve(app, order, Show(ref), "later"), Reply)
        await store.close()
