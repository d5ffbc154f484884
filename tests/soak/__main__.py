"""`make soak`: many communities on both platforms, and every minute one of the processes is killed.

`ARGS="--minutes 2 --communities 100"`. At the end one table: events, what was acknowledged and is
lost or done twice, how long an acknowledgement took, and the slope of memory of each process.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import logging
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.faults.bench import LEASES
from tests.faults.ledger import KINDS
from tests.faults.places import Wait
from tests.soak.city import WORKER_NAMES, City, Part
from tests.soak.judging import Judged, judged
from tests.soak.life import BOTH, Life, platform

KILLED_EVERY = 60.0  # seconds
CLOSES_EVERY = 4.0  # seconds between the closes of challenges
WEIGHED_EVERY = 5.0  # seconds
SHOWN = 20  # of what was lost, done twice, or waits
FEW = 12  # looks at a process that has lived too short for a slope


async def play(city: City, life: Life, seconds: float, rate: float, killed_every: float) -> int:
    """Events until the time is over, with deaths among them, or none by 0; how many."""
    began = time.monotonic()
    end, weigh, close = began + seconds, began, began
    kill, kills = began + (killed_every or math.inf), 0
    # Half of the processes in the first half, the others in the second: each has one long life.
    turns = [itertools.cycle(city.parts[first::2]) for first in (0, 1)]
    deaths: list[asyncio.Task[None]] = []
    due = began
    while (now := time.monotonic()) < end:
        if now >= weigh:
            weigh = now + WEIGHED_EVERY
            weighing = asyncio.create_task(_weigh(city))
            city.forget()
        if now >= close:
            close = now + CLOSES_EVERY
            life.begin_challenge()
        if now >= kill:
            kill, kills = kill + killed_every, kills + 1
            mortal = next(turns[now > began + seconds / 2])
            deaths.append(asyncio.create_task(_die(city, life, mortal)))
        while due <= now:
            life.begin()
            due += life.rng.expovariate(rate)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
    life.seconds = time.monotonic() - began
    await asyncio.gather(*deaths, weighing)
    await life.end()
    await _weigh(city)
    return kills


async def _die(city: City, life: Life, part: Part) -> None:
    """`kill -9` of a process, and its next life. A worker’s work is taken up by another one only
    when its lease has run out.
    """
    assert part.now is not None
    gone = life.away([each for each in BOTH if part.name in (f"{each}’s gateway", *WORKER_NAMES)])
    before, part.now = part.now, None
    await before.kill()
    await city.begin(part)
    for each in gone:
        each.ended = time.monotonic() + (LEASES if part.name in WORKER_NAMES else 0)


async def _weigh(city: City) -> None:
    for part in city.parts:
        with contextlib.suppress(OSError, AssertionError, TimeoutError):
            if part.now is not None:
                await part.weigh(time.monotonic())


async def soak(
    folder: Path, minutes: float, communities: int, rate: float, killed_every: float
) -> bool:
    """Play for so many minutes, and print what was seen; whether it was good."""
    async with City(folder, communities) as city:
        life = Life(city, Random(1))
        kills = await play(city, life, minutes * 60, rate, killed_every)
        seen = await judged(city, life)
        info = await city.store.call("INFO", "memory")
        redis = next(line for line in str(info).splitlines() if line.startswith("used_memory:"))
        print(f"{sum(life.events.values())} events in {life.seconds / 60:.1f} minutes", end=", ")
        print(f"{communities} communities, {life.challenges} challenges closed, {kills} kills")
        _tell_events(life)
        _tell_kinds(seen)
        _tell_memory(city.parts)
        print(f"Redis: {int(redis.partition(':')[2]) / 2**20:.0f} MiB")
        print("all is well" if seen.good else "NOT all is well")
        return seen.good


def _tell_events(life: Life) -> None:
    print(f"\n{'':<24}{'events':>10}{'a second':>10}{'p50 ms':>10}{'p99 ms':>10}{'most ms':>10}")
    for name in BOTH:
        waits = [
            each
            for number, place in enumerate(life.city.places)
            if platform(number) == name
            for each in place.waits
        ]
        count = life.events[name]
        print(f"{name:<24}{count:>10}{count / life.seconds:>10.1f}{_times(waits)}")
        gone = life.absences[name]
        alive = [
            each
            for each in waits
            if not any(one.within(each.began, each.began + each.seconds) for one in gone)
        ]
        print(f"{'  with no death over it':<24}{'':>20}{_times(alive)}")
    print("each act until it was acknowledged, or somebody gave up")


def _times(waits: Sequence[Wait]) -> str:
    took = sorted(each.seconds for each in waits) or [0.0]
    cells = (statistics.median(took), took[int(len(took) * 0.99)], took[-1])
    told = sum(each.told for each in waits)
    shown = "".join(f"{each * 1000:>10.0f}" for each in cells)
    return f"{shown}   of {told} acknowledged; {len(waits) - told} never"


def _tell_kinds(seen: Judged) -> None:
    print(f"\n{'':<18}{'told':>10}{'there':>10}{'lost':>10}{'twice':>10}")
    for kind in KINDS:
        row = (seen.told[kind], seen.there[kind], seen.lost[kind], seen.twice[kind])
        print(f"{kind:<18}" + "".join(f"{each:>10}" for each in row))
    print("told: acknowledged; lost: acknowledged, and in Redis or on the platform no more.")
    print(
        f"{seen.silent} acts were answered by nobody, {seen.late} late, {seen.refused} by a no; "
        f"{len(seen.waiting)} things never ended, {len(seen.wrong)} are wrong besides"
    )
    for each in seen.wrong[:SHOWN]:
        print(f"    {each}")
    for each in seen.waiting[:SHOWN]:
        print(f"    waits: {each}")
    for each in seen.missing[:SHOWN]:
        print(f"    {each}")


def _tell_memory(parts: list[Part]) -> None:
    print(f"\n{'':<18}{'lives':>10}{'longest':>10}{'MiB, last':>10}{'MiB/hour':>10}")
    for part in parts:
        longest = max(part.lives, key=lambda life: life[-1][0] - life[0][0] if life else 0.0)
        if len(longest) < FEW:
            print(f"{part.name:<18}{len(part.lives):>10}{'too short to tell':>30}")
            continue
        began, ended = longest[0][0], longest[-1][0]
        warm = [each for each in longest if each[0] >= began + (ended - began) / 3]
        slope = statistics.linear_regression(
            [moment / 3600 for moment, _ in warm], [size / 2**20 for _, size in warm]
        ).slope
        minutes, last = f"{(ended - began) / 60:.1f} min", longest[-1][1] / 2**20
        print(f"{part.name:<18}{len(part.lives):>10}{minutes:>10}{last:>10.0f}{slope:>+10.1f}")
    print("the slope: of the last two thirds of the longest life")


def main() -> int:
    """Run it and say what was seen."""
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--communities", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=50, help="events a second")
    parser.add_argument(
        "--kill-every", type=float, default=KILLED_EVERY, help="seconds; 0 for no deaths"
    )
    parser.add_argument("--folder", type=Path, help="where logs and data are to stay")
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        kept = given.folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="muse-soak-"))
        folder = Path(kept)
        good = asyncio.run(
            soak(
                Path(folder) / "city",
                given.minutes,
                given.communities,
                given.rate,
                given.kill_every,
            )
        )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
