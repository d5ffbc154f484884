"""The count at the close, once and whole, on a real Redis."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from bot.challenge import Contribution, Plan
from bot.challenge_requests import (
    ChallengeRef,
    ExportResults,
    ShowOwnResult,
    ShowResults,
)
from bot.errors import NotFound, Refusal, StoreUnavailable, TooLate
from bot.game.challenges import counting
from bot.game.challenges.counting import Counting
from bot.models import Origin, RoundRef, SpaceRef
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.challenge_records import write_contribution
from bot.storage.charters import Charters
from bot.storage.client import Reply, Script, Store
from bot.storage.connect import make_client
from bot.storage.results import ResultStore
from tests.challenging import pool_of, voting_challenge
from tests.counted import VOTERS, begin_count, closed, on_agenda, words_of
from tests.support import ADDRESS, SPACE, FakeClock, Table


async def test_a_close_is_counted_and_told_once(table: Table) -> None:
    found = await closed(table)
    store, ref = table.muse.store, found.ref
    kept = await ResultStore(store).read(ref, None, "test")
    assert kept is not None
    assert kept.counted is not None
    assert kept.challenge.counted
    assert len(kept.counted.order) == 8
    assert kept.counted.voters == len(VOTERS)
    left = await on_agenda(store, ref.community)
    assert items.count(ref) not in left
    before = await store.call("GET", keys.challenge_keys(ref.community, ref.challenge).results)
    await begin_count(store, ref, table.clock)
    await table.muse.settle()
    again = await store.call("GET", keys.challenge_keys(ref.community, ref.challenge).results)
    assert again == before


@dataclass
class Racer:
    """One process's counting, on a store of its own."""

    counting: Counting
    store: Store
    nudged: list[str]


def racer(store: Store, clock: FakeClock) -> Racer:
    nudged: list[str] = []

    def tells(ref: ChallengeRef, spaces: Sequence[str]) -> list[str]:
        named = (SpaceRef(*space.split(":", 1)) for space in spaces)
        return [items.proclaim(ref, "results", space) for space in named]

    kept = ResultStore(store)
    return Racer(Counting(kept, Charters(store), clock, nudged.append, tells), store, nudged)


async def test_of_processes_that_race_one_tells(table: Table, empty_url: str) -> None:
    found = await closed(table, counted=False)
    ref, clock = found.ref, table.clock
    stores = [Store(make_client(empty_url)) for _ in range(3)]
    try:
        racers = [racer(store, clock) for store in stores]
        named = RoundRef(ref.community, ref.challenge)
        await asyncio.gather(*(each.counting.count(named) for each in racers))
        assert sorted(len(each.nudged) for each in racers) == [0, 0, 1]
    finally:
        for store in stores:
            await store.close()
    told = [i for i in await on_agenda(table.muse.store, ref.community) if "proclaim" in i]
    assert told == [items.proclaim(ref, "results", SPACE)]


class Dying(Store):
    """A store whose process dies before or after a script is run, as a lost reply looks."""

    def __init__(self, url: str, *, before: bool) -> None:
        super().__init__(make_client(url))
        self._before = before

    def run(
        self, which: Script, keys: Sequence[str], args: Sequence[str | int | float]
    ) -> Awaitable[Reply]:
        if which.name != "challenge_count":
            return super().run(which, keys, args)
        return self._die(super().run if not self._before else None, which, keys, args)

    async def _die(
        self,
        run: Callable[..., Awaitable[Reply]] | None,
        which: Script,
        keys: Sequence[str],
        args: Sequence[str | int | float],
    ) -> Reply:
        if run is not None:
            await run(which, keys, args)
        raise StoreUnavailable("killed")


@pytest.mark.parametrize("before", [True, False])
async def test_who_dies_between_two_steps_leaves_nothing_half(
    table: Table, empty_url: str, before: bool
) -> None:
    found = await closed(table, counted=False)
    ref, store = found.ref, table.muse.store
    dying = Dying(empty_url, before=before)
    named = RoundRef(ref.community, ref.challenge)
    try:
        with pytest.raises(StoreUnavailable):
            await racer(dying, table.clock).counting.count(named)
    finally:
        await dying.close()
    own = keys.challenge_keys(ref.community, ref.challenge)
    first = await store.call("GET", own.results)
    assert (first is None) is before
    await racer(store, table.clock).counting.count(named)
    assert await store.call("HGET", own.record, "counted") == "1"
    if not before:
        assert await store.call("GET", own.results) == first
    told = [i for i in await on_agenda(store, ref.community) if "proclaim" in i]
    assert told == [items.proclaim(ref, "results", SPACE)]


async def test_counting_does_not_hold_up_the_loop(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []
    count = counting.count

    def watched(material: Any) -> Any:
        threads.append(threading.current_thread().name)
        return count(material)

    monkeypatch.setattr(counting, "count", watched)
    await closed(table)
    assert threads
    assert threading.main_thread().name not in threads


async def test_what_still_runs_is_not_counted_nor_told(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(3, 1))
    await begin_count(table.muse.store, voting.ref, table.clock)
    await table.muse.settle()
    with pytest.raises(NotFound, match="No challenge has closed here yet"):
        await table.do(ShowResults())
    for request in (ShowResults, ShowOwnResult):
        with pytest.raises(Refusal, match="still running"):
            await table.do(request(voting.ref))
    with pytest.raises(Refusal, match="still running"):
        await table.do(ExportResults("jsonl", voting.ref))


async def test_before_the_count_results_say_so(table: Table) -> None:
    found = await closed(table, counted=False)
    with pytest.raises(Refusal, match="being counted"):
        await table.do(ShowResults())
    own = keys.challenge_keys(found.ref.community, found.ref.challenge)
    await table.muse.store.call("HSET", own.record, "state", "cancelled")
    with pytest.raises(TooLate, match="without results"):
        await table.do(ShowResults(found.ref))


async def test_what_is_counted_is_posted_once_with_its_picture(table: Table) -> None:
    plan = Plan(addresses=(ADDRESS,), running=True)
    found = await closed(table, plan=plan)
    (posted,) = [key for key in table.stage.posts if "results" in key]
    card = table.stage.posts[posted]
    said = words_of(card)
    assert "The challenge is decided: “what the rain keeps”" in said
    assert card.illustration is not None
    assert card.illustration.alt.startswith("Challenge 1. Bars")
    kept = await ResultStore(table.muse.store).read(found.ref, None, "test")
    assert kept is not None
    assert kept.counted is not None
    for each in kept.counted.podium:
        assert found.pool[each.alias].text in said
    await begin_count(table.muse.store, found.ref, table.clock)
    await table.muse.settle()
    assert [key for key in table.stage.asked if "results" in key] == [posted.removeprefix("m-")]


async def test_a_quiet_week_is_posted_with_what_was_made(table: Table) -> None:
    plan = Plan(addresses=(ADDRESS,), running=True)
    found = await closed(table, [], picks=0, said=False, counted=False, plan=plan)
    store, own = table.muse.store, keys.challenge_keys(found.ref.community, found.ref.challenge)
    await store.call("HSET", own.record, "quiet", "1")
    mine = Contribution("m1", "All alone with the rain.", Origin.HUMAN, 1)
    await store.call("HSET", own.put, mine.key, write_contribution(mine))
    await begin_count(store, found.ref, table.clock)
    await table.muse.settle()
    (posted,) = [key for key in table.stage.posts if "results" in key]
    assert "All alone with the rain." in words_of(table.stage.posts[posted])
