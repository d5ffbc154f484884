"""Leases: an item belongs to who holds it, is begun in turn, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import pytest

from bot import agenda as agenda_module
from bot.agenda import LEASE, TRIES, WRITERS, Agenda
from bot.errors import TooLate
from bot.models import RoundRef, RoundState
from bot.requests import Ask, Close, Withdraw
from bot.storage import agenda_items, keys
from bot.storage.agenda import AgendaStore, Claim
from bot.storage.client import Store
from bot.storage.votes import milliseconds
from tests.support import START, FakeClock, Table

REF = RoundRef("somewhere", "round1")
ITEM = agenda_items.write(REF)
SHARD = keys.shard(REF.community)
SECOND = timedelta(seconds=1)


@pytest.fixture
def agendas(store: Store) -> AgendaStore:
    return AgendaStore(store)


async def put(store: Store, item: str, when: datetime = START) -> None:
    _, ref = agenda_items.read(item)
    await store.call("ZADD", keys.agenda(keys.shard(ref.community)), milliseconds(when), item)


async def due(store: Store, item: str = ITEM) -> int | None:
    """When the item is due or its lease ends, in milliseconds; None where it is done."""
    _, ref = agenda_items.read(item)
    score = await store.call("ZSCORE", keys.agenda(keys.shard(ref.community)), item)
    return None if score is None else int(score)


async def tries(store: Store) -> dict[str, int]:
    """How often each item that is still counted was begun, over every shard."""
    found: dict[str, int] = {}
    for number in range(keys.SHARDS):
        flat = await store.call("HGETALL", keys.agenda_tries(number))
        pairs = flat if isinstance(flat, dict) else dict(zip(flat[::2], flat[1::2], strict=True))
        found |= {str(item): int(count) for item, count in pairs.items()}
    return found


async def take(agendas: AgendaStore, now: datetime) -> tuple[Claim, datetime]:
    """Claim the item as a process would; the claim and the end of its lease."""
    (claim,) = await agendas.claim(SHARD, now, now + LEASE, 16, ("write",))
    return claim, now + LEASE


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it says so."""
    for _ in range(2000):
        if await true():
            return
        await asyncio.sleep(0.01)
    pytest.fail("not within 20 s")


