"""The agenda: whatever becomes of a process or a clock, each thing is done, and done once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot import agenda as agenda_module
from bot.agenda import LEASE, TRIES, Agenda, Work
from bot.game.composing import Composers
from bot.game.periods import month_of, week_of
from bot.models import RoundRef, RoundState
from bot.requests import Ask, Close
from bot.settings import LimitSettings
from bot.storage import agenda_items, keys
from bot.storage.agenda import UNBOUNDED, AgendaStore, Claim, Writing
from bot.storage.boards import Boards
from bot.storage.client import Store
from bot.storage.votes import milliseconds
from bot.wiring import compose
from tests.support import START, FakeClock, MemoryStage, Table

ITEM = RoundRef("somewhere", "round1")
NAME = agenda_items.write(ITEM)
SHARD = keys.agenda(keys.shard(ITEM.community))
SECOND = timedelta(seconds=1)


@pytest.fixture
def agendas(store: Store) -> AgendaStore:
    return AgendaStore(store)


async def schedule(store: Store, ref: RoundRef = ITEM, when: datetime = START) -> None:
    shard = keys.agenda(keys.shard(ref.community))
    await store.call("ZADD", shard, milliseconds(when), agenda_items.write(ref))


async def due(store: Store) -> datetime | None:
    """When the item is due, or its lease ends; None where it is done."""
    score = await store.call("ZSCORE", SHARD, NAME)
    return None if score is None else START + timedelta(milliseconds=float(score)) - _since()


def _since() -> timedelta:
    return timedelta(milliseconds=milliseconds(START))


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it says so."""
    for _ in range(2000):
        if await true():
            return
        await asyncio.sleep(0.01)
    pytest.fail("not within 20 s")


class Job:
    """Work that says when it was begun, and goes on until it is let go."""

    def __init__(self) -> None:
        self.begun = 0
        self.done = 0
        self.cancelled = 0
        self.started = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self, _: RoundRef) -> None:
        self.begun += 1
        self.started.set()
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        self.done += 1


def make(store: AgendaStore, clock: FakeClock, work: Work) -> Agenda:
    return Agenda(store, clock, {"write": work}, {}, ())


async def test_what_is_next(store: Store, agendas: AgendaStore, clock: FakeClock) -> None:
    agenda = make(agendas, clock, Job())
    assert await agenda.next() is None
    await schedule(store)  # due already, so not next
    assert await agenda.next() is None
    await schedule(store, RoundRef("elsewhere", "round2"), START + 3 * SECOND)
    await schedule(store, RoundRef("nowhere", "round3"), START + 2 * SECOND)
    assert await agenda.next() == START + 2 * SECOND
    clock.shift(2 * SECOND)
    assert await agenda.next() == START + 3 * SECOND


# --- Leases.


async def test_who_dies_loses_the_work(
    store: Store, agendas: AgendaStore, clock: FakeClock
) -> None:
    await schedule(store)
    # A process takes it and is never heard of again.
    claims = await agendas.claim(keys.shard(ITEM.community), START, START + LEASE, 16, ("write",))
    assert [(claim.item, claim.tries) for claim in claims] == [(NAME, 1)]
    job = Job()
    job.go.set()
    other = make(agendas, clock, job)
    await other.settle()
    assert job.done == 0
    clock.shift(LEASE)
    await other.settle()
    assert job.done == 1
    assert await due(store) is None
    assert await store.call("HLEN", keys.agenda_tries(keys.shard(ITEM.community))) == 0


@pytest.mark.parametrize("again", [False, True])
async def test_what_gives_itself_another_time_is_begun_for_the_first_time_then(
    store: Store, agendas: AgendaStore, clock: FakeClock, *, again: bool
) -> None:
    """Each day's prompt puts the next on the agenda: that is no failure, however often."""
    done = 0

    async def work(_: RoundRef) -> datetime | None:
        nonlocal done
        done += 1
        following = clock.now() + timedelta(days=1)
        shard = keys.agenda(keys.shard(ITEM.community))
        await store.call("ZADD", shard, int(following.timestamp() * 1000), NAME)
        return following if again else None

    await schedule(store)
    agenda = make(agendas, clock, work)
    for day in range(1, 31):
        await agenda.settle()
        assert done == day
        clock.shift(timedelta(days=1))


