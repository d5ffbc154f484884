"""A vote by itself: from the pressed button's command to its receipt card, p50.

Against the very same script, keys and arguments sent by redis-py as it comes.
"""

from __future__ import annotations

import asyncio
from functools import partial

import redis.asyncio as redis

from benchmarks.electorate import KNOWN, as_calls, gather, play
from benchmarks.harness import (
    Compared,
    Goal,
    Row,
    interleave,
    milliseconds,
    p50,
    scaled,
    server,
    store,
)
from bot.storage.client import script

PAIRS, VOTES = 40, 150
GOAL = Goal(1.3)


def measure(size: float = 1.0) -> list[Row]:
    """The row of this benchmark."""
    return [asyncio.run(_compare(size))]


async def _compare(size: float) -> Row:
    pairs, votes = scaled(PAIRS, size, 2), scaled(VOTES, size, 10)
    async with (
        server() as embedded,
        store(embedded) as ours,
        redis.Redis(unix_socket_path=str(embedded.socket)) as bare,
    ):
        await bare.script_load(script("vote").source)
        people = await gather(ours, scaled(KNOWN, size, 1_000))
        app = play(ours, embedded.socket.parent).app

        async def through_muse() -> float:
            ballots = people.ballots(await people.round(), votes)
            return await p50(partial(app.handle, ballot) for ballot in ballots)

        async def by_hand() -> float:
            calls = await as_calls(people.ballots(await people.round(), votes))
            return await p50(
                partial(bare.evalsha, call.sha, len(call.keys), *call.keys, *call.args)
                for call in calls
            )

        figures = Compared(*await interleave(pairs, through_muse, by_hand))
        return figures.row("a vote and its receipt, alone", milliseconds, "redis-py", GOAL)