class Gated:
    """Work that waits until it is let go, and then ends or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.begun: list[RoundRef] = []
        self.under_way = 0
        self.most = 0
        self.started = asyncio.Event()
        self.go = asyncio.Event()
        self._error = error

    async def __call__(self, ref: RoundRef) -> None:
        self.begun.append(ref)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self.started.set()
        try:
            await self.go.wait()
        finally:
            self.under_way -= 1
        if self._error is not None:
            raise self._error


def make(agendas: AgendaStore, clock: FakeClock, work: Gated) -> Agenda:
    return Agenda(agendas, clock, {"write": work}, {}, ())


async def held(store: Store, refs: Sequence[RoundRef]) -> set[RoundRef]:
    """Those of them whose writing is under a lease."""
    ends = await asyncio.gather(*(due(store, agenda_items.write(ref)) for ref in refs))
    pairs = zip(refs, ends, strict=True)
    return {ref for ref, end in pairs if end is not None and end > milliseconds(START)}


# --- Who held it once has no say in it.


async def test_a_lost_lease_changes_nothing(store: Store, agendas: AgendaStore) -> None:
    await put(store, ITEM)
    old, old_lease = await take(agendas, START)
    new, new_lease = await take(agendas, START + LEASE)
    assert (old.tries, new.tries) == (1, 2)

    await agendas.later(old, old_lease, START + timedelta(days=1))
    assert await due(store) == milliseconds(new_lease)
    await agendas.later(old, old_lease, START, fresh=True)
    assert await due(store) == milliseconds(new_lease)
    await agendas.give_up(old, old_lease, "it broke", START)
    assert await due(store) == milliseconds(new_lease)
    assert await agendas.dead() == {}
    assert await agendas.hold({old: old_lease}, START + timedelta(days=1)) == {ITEM}
    assert await due(store) == milliseconds(new_lease)
    assert await agendas.done(old, old_lease) is False
    assert await due(store) == milliseconds(new_lease)
    assert await tries(store) == {ITEM: 2}  # and what is counted stays counted

    # Its holder may all of it.
    longer = new_lease + SECOND
    assert await agendas.hold({new: new_lease}, longer) == frozenset()
    assert await due(store) == milliseconds(longer)
    assert await agendas.done(new, longer) is True
    assert await due(store) is None
    assert await tries(store) == {}


async def test_what_is_done_can_be_neither_held_nor_brought_back(
    store: Store, agendas: AgendaStore
) -> None:
    await put(store, ITEM)
    old, old_lease = await take(agendas, START)
    new, new_lease = await take(agendas, START + LEASE)
    assert await agendas.done(new, new_lease)
    await agendas.later(old, old_lease, START)
    await agendas.give_up(old, old_lease, "it broke", START)
    assert await agendas.hold({old: old_lease}, START + LEASE) == {ITEM}
    assert await due(store) is None
    assert await agendas.dead() == {}
    assert await tries(store) == {}


@pytest.mark.parametrize("begun_before", [0, TRIES - 1])
async def test_a_process_that_was_away_fails_without_a_trace(
    store: Store, agendas: AgendaStore, clock: FakeClock, begun_before: int
) -> None:
    """It wakes after another took its work: its failure is neither a retry nor the end."""
    await put(store, ITEM)
    if begun_before:
        await store.call("HSET", keys.agenda_tries(SHARD), ITEM, begun_before)
    slow, taker = Gated(RuntimeError("it broke")), Gated()
    away, other = make(agendas, clock, slow), make(agendas, clock, taker)
    settling = asyncio.create_task(away.settle())
    await slow.started.wait()
    # Its heart has not beaten: the lease ends, and who is there takes over.
    clock.shift(LEASE)
    _, lease = await take(agendas, clock.now())
    slow.go.set()
    await settling
    assert await due(store) == milliseconds(lease)
    assert await agendas.dead() == {}
    # And the work itself is done by who comes next.
    await store.call("HDEL", keys.agenda_tries(SHARD), ITEM)
    clock.shift(LEASE)
    taker.go.set()
    await other.settle()
    assert taker.begun == [REF]
    assert await due(store) is None


async def test_a_heart_prolongs_no_lease_of_somebody_elses(
    store: Store, agendas: AgendaStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agenda_module, "HEARTBEAT", 0.01)
    monkeypatch.setattr(agenda_module, "POLL", 600)
    await put(store, ITEM)
    work = Gated()
    agenda = make(agendas, clock, work)
    loop = asyncio.create_task(agenda.run())
    await work.started.wait()
    # Another took it, as it might while this process did not come to run.
    taken = milliseconds(START + timedelta(hours=1))
    await store.call("ZADD", keys.agenda(SHARD), taken, ITEM)
    clock.shift(SECOND)
    await asyncio.sleep(0.2)
    assert await due(store) == taken
    work.go.set()
    await asyncio.sleep(0.05)
    await agenda.stop(5)
    await loop
    assert await due(store) == taken


# --- What nobody here can do.


async def test_what_a_process_can_not_do_is_left_alone(
    store: Store, agendas: AgendaStore, clock: FakeClock
) -> None:
    strange = [
        f"dance:{REF.community}:{REF.round}",
        agenda_items.announce(REF, "other"),
        agenda_items.show(REF, "other"),
        agenda_items.announce(REF),
    ]
    for item in strange:
        await put(store, item)
    await put(store, ITEM)
    await put(store, agenda_items.announce(REF, "test"))
    work, told = Gated(), Gated()
    work.go.set()
    told.go.set()
    staged = {"announce": told, "show": told}
    await Agenda(agendas, clock, {"write": work}, staged, ("test",)).settle()
    assert (work.begun, told.begun) == ([REF], [REF])
    for item in strange:
        assert await due(store, item) == milliseconds(START), item
    assert await tries(store) == {}
    assert await agendas.dead() == {}


async def test_a_platform_that_is_away_keeps_nobody_waiting(
    store: Store, agendas: AgendaStore, clock: FakeClock
) -> None:
    """However much has gathered for it."""
    for number in range(300):
        await put(store, agenda_items.announce(RoundRef(REF.community, f"r{number}"), "other"))
    await put(store, ITEM, START + SECOND)
    clock.shift(SECOND)
    work = Gated()
    work.go.set()
    await make(agendas, clock, work).settle()
    assert work.begun == [REF]


async def test_what_may_end_the_process_is_not_begun_again(
    store: Store, agendas: AgendaStore, clock: FakeClock
) -> None:
    """Begun and never ended, so often that it is given up before it is begun once more."""
    await put(store, ITEM)
    for number in range(TRIES):
        claim, _ = await take(agendas, clock.now())
        assert claim.tries == number + 1
        clock.shift(LEASE)
    work = Gated()
    work.go.set()
    await make(agendas, clock, work).settle()
    assert work.begun == []
    assert await due(store) is None
    assert await tries(store) == {}
    dead = await agendas.dead()
    assert list(dead) == [ITEM]
    assert json.loads(dead[ITEM])["tries"] == TRIES + 1
    assert agenda_module.CRASHES in json.loads(dead[ITEM])["why"]


# --- Much at once.


async def test_one_look_begins_no_more_than_it_may(
    store: Store, agendas: AgendaStore, clock: FakeClock
) -> None:
    refs = [RoundRef(f"community{number}", "r") for number in range(300)]
    assert len({keys.shard(ref.community) for ref in refs}) > WRITERS
    for ref in refs:
        await put(store, agenda_items.write(ref))
    work = Gated()
    agenda = make(agendas, clock, work)
    settling = asyncio.create_task(agenda.settle())
    await work.started.wait()

    # The rest is free for others: only what is begun is held.
    async def handed_back() -> bool:
        return await held(store, refs) == set(work.begun)

    await until(handed_back)
    assert len(work.begun) == work.under_way == WRITERS
    work.go.set()
    await asyncio.wait_for(settling, 20)
    assert work.most <= WRITERS


async def test_what_waits_long_is_not_taken_for_what_ends_processes(
    store: Store, agendas: AgendaStore, clock: FakeClock
) -> None:
    """Claimed and handed back for want of room, time and again: it is begun all the same."""
    refs = [RoundRef(f"community{number}", "r") for number in range(300)]
    for ref in refs:
        await put(store, agenda_items.write(ref))
    work = Gated()
    work.go.set()
    await make(agendas, clock, work).settle()
    assert await agendas.dead() == {}
    assert Counter(work.begun) == Counter(refs)
    assert await tries(store) == {}


async def test_what_was_handed_back_unbegun_was_not_tried(
    store: Store, agendas: AgendaStore, clock: FakeClock
) -> None:
    refs = [RoundRef(f"community{number}", "r") for number in range(300)]
    for ref in refs:
        await put(store, agenda_items.write(ref))
    work = Gated()
    agenda = make(agendas, clock, work)
    settling = asyncio.create_task(agenda.settle())
    await work.started.wait()

    async def handed_back() -> bool:
        return await held(store, refs) == set(work.begun)

    await until(handed_back)
    counted = await tries(store)
    begun = {agenda_items.write(ref) for ref in work.begun}
    await agenda.stop(0)
    await settling
    assert set(counted) == begun


async def test_one_shard_with_much_to_do_is_done_quickly(
    store: Store, agendas: AgendaStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one at every look: what is done makes room for the next of its shard."""
    monkeypatch.setattr(agenda_module, "POLL", 600)  # as if the next look never came
    refs = [RoundRef(REF.community, f"r{number}") for number in range(200)]
    for ref in refs:
        await put(store, agenda_items.write(ref))
    work = Gated()
    work.go.set()
    agenda = make(agendas, clock, work)
    loop = asyncio.create_task(agenda.run())
    began = time.monotonic()

    async def drained() -> bool:
        return not await store.call("ZCARD", keys.agenda(SHARD))

    await until(drained)
    assert time.monotonic() - began < 15  # of 200 seconds, were it one at every look
    await agenda.stop(5)
    await loop
    assert Counter(work.begun) == Counter(refs)
    assert await tries(store) == {}