async def test_a_heartbeat_keeps_what_takes_long(
    store: Store, agendas: AgendaStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agenda_module, "HEARTBEAT", 0.02)
    await schedule(store)
    long, other = Job(), Job()
    holder, rival = make(agendas, clock, long), make(agendas, clock, other)
    loop = asyncio.create_task(holder.run())
    await long.started.wait()
    for _ in range(5):
        clock.shift(LEASE - SECOND)

        async def prolonged() -> bool:
            return await due(store) == clock.now() + LEASE

        await until(prolonged)
        await rival.settle()
    assert other.begun == 0
    long.go.set()

    async def struck() -> bool:
        return await due(store) is None

    await until(struck)
    await holder.stop(5)
    await loop
    assert (long.begun, long.done) == (1, 1)


async def test_stopping_hands_back(store: Store, agendas: AgendaStore, clock: FakeClock) -> None:
    await schedule(store)
    job, other = Job(), Job()
    holder = make(agendas, clock, job)
    loop = asyncio.create_task(holder.run())
    await job.started.wait()
    await holder.stop(0.05)
    await loop
    assert job.cancelled == 1
    assert await due(store) == START  # at once, not when the lease would have ended
    other.go.set()
    await make(agendas, clock, other).settle()
    assert other.done == 1
    # Who has stopped takes nothing.
    await schedule(store)
    await holder.settle()
    assert job.begun == 1


async def test_stopping_waits_for_what_is_nearly_done(
    store: Store, agendas: AgendaStore, clock: FakeClock
) -> None:
    await schedule(store)
    job = Job()
    holder = make(agendas, clock, job)
    loop = asyncio.create_task(holder.run())
    await job.started.wait()
    asyncio.get_running_loop().call_later(0.05, job.go.set)
    await holder.stop(10)
    await loop
    assert (job.done, job.cancelled) == (1, 0)
    assert await due(store) is None


