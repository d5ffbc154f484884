"""A page of ten from a board of a million entries, p50: the top one, and any one.

Against a bare PING by redis-py as it comes: the least that asking Redis anything costs.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from random import Random

import redis.asyncio as redis

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
from bot.storage import keys
from bot.storage.boards import Boards
from bot.storage.client import Store

PAIRS, CALLS, TEN = 30, 200, 10
SIZES = (1_000, 1_000_000)
PERIOD = "all"
GOAL = Goal(2.2)
_AT_ONCE = 20_000

# The board and the pieces, as a close leaves them: as many approvals as there are voters.
_SEED = """
for n = tonumber(ARGV[1]), tonumber(ARGV[2]) do
  local name = string.format('%012d/%d', n, 1 + n % 4)
  redis.call('ZADD', KEYS[1], string.format('%.6f', n * 7919 % 99991 / 99991), name)
  redis.call('HSET', KEYS[2], name, 1 + n % tonumber(ARGV[3]) .. ' ' .. ARGV[4])
end
for m = 1, tonumber(ARGV[3]) do redis.call('HSET', KEYS[3], m, 'bench:' .. m) end
"""
_PIECE = json.dumps(
    {
        "t": "Dear harbour, the dark came in again without knocking. I kept my one eye shut.",
        "o": "human",
        "l": "",
        "m": "",
        "q": "a lighthouse afraid of the dark",
        "f": "free",
        "a": 5,
        "n": 7,
    }
)
_PEOPLE = 1_000


def measure(size: float = 1.0) -> list[Row]:
    """The rows of this benchmark: for a small board and a large one, the top and any page."""
    boards = (SIZES[0], scaled(SIZES[1], size, 2 * SIZES[0]))
    return [row for entries in boards for row in asyncio.run(_compare(entries, size))]


async def _compare(entries: int, size: float) -> list[Row]:
    pairs, calls = scaled(PAIRS, size, 2), scaled(CALLS, size, 20)
    async with (
        server(durable=False) as embedded,
        store(embedded) as ours,
        redis.Redis(unix_socket_path=str(embedded.socket)) as bare,
    ):
        await _fill(ours, entries)
        boards, random = Boards(ours), Random(1)

        async def pages(firsts: list[int]) -> float:
            return await p50(partial(boards.entries, "c", PERIOD, at, TEN) for at in firsts)

        async def top_page() -> float:
            return await pages([0] * calls)

        async def any_page() -> float:
            return await pages([random.randrange(entries - TEN) for _ in range(calls)])

        async def a_ping() -> float:
            ping: Callable[[], Awaitable[object]] = bare.ping
            return await p50(ping for _ in range(calls))

        top, other, pings = await interleave(pairs, top_page, any_page, a_ping)
    plain = "PING by redis-py"
    return [
        Compared(top, pings).row(f"top ten of a board of {entries:,}", milliseconds, plain, GOAL),
        Compared(other, pings).row(f"any ten of a board of {entries:,}", milliseconds, plain, GOAL),
    ]


async def _fill(ours: Store, size: int) -> None:
    shared = keys.community("c")
    names = (shared.board("entries", PERIOD), shared.pieces, shared.people)
    for first in range(0, size, _AT_ONCE):
        last = min(first + _AT_ONCE, size) - 1
        await ours.call("EVAL", _SEED, len(names), *names, first, last, _PEOPLE, _PIECE)
