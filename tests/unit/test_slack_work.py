"""What is served once, acknowledged in time, and gone on with afterwards."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from adapters.slack import work
from adapters.slack.work import Once, Work
from bot.errors import StageFailed

Json = dict[str, Any]


async def test_an_event_that_comes_again_has_the_same_answer_and_does_nothing() -> None:
    once, served = Once(), 0

    async def serve() -> Json | None:
        nonlocal served
        served += 1
        await asyncio.sleep(0)
        return {"response_action": "clear"}

    answers = await asyncio.gather(*(once.answer("slack:1", serve) for _ in range(3)))
    assert answers == [{"response_action": "clear"}] * 3
    assert await once.answer("slack:1", serve) == {"response_action": "clear"}
    assert served == 1
    await once.answer("slack:2", serve)
    assert served == 2


async def test_what_takes_too_long_is_acknowledged_and_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(work, "ACK_WITHIN", 0.01)
    once, gate, done = Once(), asyncio.Event(), asyncio.Event()

    async def serve() -> Json | None:
        await gate.wait()
        done.set()
        return {"late": True}

    assert await once.answer("slack:1", serve) is None
    assert not done.is_set()
    gate.set()
    await once.settle(1.0)
    assert done.is_set()


async def test_a_memory_of_events_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_SEEN", 2)
    once, served = Once(), []

    async def serve() -> Json | None:
        served.append(1)
        return None

    for event in ("1", "2", "3", "3", "1"):
        await once.answer(event, serve)
    assert len(served) == 4


async def test_receipts_wait_for_a_moment_of_quiet_and_all_get_through() -> None:
    once = Once()
    async with asyncio.timeout(5):
        await asyncio.gather(*(once.quiet() for _ in range(50)))


async def test_what_goes_wrong_afterwards_is_in_the_log_and_ends_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tasks = Work()

    async def refused() -> None:
        raise StageFailed("Slack said no.")

    async def broken() -> None:
        raise ValueError("a mistake")

    for each in (refused, broken):
        tasks.start(each())
    await tasks.settle()
    assert "Slack said no." in caplog.text
    assert "a mistake" in caplog.text


async def test_what_does_not_end_in_time_is_given_up() -> None:
    tasks, ended = Work(), asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    tasks.start(endless())
    await asyncio.sleep(0)
    await tasks.drain(0.0)
    assert ended.is_set()