class SlowStore(AgendaStore):
    """Its answers to a claim are long on their way."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.arrived = asyncio.Event()
        self.answer = asyncio.Event()

    async def claim(
        self,
        shard: int,
        now: datetime,
        lease_ends: datetime,
        most: int,
        able: Sequence[str],
        writing: Writing = UNBOUNDED,
    ) -> tuple[Claim, ...]:
        claims = await super().claim(shard, now, lease_ends, most, able, writing)
        if claims:
            self.arrived.set()
            await self.answer.wait()
        return claims


async def test_what_was_just_claimed_is_handed_back_too(store: Store, clock: FakeClock) -> None:
    await schedule(store)
    slow, job = SlowStore(store), Job()
    holder = make(slow, clock, job)
    loop = asyncio.create_task(holder.run())
    await slow.arrived.wait()
    stopping = asyncio.create_task(holder.stop(0.05))
    await asyncio.sleep(0.1)
    slow.answer.set()
    await stopping
    await loop
    assert job.begun == job.cancelled
    assert await due(store) == START


async def test_settling_waits_for_what_the_loop_has_just_claimed(
    store: Store, clock: FakeClock
) -> None:
    await schedule(store)
    slow, job = SlowStore(store), Job()
    job.go.set()
    holder = make(slow, clock, job)
    loop = asyncio.create_task(holder.run())
    await slow.arrived.wait()
    settling = asyncio.create_task(holder.settle())
    await asyncio.sleep(0.1)
    assert not settling.done()
    slow.answer.set()
    await settling
    assert job.done == 1
    await holder.stop(1)
    await loop


# --- Failures.


async def test_failing_work_backs_off_and_is_given_up(
    store: Store, agendas: AgendaStore, clock: FakeClock
) -> None:
    await schedule(store)
    begun: list[datetime] = []

    async def fail(_: RoundRef) -> None:
        begun.append(clock.now())
        raise RuntimeError("it broke")

    agenda = make(agendas, clock, fail)
    for _ in range(TRIES):
        await agenda.settle()
        at = await due(store)
        if at is None:
            break
        clock.shift(at - clock.now() - SECOND / 100)
        await agenda.settle()  # not before its time
        clock.shift(SECOND / 100)
    assert len(begun) == TRIES
    pauses = [b - a for a, b in pairwise(begun)]
    assert pauses == [min(SECOND * 2**n, timedelta(minutes=5)) for n in range(TRIES - 1)]
    dead = await agendas.dead()
    assert list(dead) == [NAME]
    note = json.loads(dead[NAME])
    assert (note["why"], note["tries"]) == ("RuntimeError", TRIES)
    clock.shift(timedelta(days=1))
    await agenda.settle()
    assert len(begun) == TRIES


async def test_a_failure_that_passes_is_forgotten(
    store: Store, agendas: AgendaStore, clock: FakeClock
) -> None:
    await schedule(store)
    failures = 3

    async def flaky(_: RoundRef) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise RuntimeError("not yet")

    agenda = make(agendas, clock, flaky)
    for _ in range(4):
        await agenda.settle()
        clock.shift(timedelta(minutes=5))
    assert await due(store) is None
    assert await agendas.dead() == {}
    assert await store.call("HLEN", keys.agenda_tries(keys.shard(ITEM.community))) == 0


async def test_one_that_fails_keeps_nobody_waiting(
    store: Store, agendas: AgendaStore, clock: FakeClock
) -> None:
    refs = [RoundRef(f"c{n}", "r") for n in range(40)]  # more than are done at once
    for ref in refs:
        await schedule(store, ref)
    done = set()

    async def work(ref: RoundRef) -> None:
        if ref.community == "c0":
            raise ValueError("broken for good")
        done.add(ref)

    await make(agendas, clock, work).settle()
    assert done == set(refs[1:])


async def test_what_is_put_on_anew_under_work_is_done_again(
    store: Store, agendas: AgendaStore, clock: FakeClock
) -> None:
    """There may be more to do than when it was begun: a remix asked for while one is written."""
    await schedule(store)
    job = Job()
    agenda = make(agendas, clock, job)
    settling = asyncio.create_task(agenda.settle())
    await job.started.wait()
    clock.shift(SECOND)
    await schedule(store, when=clock.now())
    other = asyncio.create_task(agenda.settle())  # takes it up, and finds that it is under way

    async def taken_again() -> bool:
        return (await due(store) or START) > clock.now()

    await until(taken_again)
    assert job.begun == 1
    job.go.set()
    await asyncio.gather(settling, other)
    assert (job.begun, job.done) == (2, 2)
    assert await due(store) is None


# --- Clocks.


async def test_the_clock_jumps_forward_under_work(
    store: Store, agendas: AgendaStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease has ended by the new time: the same process goes on, and begins nothing twice."""
    monkeypatch.setattr(agenda_module, "POLL", 0.02)
    await schedule(store)
    job = Job()
    agenda = make(agendas, clock, job)
    loop = asyncio.create_task(agenda.run())
    await job.started.wait()
    clock.shift(timedelta(days=3))

    async def taken_again() -> bool:
        return (await due(store) or START) > clock.now()

    await until(taken_again)
    job.go.set()

    async def struck() -> bool:
        return await due(store) is None

    await until(struck)
    await agenda.stop(1)
    await loop
    assert (job.begun, job.done) == (1, 1)


async def test_the_clock_jumps_back_under_work(
    store: Store, agendas: AgendaStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agenda_module, "HEARTBEAT", 0.02)
    await schedule(store)
    job, other = Job(), Job()
    agenda, rival = make(agendas, clock, job), make(agendas, clock, other)
    loop = asyncio.create_task(agenda.run())
    await job.started.wait()
    clock.shift(-timedelta(days=3))

    async def prolonged() -> bool:
        return await due(store) == clock.now() + LEASE

    await until(prolonged)  # by the new time, so that a death would free it soon
    await rival.settle()
    job.go.set()

    async def struck() -> bool:
        return await due(store) is None

    await until(struck)
    await agenda.stop(1)
    await loop
    assert (job.begun, job.done, other.begun) == (1, 1, 0)


