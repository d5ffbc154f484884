"""Delivery: whatever a platform refuses, and whoever writes, each message arrives, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

import pytest

from bot import agenda as agenda_module
from bot.cards import Card, Piece
from bot.errors import StageFailed, StoreUnavailable
from bot.game.composing import Composers
from bot.models import Address, MessageRef, RoundRef, RoundState, UserRef
from bot.present.rounds import round_card
from bot.requests import Add, Ask, Close, Invite, Vote
from bot.settings import LimitSettings
from bot.storage import agenda_items, keys
from bot.storage.agenda import AgendaStore
from bot.storage.client import Store
from bot.storage.votes import Turn, Votes, milliseconds
from bot.wiring import Muse, compose
from bot.wording import en
from tests.support import SPACE, FakeClock, MemoryStage, ScriptedWriter, Table, command, words

EVERY_POST = 6  # tries at a round's first message while it is written: begun, four pieces, open


@dataclass
class FlakyStage(MemoryStage):
    """Refuses as many posts of each kind, and edits, as it is told to."""

    refusals: dict[str, int] = field(default_factory=dict)

    def _refuse(self, what: str) -> None:
        if self.refusals.get(what, 0):
            self.refusals[what] -= 1
            raise StageFailed("the platform is down")

    async def post(
        self, address: Address, card: Card, key: str, *, doubtful: bool = False
    ) -> MessageRef:
        self._refuse(key.partition(":")[0])
        return await super().post(address, card, key, doubtful=doubtful)

    async def edit(self, message: MessageRef, card: Card) -> None:
        self._refuse("edit")
        await super().edit(message, card)


@pytest.fixture
def stage() -> FlakyStage:
    return FlakyStage()


@pytest.fixture
def elsewhere(store: Store, clock: FakeClock, writer: ScriptedWriter) -> Muse:
    """Another process on the same Redis, which speaks to no platform."""
    return compose(
        store, clock, Composers.by(writer), LimitSettings(), "UTC", {}, lambda: 7, refresh_pause=0.0
    )


def numbers(card: Card) -> list[int]:
    return [block.number for block in card.blocks if isinstance(block, Piece)]


async def waits(table: Table, item: str) -> bool:
    """Whether the item is on the agenda."""
    _, ref = agenda_items.read(item)
    shard = keys.agenda(keys.shard(ref.community))
    return await table.muse.store.call("ZSCORE", shard, item) is not None


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it says so."""
    for _ in range(2000):
        if await true():
            return
        await asyncio.sleep(0.01)
    pytest.fail("not within 20 s")


@asynccontextmanager
async def running(*muses: Muse) -> AsyncIterator[None]:
    """Their agendas run until the block ends."""
    loops = [asyncio.create_task(muse.agenda.run()) for muse in muses]
    try:
        yield
    finally:
        for muse, loop in zip(muses, loops, strict=True):
            await muse.agenda.stop(5)
            await loop
            await muse.delivery.settle()


# --- A platform that refuses.


async def test_a_first_post_refused_once_is_made_up_for(table: Table, stage: FlakyStage) -> None:
    stage.refusals["round"] = 1
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    assert stage.asked == [f"round:{ref.round}"]
    states = stage.states[f"m-round:{ref.round}"]
    assert numbers(states[-1]) == [1, 2, 3, 4]
    assert not states[-1].busy
    assert (await table.rounds.read(ref)).round.message == f"m-round:{ref.round}"
    assert not await waits(table, agenda_items.show(ref, "test"))


