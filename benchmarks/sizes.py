"""How much a community takes, and how many votes a core takes: `python -m benchmarks.sizes`.

Bytes are those of Redis's own `MEMORY USAGE`, of every key there is. Votes a second a core are
votes by the processor time that they took, in Muse and in Redis, so that a busy machine changes
little: clicks on buttons, 32 at once, on loopback platforms, through `muse run` and the real
client libraries. The figures are those of "Sizes" in `docs/operating.md`.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import logging
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

from benchmarks.harness import scaled, server, store
from bot.challenge import PickMade, Side
from bot.game.composing import Composers
from bot.models import SpaceRef
from bot.requests import Ask, Close, Vote
from bot.storage.client import Store
from bot.writing.deck import DeckWriter
from bot.writing.engine import Engine
from tests.challenging import pool_of, put_picks, voting_challenge
from tests.e2e.running import Running
from tests.faults.bench import PEOPLE, Bench
from tests.support import Table

ROUNDS, VOTERS, MEMBERS = 60, 7, 200
BALLOTS, PICKS = 40, 7
VOTES = 2_000  # of each platform
CROWD = 32
_TICK = os.sysconf("SC_CLK_TCK")


async def _bytes(ours: Store) -> int:
    names = await ours.call("KEYS", "*")
    sizes = await asyncio.gather(
        *(ours.call("MEMORY", "USAGE", name, "SAMPLES", 0) for name in names)
    )
    return sum(map(int, sizes))


async def memory(size: float) -> list[tuple[str, str]]:
    """What a community, a round, a member and a challenge take."""
    rounds, takes = scaled(ROUNDS, size, 10), itertools.count(1)
    rows: list[tuple[str, str]] = []
    async with server(durable=False) as embedded, store(embedded) as ours:
        table = Table.of(ours, Composers.by(Engine(None, DeckWriter())))
        clock = table.clock
        empty = await _bytes(ours)
        await table.community()
        founded = await _bytes(ours)
        rows.append(("a community, before its first round", _kib(founded - empty)))

        async def play(voters: Sequence[int]) -> None:
            """A round, from its prompt to its result."""
            await table.do(Ask(f"a lighthouse afraid of the dark, take {next(takes)}"), "ana")
            ref = await table.here()
            for v, who in enumerate(voters):
                await table.quick(Vote((v % 4 + 1,), (), ref), str(10**17 + who))
            await table.do(Close(ref), "ana")
            clock.shift(timedelta(hours=3))

        for first in range(0, MEMBERS, 20):
            await play(range(first, first + 20))
        all_known = await _bytes(ours)
        for n in range(rounds):
            await play([(n * 3 + v) % MEMBERS for v in range(VOTERS)])
        each = (await _bytes(ours) - all_known) / rounds
        rows.append((f"a round of {VOTERS} voters, closed, with its places on boards", _kib(each)))
        known = (all_known - founded - MEMBERS / 20 * each) / MEMBERS
        rows.append(("a member who has voted", f"{known:.0f} B"))
        clock.shift(timedelta(days=150))
        await table.muse.settle()
        left = await _bytes(ours)
        rows.append((f"all of it 90 days on: {MEMBERS} members, the hall of fame", _kib(left)))
        space = SpaceRef("test", "elsewhere")
        voting = await voting_challenge(ours, clock, pool_of(10, 3), space=space)
        before = await _bytes(ours)
        rows.append(("a challenge of 13 entries, before its ballots", _kib(before - left)))
        aliases = sorted(voting.pool)
        made = [
            PickMade(who, n, aliases[n], aliases[n + 1], Side.LEFT, at=clock.now())
            for who in range(1, BALLOTS + 1)
            for n in range(1, PICKS + 1)
        ]
        await put_picks(ours, voting.ref, made)
        picked = (await _bytes(ours) - before) / len(made)
        rows.append(("a pick", f"{picked:.0f} B"))
    return rows


def _kib(size: float) -> str:
    return f"{size / 1024:.1f} KiB"


async def votes(folder: Path, size: float, *, slack: bool) -> list[tuple[str, str]]:
    """Votes a second a core, in Muse and in Redis, through a platform."""
    count = scaled(VOTES, size, 200)
    name = "Slack" if slack else "Discord"
    async with Bench(folder, slack=slack, voting=False) as bench:
        await bench.start()
        assert bench.process is not None
        assert bench.redis is not None
        cards = [
            card
            for n in range(max(1, count // PEOPLE // 4 + 1))
            if (card := await bench.place.ask(0, f"a lamp, take {n}")) is not None
        ]
        for card in cards:
            await bench.place.whole(card)
        rng = Random(1)
        events = [(rng.randrange(1, PEOPLE), rng.choice(cards), n % 4 + 1) for n in range(count)]
        before = _seconds(bench.process), _seconds_of(bench.redis.pid)

        async def some(first: int) -> None:
            for who, card, number in events[first::CROWD]:
                await bench.place.vote(who, card, number)

        await asyncio.gather(*(some(first) for first in range(CROWD)))
        muse = _seconds(bench.process) - before[0]
        redis = _seconds_of(bench.redis.pid) - before[1]
    return [
        (f"votes a second a core, {name}, Muse", f"{count / muse:,.0f}"),
        (f"votes a second a core, {name}, Redis (fsync always)", f"{count / redis:,.0f}"),
    ]


def _seconds(running: Running) -> float:
    return _seconds_of(running.pid)


def _seconds_of(pid: int) -> float:
    """The processor time that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


async def measure(size: float) -> list[tuple[str, str]]:
    """All rows."""
    rows = await memory(size)
    for slack in (False, True):
        with tempfile.TemporaryDirectory(prefix="muse-bench-") as folder:
            rows += await votes(Path(folder) / "bench", size, slack=slack)
    return rows


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.sizes", description=__doc__)
    parser.add_argument("--size", type=float, default=1.0, help="how much of it is played")
    logging.disable(logging.CRITICAL)  # of the loopback platforms
    for what, figure in asyncio.run(measure(parser.parse_args().size)):
        print(f"{what:<64}{figure:>12}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
