"""What every benchmark shares: alternating blocks, figures, goals, the table, a server.

Two things are compared by short blocks of each in turn, A B A B …, so that whatever else
the machine does falls on both. A row shows the median of the ratios of neighbouring blocks.
"""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bot.ports import Meter
from bot.storage.client import Store
from bot.storage.connect import make_client
from bot.storage.embedded import EmbeddedServer
from bot.storage.metered import MeteredStore

Block = Callable[[], Awaitable[float]]
"""Does a share of the work; the figure that came of it."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure to stay under, or with `least` to reach."""

    figure: float
    least: bool = False

    def met(self, value: float) -> bool:
        """Whether a value is on the right side."""
        return value >= self.figure if self.least else value <= self.figure

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.figure:g}"


@dataclass(frozen=True, slots=True)
class Flat:
    """A ratio that should be 1, give or take a share."""

    share: float

    def met(self, value: float) -> bool:
        """Whether a ratio is near enough."""
        return abs(value - 1.0) <= self.share

    def __str__(self) -> str:
        return f"1 ± {self.share:.0%}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. Without a `value`, `ours` says why there is none."""

    name: str
    ours: str
    plain: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    goal: Goal | Flat | None = None
    unit: str = "×"


@dataclass(frozen=True, slots=True)
class Compared:
    """What alternating blocks gave, block by block."""

    ours: Sequence[float]
    plain: Sequence[float]

    def row(
        self, name: str, say: Callable[[float], str], plain: str, goal: Goal | Flat | None
    ) -> Row:
        """The line on it: `say` words a figure, `plain` names what it was held against."""
        ratios = [ours / other for ours, other in zip(self.ours, self.plain, strict=True)]
        return Row(
            name,
            say(median(self.ours)),
            f"{plain}, {say(median(self.plain))}",
            median(ratios),
            min(ratios),
            max(ratios),
            goal,
        )


def scaled(count: int, size: float, least: int) -> int:
    """So much of a count as `size` says, where 1 is all of it; not fewer than `least`."""
    return max(least, round(count * size))


async def interleave(pairs: int, *blocks: Block) -> list[list[float]]:
    """Run the blocks in turn, `pairs` times, after once without counting; the figures of each."""
    figures: list[list[float]] = [[] for _ in blocks]
    for turn in range(pairs + 1):
        for block, found in zip(blocks, figures, strict=True):
            gc.collect()  # none pays for what another left behind
            figure = await block()
            if turn:
                found.append(figure)
    return figures


async def p50(calls: Iterable[Callable[[], Awaitable[object]]]) -> float:
    """The median time of calls made one after the other, in seconds."""
    times = []
    for call in calls:
        begun = time.perf_counter()
        await call()
        times.append(time.perf_counter() - begun)
    return median(times)


async def rate(count: int, work: Iterable[Coroutine[Any, Any, None]]) -> float:
    """How many a second, where these tasks at once do `count`."""
    tasks = [asyncio.ensure_future(part) for part in work]
    begun = time.perf_counter()
    await asyncio.gather(*tasks)
    return count / (time.perf_counter() - begun)


def milliseconds(seconds: float) -> str:
    """A short time in words."""
    return f"{seconds * 1000:.3f} ms"


def a_second(figure: float) -> str:
    """A rate in words."""
    return f"{figure:,.0f} /s"


@asynccontextmanager
async def server(*, durable: bool = True) -> AsyncIterator[EmbeddedServer]:
    """Muse's own Redis on a new folder, gone afterwards. Both sides talk to this one.

    Not `durable`: it writes nothing to disk, for what only reads or only weighs.
    """
    with tempfile.TemporaryDirectory(prefix="muse-bench-") as folder:
        async with EmbeddedServer(Path(folder, "data")) as embedded:
            if not durable:
                async with store(embedded) as asking:
                    await asking.call("CONFIG", "SET", "appendonly", "no")
            yield embedded


@asynccontextmanager
async def store(embedded: EmbeddedServer, meter: Meter | None = None) -> AsyncIterator[Store]:
    """Muse's way to that Redis; watched, where there is a meter."""
    client = make_client(embedded.url)
    opened = Store(client) if meter is None else MeteredStore(client, meter)
    try:
        yield opened
    finally:
        await opened.close()


def compiling(folder: Path) -> dict[str, str]:
    """The surroundings, with compiled modules kept in a folder that an uncounted turn fills."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder)}


def table(rows: Sequence[Row]) -> str:
    """The rows as lines of text."""
    head = ("", "Muse", "against", "median", "min–max", "goal", "")
    cells = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )


def _cells(row: Row) -> tuple[str, ...]:
    if row.value is None:
        return (row.name, row.ours, row.plain, "", "", str(row.goal or ""), "")
    spread = f"{row.low:.2f}–{row.high:.2f}" if row.low is not None else ""
    verdict = ("✓" if row.goal.met(row.value) else "✗") if row.goal else ""
    value = f"{row.value:.2f}{row.unit}"
    return (row.name, row.ours, row.plain, value, spread, str(row.goal or ""), verdict)