async def test_a_first_post_refused_to_the_last_arrives_by_the_agenda(
    table: Table, stage: FlakyStage
) -> None:
    stage.refusals["round"] = EVERY_POST + 1  # and the agenda's own first try
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    round_ = (await table.rounds.read(ref)).round
    assert (round_.state, round_.message) == (RoundState.OPEN, "")
    assert stage.refusals["round"] == 0
    assert await waits(table, agenda_items.show(ref, "test"))
    # Meanwhile the round goes on.
    await table.do(Vote((1,), (), ref), "bo")
    assert stage.asked == []
    table.clock.shift(timedelta(seconds=1))
    await table.muse.settle()
    assert stage.asked == [f"round:{ref.round}"]
    shown = stage.now_showing("round", ref)
    assert numbers(shown) == [1, 2, 3, 4]
    assert not shown.busy
    assert "One person has voted" in words(shown)
    assert (await table.rounds.read(ref)).round.message == f"m-round:{ref.round}"
    assert not await waits(table, agenda_items.show(ref, "test"))
    table.clock.shift(timedelta(hours=1))
    await table.muse.settle()
    assert stage.asked == [f"round:{ref.round}"]


async def test_a_last_edit_refused_arrives_by_the_agenda(table: Table, stage: FlakyStage) -> None:
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    stage.refusals["edit"] = 1
    await table.do(Vote((1,), (), ref), "bo")
    await table.muse.settle()
    assert "One person has voted" in words(stage.now_showing("round", ref))
    assert stage.asked == [f"round:{ref.round}"]


@pytest.mark.parametrize("at", ["deadline", "close"])
async def test_a_result_refused_once_is_told_later_and_once(
    table: Table, stage: FlakyStage, at: str
) -> None:
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    await table.do(Vote((2,), (), ref), "bo")
    stage.refusals["result"] = 1
    if at == "deadline":
        table.clock.shift(timedelta(hours=24))
        await table.muse.settle()
    else:
        await table.do(Close(ref), "ana")
    round_ = (await table.rounds.read(ref)).round
    assert (round_.state, round_.result) == (RoundState.CLOSED, "")
    assert stage.asked == [f"round:{ref.round}"]
    for _ in range(3):
        table.clock.shift(timedelta(seconds=1))
        await table.muse.settle()
    assert stage.asked == [f"round:{ref.round}", f"result:{ref.round}"]
    assert "The votes are in" in words(stage.now_showing("result", ref))
    assert (await table.rounds.read(ref)).round.result == f"m-result:{ref.round}"
    assert not await waits(table, agenda_items.announce(ref, "test"))


# --- A process without the platform.


async def test_who_has_no_platform_leaves_showing_to_who_has(table: Table, elsewhere: Muse) -> None:
    await elsewhere.app.handle(command(Ask("a lighthouse"), "ana"))
    await elsewhere.settle()
    ref = await table.here()
    round_ = (await table.rounds.read(ref)).round
    assert (round_.state, len(round_.entries), round_.message) == (RoundState.OPEN, 4, "")
    assert await waits(table, agenda_items.show(ref, "test"))
    await elsewhere.settle()
    assert await waits(table, agenda_items.show(ref, "test"))  # it keeps its hands off

    await table.muse.settle()
    assert table.stage.asked == [f"round:{ref.round}"]
    assert numbers(table.stage.now_showing("round", ref)) == [1, 2, 3, 4]
    assert not table.stage.now_showing("round", ref).busy
    assert len(table.writer.briefs) == 1

    # A vote there is shown here, too.
    await elsewhere.app.handle(command(Vote((1,), (), ref), "bo"))
    await elsewhere.settle()
    await table.muse.settle()
    assert "One person has voted" in words(table.stage.now_showing("round", ref))
    assert table.stage.asked == [f"round:{ref.round}"]


@pytest.mark.parametrize("at", ["deadline", "close"])
async def test_who_has_no_platform_closes_and_the_other_tells(
    table: Table, elsewhere: Muse, at: str
) -> None:
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    await table.do(Vote((3,), (), ref), "bo")
    if at == "deadline":
        table.clock.shift(timedelta(hours=24))
    else:
        await elsewhere.app.handle(command(Close(ref), "ana"))
    await elsewhere.settle()
    round_ = (await table.rounds.read(ref)).round
    assert (round_.state, round_.result) == (RoundState.CLOSED, "")
    assert await waits(table, agenda_items.announce(ref, "test"))
    for _ in range(2):
        await table.muse.settle()
        await elsewhere.settle()
        table.clock.shift(timedelta(minutes=10))
    assert table.stage.asked == [f"round:{ref.round}", f"result:{ref.round}"]
    assert (await table.rounds.read(ref)).round.result == f"m-result:{ref.round}"


