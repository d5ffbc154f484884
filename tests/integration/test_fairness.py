"""A community that floods Muse keeps nobody waiting: shares, turns, and being told."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.agenda import AT_ONCE, SHARE, WRITERS, Agenda
from bot.game.queueing import Queue
from bot.models import RoundRef, SpaceRef
from bot.requests import Ask, Vote
from bot.storage import agenda_items, keys
from bot.storage.agenda import AgendaStore
from bot.storage.client import Store
from bot.storage.writing_line import WritingLine
from tests.support import START, FakeClock, Table

SECOND = timedelta(seconds=1)


async def until(true: Callable[[], bool]) -> None:
    """Wait until it is so."""
    for _ in range(4000):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("not within 20 s")


class Desk:
    """Work that goes on until it is let go, and who had it begun in which order."""

    def __init__(self) -> None:
        self.begun: list[RoundRef] = []
        self.held: dict[RoundRef, asyncio.Event] = {}
        self.at_once = 0

    async def write(self, ref: RoundRef) -> datetime | None:
        self.begun.append(ref)
        self.held[ref] = asyncio.Event()
        self.at_once = max(self.at_once, len(self.held))
        await self.held[ref].wait()
        del self.held[ref]
        return None

    async def close(self, ref: RoundRef) -> datetime | None:
        self.begun.append(ref)
        return None

    def running(self) -> Counter[str]:
        return Counter(ref.community for ref in self.held)

    def let_go(self, community: str) -> None:
        next(gate for ref, gate in self.held.items() if ref.community == community).set()

    async def has_begun(self, count: int) -> None:
        await until(lambda: len(self.begun) >= count)


@asynccontextmanager
async def at(desk: Desk, store: Store, clock: FakeClock) -> AsyncIterator[Agenda]:
    """An agenda at work."""
    agenda = Agenda(AgendaStore(store), clock, {"write": desk.write, "close": desk.close}, {}, ())
    loop = asyncio.create_task(agenda.run())
    try:
        yield agenda
    finally:
        for gate in desk.held.values():
            gate.set()
        await agenda.stop(0.1)
        await loop


async def ask(store: Store, community: str, numbers: Sequence[int], late: float = 0.0) -> None:
    """Rounds of a community to be written, each due a millisecond after the one before."""
    agenda = AgendaStore(store)
    for number in numbers:
        when = START - timedelta(seconds=60 - late - number / 1000)
        await agenda.add(agenda_items.write(RoundRef(community, f"r{number:03}")), when)


def of_shard(shard: int, which: int) -> str:
    """A community of a shard."""
    found = (f"c{n}" for n in range(10**6) if keys.shard(f"c{n}") == shard)
    return [next(found) for _ in range(which + 1)][-1]


async def test_a_flood_has_its_share_and_the_next_is_begun_at_once(
    store: Store, clock: FakeClock
) -> None:
    flood, same, other = of_shard(5, 0), of_shard(5, 1), of_shard(9, 0)
    await ask(store, flood, range(60))
    desk = Desk()
    async with at(desk, store, clock) as agenda:
        await desk.has_begun(SHARE)
        await ask(store, same, [1], late=30)
        await ask(store, other, [1], late=31)
        agenda.nudge(same)
        agenda.nudge(other)
        await desk.has_begun(SHARE + 2)
        assert desk.running() == {flood: SHARE, same: 1, other: 1}
        written = [ref.round for ref in desk.begun if ref.community == flood]
        assert written == sorted(written)  # the oldest first


async def test_what_is_free_goes_to_who_has_least_wherever_that_is(
    store: Store, clock: FakeClock
) -> None:
    first, second, third = of_shard(1, 0), of_shard(2, 0), of_shard(60, 0)
    await ask(store, first, range(60))
    await ask(store, second, range(60))
    desk = Desk()
    async with at(desk, store, clock) as agenda:
        await desk.has_begun(WRITERS)
        await asyncio.sleep(0)
        assert desk.running().total() == WRITERS
        assert max(desk.running().values()) <= SHARE
        await ask(store, third, [1, 2], late=50)
        agenda.nudge(third)
        desk.let_go(first)
        await desk.has_begun(WRITERS + 1)
        assert desk.begun[-1] == RoundRef(third, "r001")
        desk.let_go(first if desk.running()[first] > desk.running()[second] else second)
        await desk.has_begun(WRITERS + 2)
        assert desk.begun[-1] == RoundRef(third, "r002")
        assert desk.at_once <= WRITERS


async def test_what_is_quick_never_waits_behind_what_writes(store: Store, clock: FakeClock) -> None:
    floods = [of_shard(n, 0) for n in range(4)]
    for each in floods:
        await ask(store, each, range(20))
    desk = Desk()
    async with at(desk, store, clock) as agenda:
        await desk.has_begun(WRITERS)
        for number in range(40):
            ref = RoundRef(floods[number % 4], f"x{number}")
            await AgendaStore(store).add(agenda_items.close(ref), START)
            agenda.nudge(ref.community)
        await desk.has_begun(WRITERS + 40)
        assert desk.running().total() == WRITERS < AT_ONCE


async def test_many_wait_and_all_are_written_once(store: Store, clock: FakeClock) -> None:
    places = [of_shard(n % 8, n // 8) for n in range(24)]
    for place in places:
        await ask(store, place, range(5))
    desk = Desk()
    async with at(desk, store, clock):
        async with asyncio.timeout(60):
            while len(desk.begun) < 120:
                for gate in list(desk.held.values()):
                    gate.set()
                await asyncio.sleep(0.005)
    assert len(set(desk.begun)) == 120 == len(desk.begun)
    # Nobody's third was begun before everybody's first.
    thirds = min(n for n, ref in enumerate(desk.begun) if ref.round == "r002")
    firsts = max(n for n, ref in enumerate(desk.begun) if ref.round == "r000")
    assert firsts < thirds + WRITERS


async def test_how_long_it_takes_is_told_and_taken_back(table: Table) -> None:
    flood, other = SpaceRef("test", "flood"), SpaceRef("test", "other")
    agenda, clock = table.muse.agenda, table.clock
    community = (await table.community(flood)).id
    queue = Queue(WritingLine(table.muse.store), clock)
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    table.writer.gate.clear()
    loop = asyncio.create_task(agenda.run())
    try:
        for number in range(SHARE + 30):
            await table.quick(Ask(f"a lighthouse, {number}"), f"m{number}", space=flood)
        await until(lambda: len(table.writer.briefs) > SHARE)
        assert await queue.wait(community) == 0  # it is only just due
        clock.shift(5 * SECOND)
        assert await queue.wait(community) == 40
        assert await queue.wait((await table.community(other)).id) == 0
        card = await table.quick(Ask("one too many"), "late", space=flood)
        late = await table.here(flood)
        assert "Muse is busy: about 40 seconds" in table.shown(late)
        assert "one too many" in card.summary
        told = await table.quick(Vote((1,)), "ben")  # nobody waits with a vote
        assert "You voted for 1." in told.summary
        assert (await table.round(ref)).voters == 1
    finally:
        table.writer.gate.set()
        await table.muse.settle()
        await agenda.stop(5)
        await loop
    assert "busy" not in table.shown(late)
    assert len((await table.round(late)).standing) == 4
    assert len([key for key in table.stage.asked if key == f"round:{late.round}"]) == 1
