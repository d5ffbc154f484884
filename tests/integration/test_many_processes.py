"""Two, four and eight processes on one Redis: each thing is done once. First as all that a process
has, with a clock that jumps; then as processes of the system.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bot.challenge import Side
from bot.challenge_requests import OpenBallot, Pick
from bot.errors import Refusal
from bot.game.composing import Composers
from bot.models import RoundRef, RoundState, SpaceRef
from bot.requests import Ask, Close, Vote
from bot.settings import LimitSettings
from bot.stats import pairing
from bot.storage import keys
from bot.storage.client import Store
from bot.storage.connect import make_client
from bot.storage.spaces import first_community_id
from bot.storage.votes import pairs
from bot.wiring import Muse, compose
from tests.challenging import Voter, pool_of, voting_challenge
from tests.integration import forked
from tests.support import ROOT, FakeClock, MemoryStage, ScriptedWriter, Table, command

ROUNDS = 24


def process(url: str, number: int, clock: FakeClock, stage: MemoryStage, *, works: bool) -> Table:
    """What a process of its own has: its connections, its caches, its agenda, its writer."""
    writer, rng = ScriptedWriter(tag=f"p{number}"), Random(number)
    muse = compose(
        Store(make_client(url)),
        clock,
        Composers.by(writer),
        LimitSettings(),
        "UTC",
        {"test": stage},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
        works=works,
    )
    return Table(muse, clock, stage, writer)


async def run(muse: Muse, running: AsyncExitStack) -> None:
    """Its agenda at work, until the stack is left."""
    loop = asyncio.create_task(muse.agenda.run())

    async def end() -> None:
        await muse.agenda.stop(10)
        await loop
        await muse.delivery.settle()
        await muse.store.close()

    running.push_async_callback(end)


@pytest.mark.parametrize("gateways_work", [True, False], ids=["all work", "gateways do not"])
@pytest.mark.parametrize("count", [2, 4, 8])
async def test_each_thing_once(
    empty_url: str, clock: FakeClock, count: int, *, gateways_work: bool
) -> None:
    one = MemoryStage()  # a platform, as all of them see it
    stages = [MemoryStage(one.posts, one.states, one.addresses) for _ in range(count)]
    tables = [
        process(empty_url, n, clock, stages[n], works=gateways_work or n % 2 == 1)
        for n in range(count)
    ]
    spaces = [SpaceRef("test", f"s{n % 6}") for n in range(ROUNDS)]
    async with AsyncExitStack() as running:
        for table in tables:
            await run(table.muse, running)
        asks = [
            command(Ask(f"prompt {n}"), f"asker{n}", space=space) for n, space in enumerate(spaces)
        ]
        # Every event comes to each process, as platforms may send it more than once.
        for ask in asks:
            await asyncio.gather(*(table.muse.app.handle(ask) for table in tables))
        reader = tables[0]
        refs: list[RoundRef] = []
        for space in dict.fromkeys(spaces):
            community = await reader.community(space)
            rounds = keys.community(community.id).rounds
            found = await reader.muse.store.call("ZRANGE", rounds, 0, -1)
            refs += [RoundRef(community.id, each) for each in found]
        assert len(refs) == ROUNDS
        await _until(reader, refs, RoundState.OPEN)
        votes = [
            command(Vote((n % 4 + 1,), round=ref), f"m{n}", space=space)
            for ref in refs
            for n, space in enumerate([_space_of(ref, one)] * 5)
        ]
        await asyncio.gather(*(table.muse.app.handle(vote) for vote in votes for table in tables))
        for ref in refs[::2]:
            space = _space_of(ref, one)
            close = command(Close(ref), "boss", space=space, manages=True)
            await asyncio.gather(
                *(table.muse.app.handle(close) for table in tables), return_exceptions=True
            )
        # A jump of the clock ends leases: nothing may be under way.
        await _until(reader, refs[::2], RoundState.CLOSED, told=True)
        clock.shift(timedelta(hours=25))
        await _until(reader, refs, RoundState.CLOSED, told=True)

    asked = Counter(key for stage in stages for key in stage.asked)
    assert asked == Counter(f"{kind}:{ref.round}" for ref in refs for kind in ("round", "result"))
    written = Counter(brief.prompt for table in tables for brief in table.writer.briefs)
    assert set(written.values()) == {1}
    store = Store(make_client(empty_url))
    last = process(empty_url, 99, clock, one, works=False)
    for ref in refs:
        round_ = (await last.rounds.read(ref)).round
        assert [entry.number for entry in round_.entries] == [1, 2, 3, 4]
        assert round_.voters == 5
        assert [round_.tallies[n].approvals for n in (1, 2, 3, 4)] == [2, 1, 1, 1]
    for place in {ref.community for ref in refs}:
        chances = 20 * sum(ref.community == place for ref in refs)
        assert await store.call("HGET", keys.community(place).record, "chances") == str(chances)
    await last.muse.store.close()
    await store.close()


async def test_who_vote_in_many_processes_at_once_are_all_offered_a_pair(
    empty_url: str, clock: FakeClock
) -> None:
    """The fairest pair is nearly the same for all of them, so each offer is a race."""
    stage = MemoryStage()
    tables = [process(empty_url, n, clock, stage, works=False) for n in range(8)]
    voting = await voting_challenge(tables[0].muse.store, clock, pool_of(8, 2))
    voters = [Voter(tables[n % 8], voting, f"v{n}") for n in range(64)]
    own = keys.challenge_keys(voting.ref.community, voting.ref.challenge)
    refused = 0
    for number in range(5):
        wish = Pick(0, Side.LEFT, voting.ref) if number else OpenBallot(voting.ref)
        clock.shift(timedelta(seconds=3))
        answers = await asyncio.gather(*(v.do(wish) for v in voters), return_exceptions=True)
        refused += sum(isinstance(answer, Refusal) for answer in answers)
        kept = dict(pairs(await tables[0].muse.store.call("HGETALL", own.shown)))
        counts = [int(kept.get(alias, 0)) for alias in voting.pool]
        assert sum(counts) == 2 * len(voters) * (number + 1) - 2 * refused
        assert max(counts) - min(counts) <= pairing.SPREAD
    assert refused == 0
    for table in tables:
        await table.muse.store.close()


def _space_of(ref: RoundRef, stage: MemoryStage) -> SpaceRef:
    """Where a round is."""
    return stage.addresses[f"m-round:{ref.round}"].space


async def _until(
    table: Table, refs: list[RoundRef], state: RoundState, *, told: bool = False
) -> None:
    for _ in range(3000):
        rounds = [(await table.rounds.read(ref)).round for ref in refs]
        if all(each.state is state and (each.result or not told) for each in rounds):
            return
        await asyncio.sleep(0.01)
    raise AssertionError([each.state for each in rounds])


@pytest.mark.parametrize("count", [2, 4, 8])
async def test_each_thing_once_by_processes_of_the_system(
    empty_url: str, tmp_path: Path, count: int
) -> None:
    done = tmp_path / "done"
    crowd = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.integration.forked", str(count), empty_url, str(done)),
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await crowd.communicate()
    assert crowd.returncode == 0, said.decode()[-2000:]
    store = Store(make_client(empty_url))
    rounds = await forked.rounds_of(store)
    closed = [each for each in rounds if each.state is RoundState.CLOSED]
    assert (len(rounds), len(closed)) == (forked.PROMPTS, (forked.PROMPTS + 1) // 2)
    posted = [f"posted round:{each.id}" for each in rounds]
    told = [f"posted result:{each.id}" for each in closed]
    wrote = [f"wrote {each.prompt}" for each in rounds]
    assert sorted(done.read_text().splitlines()) == sorted(posted + told + wrote)
    for each in rounds:
        assert [entry.number for entry in each.entries] == [1, 2, 3, 4]
        assert [each.tallies[n].approvals for n in (1, 2, 3, 4)] == [2, 1, 1, 1]
    for space in forked.SPACES:
        record = keys.community(first_community_id(space)).record
        here = sum(each.address.space == space for each in closed)
        assert await store.call("HGET", record, "chances") == str(20 * here)
    await store.close()
