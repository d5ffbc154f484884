"""A challenge whose processes die, or are several at the same step."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.challenge import ChallengeState
from bot.challenge_requests import (
    RunChallenges,
    StartChallenge,
)
from bot.errors import Refusal
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.client import Store
from tests.dying import Dying, Killed
from tests.weeks import Week, composed


@pytest.mark.parametrize("after", [False, True])
async def test_killed_between_any_two_steps_a_week_comes_out_the_same(
    week: Week, store: Store, after: bool
) -> None:
    """At each moment of the week a process dies at its n-th script; another goes on."""
    await week.begin()
    await week.enter("ana", "ben", "cy")
    table, ref = week.table, await week.ref()

    async def step(verb: str, dying: Store) -> None:
        muse = composed(dying, table.clock, week.composers, table.stage)
        name = items.advance(ref) if verb == "advance" else items.count(ref)
        _, named = items.read(name)
        with pytest.raises(Killed):
            await muse.agenda._work[verb](named)

    for stage in ("deadline", "closes"):
        ends: datetime = getattr(await week.now(), stage)
        table.clock.shift(ends - table.clock.now())
        await step("advance", Dying(store, 0, after=after))
        table.clock.shift(timedelta(seconds=20))
        await table.muse.settle()
        table.clock.shift(timedelta(seconds=-20))
    await week.until((await week.now()).closes + timedelta(minutes=1))
    closed = await week.now()
    assert (closed.state, closed.counted) == (ChallengeState.CLOSED, True)
    assert [len(week.posted(step)) for step in ("opened", "voting", "results")] == [1, 1, 1]
    pool = await week.challenges.pool(ref)
    assert len([e for e in pool.values() if e.author]) == 3


async def test_two_processes_at_once_do_each_step_once(week: Week, store: Store) -> None:
    other = composed(store, week.table.clock, week.composers, week.table.stage)
    await week.boss(RunChallenges())
    community = (await week.table.community()).id
    due = (await week.plans.read(community)).next
    assert due is not None

    async def both(when: datetime) -> None:
        week.table.clock.shift(when - week.table.clock.now())
        await asyncio.gather(week.table.muse.settle(), other.settle())

    await both(due)
    challenge = await week.now()
    await week.enter("ana", "ben", "cy")
    await both(challenge.deadline)
    await both(challenge.closes)
    assert (await week.now()).counted
    assert (await week.plans.read(community)).count == 1
    assert (
        len(await week.table.muse.store.call("ZRANGE", keys.community(community).challenges, 0, -1))
        == 1
    )
    pool = await week.challenges.pool(await week.ref())
    assert len([e for e in pool.values() if e.author]) == 3
    assert len(week.posted("results")) == 1


async def test_many_advances_at_the_same_moment_make_one_pool(week: Week) -> None:
    challenge = await week.begin()
    await week.enter("ana", "ben", "cy")
    week.table.clock.shift(challenge.deadline - week.table.clock.now())
    _, named = items.read(items.advance(await week.ref()))
    advance = week.table.muse.agenda._work["advance"]
    found = await asyncio.gather(*(advance(named) for _ in range(8)))
    assert set(found) == {challenge.closes}
    pool = await week.challenges.pool(await week.ref())
    assert len([e for e in pool.values() if e.author]) == 3


async def test_the_same_event_begins_one_challenge(week: Week) -> None:
    for _ in range(2):  # a platform may send it twice
        try:
            await week.table.do(
                StartChallenge("what the rain keeps"), "boss", at="ev-x", manages=True
            )
        except Refusal:
            assert (await week.now()).running
    plans = await week.plans.read((await week.table.community()).id)
    assert plans.count == 1
    assert len(week.posted("opened")) == 1