async def test_both_at_once_show_and_tell_each_round_once(
    table: Table, elsewhere: Muse, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of the two comes to write, close or tell it."""
    monkeypatch.setattr(agenda_module, "POLL", 0.05)
    refs: list[RoundRef] = []
    async with running(elsewhere, table.muse):
        for number in range(12):
            asked_of = elsewhere if number % 2 else table.muse
            await asked_of.app.handle(command(Ask(f"prompt {number}"), "ana"))
            refs.append(await table.here())

        async def all_shown() -> bool:
            rounds = [(await table.rounds.read(ref)).round for ref in refs]
            return all(r.state is RoundState.OPEN and r.message for r in rounds)

        await until(all_shown)
        for ref in refs[:4]:
            await elsewhere.app.handle(command(Close(ref), "ana"))
        clock.shift(timedelta(hours=24))

        async def all_told() -> bool:
            return all([(await table.rounds.read(ref)).round.result for ref in refs])

        await until(all_told)
    kinds = ("round", "result")
    assert sorted(table.stage.asked) == sorted(f"{k}:{ref.round}" for ref in refs for k in kinds)
    assert len(table.writer.briefs) == len(refs)
    for ref in refs:
        shown = table.stage.now_showing("round", ref)
        assert numbers(shown) == [1, 2, 3, 4]
        assert not shown.busy


async def test_only_the_round_itself_answers_whoever_asked(table: Table) -> None:
    """Else its result would take its place, where another process had posted the round."""
    asked = command(Ask("a lighthouse"), "ana")
    waits_for_it = replace(asked, address=replace(asked.address, token="tkn"))
    await table.muse.app.handle(waits_for_it)
    await table.muse.settle()
    ref = await table.here()
    await table.do(Close(ref), "ana")
    tokens = [table.stage.addresses[f"m-{kind}:{ref.round}"].token for kind in ("round", "result")]
    assert tokens == ["tkn", ""]


@dataclass
class Slow(MemoryStage):
    """A platform that takes a message, and says so once it is told to."""

    taken: asyncio.Event = field(default_factory=asyncio.Event)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(
        self, address: Address, card: Card, key: str, *, doubtful: bool = False
    ) -> MessageRef:
        posted = await super().post(address, card, key, doubtful=doubtful)
        self.taken.set()
        await self.answers.wait()
        return posted


def beside(table: Table, store: Store, stage: MemoryStage) -> Muse:
    """Another process that speaks to the same platform."""
    stage.posts, stage.states = table.stage.posts, table.stage.states
    stage.addresses = table.stage.addresses
    limits, writer = LimitSettings(), Composers.by(table.writer)
    return compose(
        store, table.clock, writer, limits, "UTC", {"test": stage}, lambda: 7, refresh_pause=0.0
    )


async def test_two_processes_that_would_post_a_round_post_it_once(
    table: Table, store: Store
) -> None:
    """One says that it is to wait, the other comes to write it."""
    await table.quick(Ask("a lighthouse"))
    ref, slow = await table.here(), Slow()
    other = beside(table, store, slow)
    round_ = (await table.rounds.read(ref)).round
    waits_for_it = round_card(round_, wait=20)
    waiting = asyncio.create_task(other.delivery.show_waiting(round_, waits_for_it))
    await slow.taken.wait()
    settling = asyncio.create_task(table.muse.settle())
    await asyncio.sleep(0.3)
    slow.answers.set()
    await asyncio.gather(waiting, settling)
    assert slow.asked == [f"round:{ref.round}"]
    assert table.stage.asked == []
    assert numbers(table.stage.now_showing("round", ref)) == [1, 2, 3, 4]


async def test_a_process_that_is_slow_to_post_is_left_to_it(
    table: Table, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says all the while that it lives; what the other has to show waits for it."""
    monkeypatch.setattr("bot.game.delivery.BEAT", 0.05)
    monkeypatch.setattr("bot.game.delivery.WAIT", 0.1)
    await table.quick(Ask("a lighthouse"))
    ref, slow = await table.here(), Slow()
    other = beside(table, store, slow)
    round_ = (await table.rounds.read(ref)).round
    waiting = asyncio.create_task(other.delivery.show_waiting(round_, round_card(round_, wait=20)))
    await slow.taken.wait()
    await table.muse.settle()  # it would write and post it, and waits in vain
    assert table.stage.asked == []
    assert await waits(table, agenda_items.show(ref, "test"))
    slow.answers.set()
    await waiting
    table.clock.shift(timedelta(minutes=2))
    await table.muse.settle()
    assert slow.asked == [f"round:{ref.round}"]
    assert table.stage.asked == []
    assert numbers(table.stage.now_showing("round", ref)) == [1, 2, 3, 4]


@pytest.mark.parametrize("kind", ["round", "result"])
async def test_what_a_process_posted_as_it_died_is_looked_for_by_the_next(
    table: Table, store: Store, kind: str
) -> None:
    await table.quick(Ask("a lighthouse"))
    ref, slow = await table.here(), Slow()
    if kind == "result":
        await table.muse.settle()
        await table.quick(Close(ref), "ana")
    dying = beside(table, store, slow)
    dies = asyncio.create_task(dying.settle())
    await slow.taken.wait()
    dies.cancel()
    await asyncio.gather(dies, return_exceptions=True)
    table.clock.shift(timedelta(seconds=20))  # the lease of whoever died is over
    await table.muse.settle()
    key = f"{kind}:{ref.round}"
    assert slow.asked == [key]
    assert table.stage.looked_for == [key]
    other = {"round": "result", "result": "round"}[kind]
    assert f"{other}:{ref.round}" not in table.stage.looked_for


@pytest.mark.parametrize("request_", [Ask("a lighthouse"), Invite()])
@pytest.mark.parametrize("posted", [True, False])
async def test_a_round_that_redis_loses_while_it_is_written_ends_on_its_message(
    table: Table, store: Store, request_: Ask | Invite, posted: bool
) -> None:
    """As where another Redis takes over that had not heard of it yet."""
    slow = Slow()
    other = beside(table, store, slow)
    if posted:
        slow.answers.set()
        table.writer.gate.clear()
    await table.quick(request_)
    ref = await table.here()
    writing = asyncio.create_task(other.settle())
    await slow.taken.wait()
    if posted:
        await until(lambda: waits_for_writer(table))
    item = agenda_items.write(ref) if isinstance(request_, Ask) else agenda_items.prompt(ref)
    await store.call("ZREM", keys.agenda(keys.shard(ref.community)), item)
    own = keys.round_keys(ref.community, ref.round)
    for name in (own.record, own.entries, own.votes, own.tally):
        await store.call("DEL", name)
    slow.answers.set()
    table.writer.gate.set()
    await writing
    assert en.ROUND_LOST in words(slow.now_showing("round", ref))
    assert list(table.stage.posts) == [f"m-round:{ref.round}"]


async def waits_for_writer(table: Table) -> bool:
    return bool(table.writer.briefs)


# --- Whoever should show it dies.


class Stuck(MemoryStage):
    """A platform that never answers an edit: its process is as good as dead."""

    async def edit(self, *_: object) -> None:
        await asyncio.Event().wait()


async def test_what_was_acknowledged_is_shown_by_another_if_this_one_dies(
    table: Table, store: Store, clock: FakeClock
) -> None:
    await table.do(Ask("a lighthouse afraid of the dark"))
    ref, stage = await table.here(), table.stage
    rng = Random(1)
    dying = compose(
        store,
        clock,
        Composers.by(table.writer),
        LimitSettings(),
        "UTC",
        {"test": Stuck(stage.posts, stage.states, stage.addresses)},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
    )
    await dying.app.handle(command(Add("The gulls kept the light.", round=ref), "bo"))
    await asyncio.sleep(0.05)
    assert "gulls" not in table.shown(ref)
    await table.muse.settle()
    assert "gulls" not in table.shown(ref)  # it may still be about to
    clock.shift(timedelta(seconds=14))
    await table.muse.settle()
    assert "gulls" in table.shown(ref)
    for task in dying.delivery._refreshing.values():
        task.cancel()


@pytest.mark.parametrize("deed", ["vote", "entry", "entry taken back", "round taken back"])
async def test_what_a_process_did_as_it_died_is_shown_by_another(
    table: Table, store: Store, clock: FakeClock, deed: str
) -> None:
    """It did it, and had not even begun to show it."""
    await table.do(Ask("a lighthouse afraid of the dark"), "ana")
    ref, bo, now = await table.here(), UserRef("test", "bo"), clock.now
    if "taken back" in deed:
        await table.do(Add("The gulls kept the light.", round=ref), "bo")
    before = words(table.stage.now_showing("round", ref))
    match deed:
        case "vote":
            for event, number in (("e1", 1), ("e2", 2)):
                await Votes(store).turn(ref, event, SPACE, bo, [number], Turn.ON, (), now())
        case "entry":
            await table.rounds.add(ref, "e1", SPACE, bo, "The gulls kept it.", 0, 20, now=now())
        case "entry taken back":
            await table.rounds.withdraw_entry(ref, SPACE, bo, 5, now())
        case _:
            await table.rounds.withdraw_entry(ref, SPACE, bo, 5, now())
            ana = UserRef("test", "ana")
            await table.rounds.withdraw(ref, SPACE, ana, now() + timedelta(days=90), now())
    assert words(table.stage.now_showing("round", ref)) == before
    clock.shift(timedelta(seconds=14))
    await table.muse.settle()
    assert words(table.stage.now_showing("round", ref)) != before
    assert not await waits(table, agenda_items.show(ref, "test"))
    # And the next change is promised anew.
    if "round" not in deed:
        await Votes(store).turn(ref, "e9", SPACE, bo, [3], Turn.ON, (), now())
        assert await waits(table, agenda_items.show(ref, "test"))


async def test_a_change_while_a_round_is_being_shown_is_shown_too(
    table: Table, store: Store, clock: FakeClock
) -> None:
    """Somebody has read a round to show it, under a lease, and it changes before they are done."""
    await table.do(Ask("a lighthouse afraid of the dark"))
    ref, voter = await table.here(), UserRef("test", "bo")
    item, agenda = agenda_items.show(ref, "test"), keys.agenda(keys.shard(ref.community))
    await store.call("ZADD", agenda, milliseconds(clock.now()), item)
    kept = AgendaStore(store)
    lease = clock.now() + timedelta(seconds=12)
    shard = keys.shard(ref.community)
    [claim] = await kept.claim(shard, clock.now(), lease, 9, ["show@test"])
    await Votes(store).turn(ref, "e1", SPACE, voter, [1], Turn.ON, (), clock.now())
    assert not await kept.done(claim, lease)
    clock.shift(timedelta(seconds=14))
    await table.muse.settle()
    assert "One person has voted" in words(table.stage.now_showing("round", ref))


@dataclass
class Late(MemoryStage):
    """A platform that is slow to take an edit."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    takes: asyncio.Event = field(default_factory=asyncio.Event)

    async def edit(self, message: MessageRef, card: Card) -> None:
        self.begun.set()
        await self.takes.wait()
        await super().edit(message, card)


async def test_an_edit_that_another_process_was_slow_with_is_not_the_last(
    table: Table, store: Store
) -> None:
    await table.do(Ask("a lighthouse afraid of the dark"))
    ref, slow = await table.here(), Late()
    other = beside(table, store, slow)
    await other.app.handle(command(Vote((1,), (), ref), "bo"))
    await slow.begun.wait()
    table.clock.shift(timedelta(seconds=1))
    await table.do(Vote((2,), (), ref), "cem")
    latest = table.shown(ref)
    slow.takes.set()
    await other.delivery.settle()
    assert table.shown(ref) == latest
    assert "One person has voted" not in latest
    assert not await waits(table, agenda_items.show(ref, "test"))


class Meanwhile(MemoryStage):
    """Somebody answers a round by its message before whoever posts it knows that it is there."""

    async def post(
        self, address: Address, card: Card, key: str, *, doubtful: bool = False
    ) -> MessageRef:
        posted = await super().post(address, card, key, doubtful=doubtful)
        if key.startswith("round") and not card.busy:
            await self.then()
        return posted

    async def then(self) -> None:
        """What they do."""


async def test_what_comes_while_a_round_is_posted_is_shown_on_it(
    store: Store, clock: FakeClock, writer: ScriptedWriter, elsewhere: Muse, table: Table
) -> None:
    await elsewhere.app.handle(command(Ask("a lighthouse"), "ana"))
    await elsewhere.settle()
    ref = await table.here()
    stage = Meanwhile()
    muse = compose(
        store, clock, Composers.by(writer), LimitSettings(), "UTC", {"test": stage}, lambda: 7
    )

    async def adds() -> None:
        await muse.app.handle(command(Add("The gulls kept the light.", round=ref), "bo"))
        await muse.delivery.settle()

    stage.then = adds  # type: ignore[method-assign]
    await muse.settle()
    assert "gulls" in words(stage.now_showing("round", ref))
    assert stage.asked == [f"round:{ref.round}"]


async def test_what_is_shown_leaves_nothing_to_do(table: Table, store: Store) -> None:
    await table.do(Ask("a lighthouse afraid of the dark"))
    ref = await table.here()
    await table.do(Add("The gulls kept the light."), "bo")
    for who in ("cem", "dua"):
        await table.do(Vote((5,)), who)
    items = await store.call("ZRANGE", keys.agenda(keys.shard(ref.community)), 0, -1)
    assert [item.partition(":")[0] for item in items] == ["close"]


async def test_a_round_that_was_written_and_not_shown_is_shown_by_who_begins_again(
    table: Table, store: Store
) -> None:
    await table.do(Ask("a lighthouse afraid of the dark"))
    ref = await table.here()
    stale = table.stage.states[f"m-round:{ref.round}"][0]
    table.stage.states[f"m-round:{ref.round}"].append(stale)  # what it showed when somebody died
    agenda = keys.agenda(keys.shard(ref.community))
    await store.call("ZADD", agenda, milliseconds(table.clock.now()), agenda_items.write(ref))
    await table.muse.settle()
    assert len(table.writer.briefs) == 1
    assert not table.stage.now_showing("round", ref).busy


async def test_a_card_that_redis_kept_from_being_shown_is_shown_later(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.game.delivery.AGAIN", 0.05)
    await table.do(Ask("a lighthouse afraid of the dark"))
    ref, full = await table.here(), table.muse.delivery._promises.make
    failing = True

    async def make(ref: RoundRef) -> datetime | None:
        if failing:
            raise StoreUnavailable("it takes no more")
        return await full(ref)

    monkeypatch.setattr(table.muse.delivery._promises, "make", make)
    await table.quick(Add("The gulls kept the light."), "bo")
    await asyncio.sleep(0.1)
    assert "gulls" not in table.shown(ref)
    failing = False
    await table.muse.settle()
    assert "gulls" in table.shown(ref)
