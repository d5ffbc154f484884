"""How long the line of what is to be written is, and how seldom Redis is asked for it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.game.queueing import Queue
from bot.models import RoundRef
from bot.storage import agenda_items, keys, writing_line
from bot.storage.agenda import AgendaStore
from bot.storage.client import Arg, Reply, Script, Store
from bot.storage.writing_line import Ahead, WritingLine
from tests.support import FakeClock

SECOND = timedelta(seconds=1)
#: Communities on shards of their own.
OWN, *OTHERS = list({keys.shard(f"c{n}"): f"c{n}" for n in range(40)}.values())[:5]


class Counting:
    """A store that counts the scripts it runs."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.runs = 0

    async def run(self, what: Script, which: Sequence[str], args: Sequence[Arg]) -> Reply:
        self.runs += 1
        return await self._store.run(what, which, args)


@pytest.fixture
def counting(store: Store) -> Counting:
    return Counting(store)


@pytest.fixture
def line(counting: Counting) -> WritingLine:
    return WritingLine(counting)  # type: ignore[arg-type]


async def due(store: Store, clock: FakeClock, community: str, count: int) -> None:
    """So much writing of a community has been due for long."""
    for number in range(count):
        item = agenda_items.write(RoundRef(community, f"r{number}"))
        await AgendaStore(store).add(item, clock.now() - 10 * SECOND)


async def look(line: WritingLine, clock: FakeClock, community: str) -> Ahead:
    return await line.ahead(community, clock.now() - 2 * SECOND, clock.now() + 13 * SECOND)


async def test_a_crowd_costs_one_look_at_all_shards_and_one_at_its_own_each(
    store: Store, clock: FakeClock, counting: Counting, line: WritingLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(writing_line, "KEPT", 3_600.0)
    await due(store, clock, OWN, 3)
    for other in OTHERS:
        await due(store, clock, other, 2)
    crowd = [OWN, *OTHERS] * 20
    found = await asyncio.gather(*(look(line, clock, who) for who in crowd))
    assert counting.runs == keys.SHARDS + len(crowd)
    for who, ahead in zip(crowd, found, strict=True):
        assert ahead == Ahead(3 if who == OWN else 2, 0, len(OTHERS) + 1, 0)


async def test_ones_own_line_is_told_as_it_is_now(
    store: Store, clock: FakeClock, line: WritingLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_line, "KEPT", 3_600.0)
    assert await look(line, clock, OWN) == Ahead(0, 0, 0, 0)
    await due(store, clock, OWN, 4)
    assert await look(line, clock, OWN) == Ahead(4, 0, 1, 0)


async def test_others_are_seen_again_once_their_time_is_over(
    store: Store, clock: FakeClock, line: WritingLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_line, "KEPT", 0.0)
    assert (await look(line, clock, OWN)).communities == 0
    await due(store, clock, OTHERS[0], 4)
    assert (await look(line, clock, OWN)).communities == 1


async def test_a_clock_that_was_shifted_is_followed_at_once(
    store: Store, clock: FakeClock, line: WritingLine
) -> None:
    await AgendaStore(store).add(agenda_items.write(RoundRef(OTHERS[0], "r")), clock.now())
    before = await look(line, clock, OWN)
    assert (before.communities, before.running) == (0, 1), "it is about to be begun"
    clock.shift(60 * SECOND)
    after = await look(line, clock, OWN)
    assert (after.communities, after.running) == (1, 0)


async def test_what_is_told_counts_all_communities(store: Store, clock: FakeClock) -> None:
    await due(store, clock, OWN, 1)
    for other in OTHERS:
        await due(store, clock, other, 1)
    assert await Queue(WritingLine(store), clock).wait(OWN) == 50


async def test_who_gives_up_asking_keeps_nobody_from_the_answer(
    store: Store, clock: FakeClock, line: WritingLine
) -> None:
    await due(store, clock, OTHERS[0], 1)
    first = asyncio.create_task(look(line, clock, OWN))
    second = asyncio.create_task(look(line, clock, OWN))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).communities == 1
    with pytest.raises(asyncio.CancelledError):
        await first