# --- The game's own work.


async def test_nothing_closes_before_its_time(table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    closes = (await table.rounds.read(ref)).round.closes
    # Even where the item comes early, as after the clock went back.
    shard = keys.agenda(keys.shard(ref.community))
    item = agenda_items.close(ref)
    await table.muse.store.call("ZADD", shard, milliseconds(START), item)
    await table.muse.settle()
    assert (await table.rounds.read(ref)).round.state is RoundState.OPEN
    assert int(await table.muse.store.call("ZSCORE", shard, item)) == milliseconds(closes)
    table.clock.shift(closes - table.clock.now() - SECOND)
    await table.muse.settle()
    assert (await table.rounds.read(ref)).round.state is RoundState.OPEN
    table.clock.shift(SECOND)
    await table.muse.settle()
    round_ = (await table.rounds.read(ref)).round
    assert round_.state is RoundState.CLOSED
    assert round_.result


async def test_a_deadline_missed_by_days_is_caught_up_once(table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    table.clock.shift(timedelta(days=5))
    await asyncio.gather(*(table.muse.settle() for _ in range(5)))
    assert (await table.rounds.read(ref)).round.state is RoundState.CLOSED
    assert table.stage.asked.count(f"result:{ref.round}") == 1


async def test_two_agendas_do_each_thing_once(table: Table, store: Store, clock: FakeClock) -> None:
    """Two processes on one Redis, many rounds: each written, closed and told once."""
    first = table.stage  # one platform, on which both see what either posted
    second = MemoryStage(first.posts, first.states, first.addresses)
    other = compose(
        store,
        clock,
        Composers.by(table.writer),
        LimitSettings(),
        "UTC",
        {"test": second},
        lambda: 7,
        refresh_pause=0.0,
    )
    muses = [table.muse, other]
    loops = [asyncio.create_task(muse.agenda.run()) for muse in muses]
    refs: list[RoundRef] = []
    for n in range(30):
        await table.quick(Ask(f"prompt {n}"), "ana")
        refs.append(await table.here())

    async def states() -> Sequence[RoundState]:
        return [(await table.rounds.read(ref)).round.state for ref in refs]

    async def all_open() -> bool:
        return set(await states()) == {RoundState.OPEN}

    await until(all_open)
    for ref in refs[:15]:
        await table.quick(Close(ref), "ana")
    clock.shift(timedelta(hours=24))

    async def all_told() -> bool:
        return all([(await table.rounds.read(ref)).round.result for ref in refs])

    await until(all_told)
    for muse, loop in zip(muses, loops, strict=True):
        await muse.agenda.stop(5)
        await loop
        await muse.delivery.settle()
    asked = table.stage.asked + second.asked
    assert sorted(asked) == sorted(
        f"{kind}:{ref.round}" for ref in refs for kind in ("round", "result")
    )
    assert len(table.writer.briefs) == len(refs)
    for ref in refs:
        round_ = (await table.rounds.read(ref)).round
        assert [entry.number for entry in round_.entries] == [1, 2, 3, 4]


async def test_work_begun_again_changes_nothing(table: Table, store: Store) -> None:
    """At least once means: sometimes twice. Every piece of work may be repeated."""
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    shard = keys.agenda(keys.shard(ref.community))

    async def again(item: str) -> None:
        before = (await table.rounds.read(ref)).round
        posts = list(table.stage.asked)
        await store.call("ZADD", shard, 0, item)
        await table.muse.settle()
        assert (await table.rounds.read(ref)).round == before
        assert table.stage.asked == posts
        assert await store.call("ZSCORE", shard, item) is None

    await again(agenda_items.write(ref))
    await table.do(Close(ref))
    for item in (
        agenda_items.write(ref),
        agenda_items.close(ref),
        agenda_items.announce(ref, "test"),
    ):
        await again(item)
    boards = Boards(store)
    week, month = week_of(START, "UTC"), month_of(START, "UTC")
    assert (await boards.entries(ref.community, week, 0, 10)).total == 0
    assert (await boards.entries(ref.community, month, 0, 10)).total == 0
