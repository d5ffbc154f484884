"""`make soak`: many communities, some of them busy, a process killed every minute.

`ARGS="--minutes 5 --communities 200"`. At the end: the slope of memory, how many acts had no
answer, and how long an acknowledgement took.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import tempfile
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.e2e.discord_table import Room, votes
from tests.e2e.running import figures
from tests.fakes.discord_message import Message
from tests.fakes.discord_state import User
from tests.faults.bench import ANSWERED, LEASES, Bench

KILLED_EVERY = 60.0  # seconds
MEMBERS = 12  # of each community that is met


@dataclass
class Soak:
    """What was seen."""

    bench: Bench
    rooms: list[Room]
    rng: Random
    acks: list[float] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    cards: dict[int, list[tuple[Message, str]]] = field(default_factory=dict)
    asked: int = 0
    events: int = 0
    kills: int = 0
    acts: set[asyncio.Task[None]] = field(default_factory=set)

    def room(self) -> int:
        """A community, by Zipf: the first is met most."""
        weight = 1 / (self.rng.random() * (len(self.rooms) ** 0.9) + 1e-3)
        return min(len(self.rooms) - 1, int(len(self.rooms) / max(1.0, weight * 3)))

    async def run(self, seconds: float, rate: float) -> None:
        """Act until the time is over."""
        end, next_kill = time.monotonic() + seconds, time.monotonic() + KILLED_EVERY
        next_look = 0.0
        while (now := time.monotonic()) < end:
            self._begin()
            if now >= next_look:
                next_look = now + 5
                self._start(self._weigh())
            if now >= next_kill:
                next_kill = now + KILLED_EVERY
                self.kills += 1
                await self.bench.kill()
                self.bench.shift(float(self.bench.clock.read_text()) + LEASES)
                await self.bench.start()
                self.memory.clear()  # a new process begins anew
            await asyncio.sleep(self.rng.expovariate(rate))
        while self.acts:
            await asyncio.gather(*self.acts, return_exceptions=True)

    def _begin(self) -> None:
        self.events += 1
        number = self.room()
        room, cards = self.rooms[number], self.cards.setdefault(number, [])
        if not cards or self.rng.random() < 0.02:
            self.asked += 1
            self._start(self._ask(number, room, f"soak number {self.asked:06}"))
            return
        card, prompt = self.rng.choice(cards[-3:])
        who = self.rng.choice(room.people)
        if self.rng.random() < 0.02 and len(cards) > 1:
            cards.remove((card, prompt))
            self._start(self._timed(self.bench._close(room.people[0], card, prompt)))
        else:
            number = self.rng.randint(1, 4)
            self._start(self._timed(self._vote(who, card, number)))

    def _start(self, act: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(act)
        self.acts.add(task)
        task.add_done_callback(self.acts.discard)

    async def _ask(self, number: int, room: Room, prompt: str) -> None:
        with self.bench._trying():
            server = self.bench.discord
            asked = await server.slash(room.people[0], room.channel, "muse", prompt=prompt)
            card = await asked.message(ANSWERED)
            if prompt in card.text:
                self.bench.ledger.note("rounds", prompt)
                await server.until(lambda: len(votes(card)) >= 4, "it to be whole", 60)
                self.cards[number].append((card, prompt))

    async def _vote(self, who: User, card: Message, number: int) -> None:
        with self.bench._trying():
            asked = await self.bench.discord.click(who, card, votes(card)[number - 1])
            await asked.acknowledged(ANSWERED)

    async def _timed(self, act: Coroutine[Any, Any, None]) -> None:
        began = time.monotonic()
        await act
        self.acks.append(time.monotonic() - began)

    async def _weigh(self) -> None:
        with self.bench._trying():
            assert self.bench.process is not None
            shown = figures((await self.bench.process.get("/metrics"))[1])
            self.memory.append((time.monotonic(), shown["process_resident_memory_bytes"]))


async def soak(folder: Path, minutes: float, communities: int, rate: float) -> Soak:
    """Play for so many minutes; what was seen."""
    async with Bench(folder) as bench:
        rooms = []
        for number in range(communities):
            guild = bench.discord.guild(f"Community {number}")
            channel = bench.discord.channel(guild)
            people = [bench.discord.member(guild, f"M{number}-{n}") for n in range(MEMBERS)]
            rooms.append(Room(bench.discord, channel, people))
        await bench.start()
        seen = Soak(bench, rooms, Random(1))
        await seen.run(minutes * 60, rate)
        await seen._weigh()
        return seen


def main() -> int:
    """Run it and say what was seen."""
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--communities", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=50, help="events a second")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="muse-soak-") as folder:
        seen = asyncio.run(
            soak(Path(folder) / "bench", given.minutes, given.communities, given.rate)
        )
    acks = sorted(seen.acks) or [0.0]
    print(f"{seen.events} events in {given.minutes:g} minutes, {seen.kills} kills")
    print(f"{len(seen.bench.ledger.told['rounds'])} rounds, {len(acks)} acknowledgements")
    late = acks[int(len(acks) * 0.99)]
    print(f"p50 {statistics.median(acks) * 1000:.0f} ms, p99 {late * 1000:.0f} ms")
    print(
        f"{seen.bench.ledger.silent} acts had no answer, {seen.bench.ledger.refused} were refused"
    )
    if len(seen.memory) > 3:
        first, last = seen.memory[len(seen.memory) // 3], seen.memory[-1]
        slope = (last[1] - first[1]) / max(1.0, last[0] - first[0]) * 3600 / 2**20
        print(f"memory {last[1] / 2**20:.0f} MiB at the end, {slope:+.1f} MiB an hour before")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