# --- The game's own items.


async def agenda_of(store: Store) -> set[str]:
    """The verbs that are still on the agenda."""
    verbs = set()
    for number in range(keys.SHARDS):
        for item in await store.call("ZRANGE", keys.agenda(number), 0, -1):
            verbs.add(agenda_items.read(str(item))[0])
    return verbs


async def test_nothing_is_counted_of_rounds_closed_at_their_deadline(table: Table) -> None:
    for number in range(3):
        await table.do(Ask(f"prompt {number}"))
    assert await tries(table.muse.store) == {}
    table.clock.shift(timedelta(hours=24))
    await table.muse.settle()
    assert (await table.rounds.read(await table.here())).round.state is RoundState.CLOSED
    assert await tries(table.muse.store) == {}
    assert await agenda_of(table.muse.store) == {"expire"}


@pytest.mark.parametrize("end", ["closed", "withdrawn", "deadline"])
async def test_nothing_is_counted_of_a_round_that_ended_while_being_written(
    table: Table, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agenda_module, "POLL", 0.02)
    table.writer.gate.clear()
    loop = asyncio.create_task(table.muse.agenda.run())
    await table.quick(Ask("a lighthouse"), "ana")
    ref = await table.here()

    async def begun() -> bool:
        return bool(table.writer.briefs)

    await until(begun)
    assert await tries(table.muse.store) == {agenda_items.write(ref): 1}
    if end == "closed":
        await table.quick(Close(ref), "ana")
    elif end == "withdrawn":
        await table.quick(Withdraw(0, ref), "ana")
    else:
        table.clock.shift(timedelta(hours=24))

        async def closed() -> bool:
            return (await table.rounds.read(ref)).round.state is RoundState.CLOSED

        await until(closed)
    table.writer.gate.set()
    await table.muse.settle()
    round_ = (await table.rounds.read(ref)).round
    assert round_.state is (RoundState.WITHDRAWN if end == "withdrawn" else RoundState.CLOSED)
    assert round_.entries == ()
    assert await tries(table.muse.store) == {}
    assert await agenda_of(table.muse.store) == {"expire"}
    await table.muse.agenda.stop(5)
    await loop
    with pytest.raises(TooLate):
        await table.do(Close(ref), "ana")


@pytest.mark.parametrize("end", ["closed", "withdrawn", "deadline"])
async def test_nothing_is_counted_of_a_round_whose_writer_died(
    table: Table, agendas: AgendaStore, end: str
) -> None:
    """Nobody is left to strike what it had begun: the round's end does."""
    await table.quick(Ask("a lighthouse"), "ana")
    ref = await table.here()
    now, day = table.clock.now(), timedelta(hours=24)
    lease = now + 2 * day  # longer than the round, so that nobody takes it over
    await agendas.claim(keys.shard(ref.community), now, lease, 16, ("write",))
    assert await tries(table.muse.store) == {agenda_items.write(ref): 1}
    if end == "closed":
        await table.quick(Close(ref), "ana")
    elif end == "withdrawn":
        await table.quick(Withdraw(0, ref), "ana")
    else:
        table.clock.shift(day)
        await table.muse.settle()
    assert await tries(table.muse.store) == {}
    await table.muse.settle()
    assert await agenda_of(table.muse.store) == {"expire"}
