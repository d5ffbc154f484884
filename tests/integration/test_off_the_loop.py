"""What takes long, the arithmetic of challenges and their pictures, is done beside the event loop.

So nobody's click waits for it, nor for numpy and Pillow, which are imported with it.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

from bot.challenge import PickMade, Side
from bot.challenge_requests import DecideContender, ShowResults, ShowVerdict
from tests.challenging import Voter, pool_of, put_picks, voting_challenge
from tests.counted import closed, words_of
from tests.support import Table

SLOW = {"numpy", "PIL"}
BOT = str(Path(__file__).parents[2] / "bot")


@contextmanager
def watched() -> Iterator[dict[str, set[bool]]]:
    """Which functions of Muse's that need numpy or Pillow were called, and whether on this thread,
    which is the event loop's.
    """
    loops, found = threading.current_thread(), dict[str, set[bool]]()

    def look(frame: FrameType, event: str, _: object) -> None:
        code: CodeType = frame.f_code
        if event == "call" and code.co_filename.startswith(BOT) and SLOW & set(code.co_names):
            name = f"{Path(code.co_filename).stem}.{code.co_name}"
            found.setdefault(name, set()).add(threading.current_thread() is loops)

    # Of threads only new ones are looked at.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def on_the_loop(found: dict[str, set[bool]]) -> list[str]:
    return [name for name, where in found.items() if True in where]


async def test_counting_pictures_and_the_verdict_are_beside_the_loop(table: Table) -> None:
    with watched() as found:
        week = await closed(table)
        assert {"intervals.ranking", "guessing.guessed", "bradley_terry.strengths"} <= set(found)
        assert (await table.do(ShowResults(), "ana")).illustration is not None
        assert [name for name in found if name.startswith("charts.")]
        found.pop("intervals.ranking")
        strike = DecideContender(min(week.pool), "strike", "a copy", week.ref)
        await table.do(strike, "boss", manages=True)
        assert words_of(await table.do(ShowResults(), "ana"))
        assert "intervals.ranking" in found, "it was counted anew"
        assert words_of(await table.do(ShowVerdict(), "ana"))
        assert [name for name in found if name.startswith("multiway.")]
    assert on_the_loop(found) == []


async def test_finalists_are_found_beside_the_loop(table: Table) -> None:
    store, clock = table.muse.store, table.clock
    voting = await voting_challenge(store, clock, pool_of(18, 6))
    one, *rest = sorted(voting.pool)
    made = [PickMade(900, n, one, other, Side.LEFT) for n, other in enumerate(rest, 1)]
    await put_picks(store, voting.ref, made)
    clock.shift((voting.challenge.closes - clock.now()) * 0.9)
    with watched() as found:
        await Voter(table, voting, "zoe").open()
    assert "bradley_terry.strengths" in found
    assert on_the_loop(found) == []
