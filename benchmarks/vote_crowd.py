"""64 members voting at once, each the next time as soon as they have their receipt.

Against redis-py with one call a vote, on asyncio's loop and on uvloop, and against
`redis-benchmark`, which is C and does nothing with what it is told.
"""

from __future__ import annotations

import asyncio
import csv
import importlib.util
import shutil
from collections.abc import Sequence
from functools import partial

import redis.asyncio as redis

from benchmarks.electorate import KNOWN, Call, Electorate, as_calls, gather, play
from benchmarks.harness import (
    Compared,
    Goal,
    Row,
    a_second,
    interleave,
    rate,
    scaled,
    server,
    store,
)
from bot.app import App
from bot.requests import Command
from bot.storage.client import script

PAIRS, CROWD, EACH = 12, 64, 32
GOAL, NATIVE_GOAL = Goal(1.5, least=True), Goal(0.55, least=True)
NAME = "64 votes at once"
NATIVE = "redis-benchmark"


def measure(size: float = 1.0) -> list[Row]:
    """The rows of this benchmark: one pair for each event loop there is."""
    rows = asyncio.run(_compare(NAME, size))
    if importlib.util.find_spec("uvloop") is None:
        return [*rows, Row(f"{NAME}, uvloop", "uvloop is not installed")]
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return rows + runner.run(_compare(f"{NAME}, uvloop", size))


async def _compare(name: str, size: float) -> list[Row]:
    each = scaled(EACH, size, 4)
    async with (
        server() as embedded,
        store(embedded) as ours,
        redis.Redis(unix_socket_path=str(embedded.socket)) as bare,
    ):
        await bare.script_load(script("vote").source)
        people = await gather(ours, scaled(KNOWN, size, CROWD * each))
        app = play(ours, embedded.socket.parent).app
        blocks = [
            partial(_through_muse, people, app, each),
            partial(_by_hand, people, bare, each),
        ]
        native = shutil.which(NATIVE)
        if native is not None:
            blocks.append(partial(_natively, people, native, str(embedded.socket), each))
        figures = await interleave(scaled(PAIRS, size, 2), *blocks)
    rows = [Compared(figures[0], figures[1]).row(name, a_second, "redis-py", GOAL)]
    if native is None:
        return [*rows, Row(name, f"there is no {NATIVE} on the PATH", goal=NATIVE_GOAL)]
    against = Compared(figures[0], figures[2])
    return [*rows, against.row(name, a_second, NATIVE, NATIVE_GOAL)]


async def _through_muse(people: Electorate, app: App, each: int) -> float:
    ballots = people.ballots(await people.round(), CROWD * each)

    async def member(own: Sequence[Command]) -> None:
        for ballot in own:
            await app.handle(ballot)

    return await rate(len(ballots), (member(ballots[n::CROWD]) for n in range(CROWD)))


async def _by_hand(people: Electorate, bare: redis.Redis, each: int) -> float:
    calls = await as_calls(people.ballots(await people.round(), CROWD * each))

    async def member(own: Sequence[Call]) -> None:
        for call in own:
            await bare.evalsha(call.sha, len(call.keys), *call.keys, *call.args)

    return await rate(len(calls), (member(calls[n::CROWD]) for n in range(CROWD)))


async def _natively(people: Electorate, program: str, socket: str, each: int) -> float:
    """The same script and keys; who votes, and the event's id, are drawn by the program."""
    [call] = await as_calls(people.ballots(await people.round(), 1))
    drawn = "__rand_int__"  # twelve digits, below what -r says
    args = list(call.args)
    args[0], args[4] = f"bench:{drawn}{drawn}", f"bench:{drawn}"
    words = ("EVALSHA", call.sha, len(call.keys), *call.keys, *args)
    options = ("-s", socket, "-c", CROWD, "-P", 1, "-n", CROWD * each, "-r", people.known, "--csv")
    running = await asyncio.create_subprocess_exec(
        program, *map(str, (*options, *words)), stdout=asyncio.subprocess.PIPE
    )
    told, _ = await running.communicate()
    *_, last = csv.reader(told.decode().splitlines())
    return float(last[1])
