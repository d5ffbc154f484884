"""Whether Muse costs more when there is more: a vote, a board page and a claim of the agenda.

Two servers hold the same but for one number: communities, from ten to 10,000, or the members of one
community, from a hundred to a million. Blocks on the large one and on the small one take turns, and
the row is the one held against the other. A block plays in ten communities, drawn anew each time
(in one, where there is one): with more than that many awake at once a process reads each one's
rules more often, which is load and not size. Every community has a round open and its members on
its board.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from statistics import median

from benchmarks.electorate import Electorate, gather, play
from benchmarks.harness import (
    Compared,
    Flat,
    Row,
    interleave,
    milliseconds,
    p50,
    scaled,
    server,
    store,
)
from bot.app import App
from bot.models import RoundRef, SpaceRef
from bot.storage import agenda_items, keys
from bot.storage.agenda import AgendaStore
from bot.storage.boards import ALL_TIME, Boards
from bot.storage.client import Arg, Store

PAIRS, CALLS, AWAKE, TEN = 30, 200, 10, 10
LEAST = 100  # votes of a block: the first in each community has its rules to read
COMMUNITIES, MEMBERS = (10, 10_000), (100, 1_000_000)
GOAL = Flat(0.15)
_LEASE = timedelta(seconds=12)
_AT_ONCE = 1_000


def measure(size: float = 1.0) -> list[Row]:
    """The rows of this benchmark: three by the number of communities, three by members."""
    few, many = COMMUNITIES[0], scaled(COMMUNITIES[1], size, 2 * COMMUNITIES[0])
    small, large = MEMBERS[0], scaled(MEMBERS[1], size, 2 * MEMBERS[0])
    return [
        *asyncio.run(_compare("communities", (few, small), (many, small), size)),
        *asyncio.run(_compare("members", (1, small), (1, large), size)),
    ]


async def _compare(
    what: str, small: tuple[int, int], large: tuple[int, int], size: float
) -> list[Row]:
    """Each size is so many communities of so many members."""
    pairs, calls = scaled(PAIRS, size, 2), scaled(CALLS, size, 20)
    grown = 0 if what == "communities" else 1
    async with _town(*large) as big, _town(*small) as little:
        rows = []
        for name, block in (("a vote", _votes), ("a board page", _pages), ("a claim", _claims)):
            figures = await interleave(
                pairs, partial(block, big, calls), partial(block, little, calls)
            )
            title, plain = f"{name}, {large[grown]:,} {what}", f"{small[grown]:,} {what}"
            rows.append(Compared(*figures).row(title, milliseconds, plain, GOAL))
    return rows


@dataclass(frozen=True)
class _Town:
    """A server, and the communities on it."""

    store: Store
    app: App
    people: list[Electorate]
    random: Random = field(default_factory=lambda: Random(1))

    def awake(self) -> list[Electorate]:
        """Those that a block plays in."""
        return self.random.sample(self.people, min(AWAKE, len(self.people)))


@asynccontextmanager
async def _town(communities: int, members: int) -> AsyncIterator[_Town]:
    async with AsyncExitStack() as stack:
        embedded = await stack.enter_async_context(server(durable=False))
        ours = await stack.enter_async_context(store(embedded))
        people: list[Electorate] = []
        at_once = max(1, _AT_ONCE // 10)
        for first in range(0, communities, at_once):
            block = range(first, min(first + at_once, communities))
            people += await asyncio.gather(*(_found(ours, number, members) for number in block))
        yield _Town(ours, play(ours, embedded.socket.parent).app, people)


async def _found(ours: Store, number: int, members: int) -> Electorate:
    """A community: its members, all on its board, and a round that is open."""
    people = await gather(ours, members, SpaceRef("bench", f"space {number}"))
    board = keys.community(people.community).board("people", ALL_TIME)
    for first in range(0, members, _AT_ONCE):
        block = range(first, min(first + _AT_ONCE, members))
        rows: list[Arg] = [part for m in block for part in (m * 7919 % 99991, m + 1)]
        await ours.call("ZADD", board, *rows)
    await _round_of(ours, people)
    return people


async def _round_of(ours: Store, people: Electorate) -> RoundRef:
    """A new round that is written: nothing of it on the agenda but its end."""
    ref = await people.round()
    agenda, now, shard = AgendaStore(ours), datetime.now(UTC), keys.shard(people.community)
    for claim in await agenda.claim(shard, now, now + _LEASE, _AT_ONCE, ("write",)):
        await agenda.done(claim, now + _LEASE)
    return ref


async def _votes(town: _Town, calls: int) -> float:
    """A vote and its receipt, one after the other, p50."""
    awake = town.awake()
    each = min(max(LEAST, calls) // len(awake), awake[0].known)
    ballots = []
    for people in awake:
        ref = await _round_of(town.store, people)
        ballots += people.ballots(ref, each)
    return await p50(partial(town.app.handle, ballot) for ballot in ballots)


async def _pages(town: _Town, calls: int) -> float:
    """Any ten of who is on the board, p50."""
    boards, awake = Boards(town.store), town.awake()
    drawn = [town.random.choice(awake) for _ in range(calls)]
    return await p50(
        partial(
            boards.people, each.community, ALL_TIME, town.random.randrange(each.known - TEN), TEN
        )
        for each in drawn
    )


async def _claims(town: _Town, calls: int) -> float:
    """A claim of one thing that is due on a community's shard, p50."""
    agenda, times = AgendaStore(town.store), []
    for people in town.random.choices(town.people, k=calls):
        now = datetime.now(UTC)
        await agenda.add(agenda_items.forget(people.community, "1"), now)
        shard = keys.shard(people.community)
        begun = time.perf_counter()
        [claim] = await agenda.claim(shard, now, now + _LEASE, 1, ("forget",))
        times.append(time.perf_counter() - begun)
        await agenda.done(claim, now + _LEASE)
    return median(times)
