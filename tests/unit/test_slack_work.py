"""What is served once, acknowledged in time, and gone on with afterwards."""

from __future__ import annotations

import asyncio
import gc
from contextvars import ContextVar
from typing import Any
from weakref import WeakSet

import pytest

from adapters.slack import receipts, work
from adapters.slack.receipts import Receipts
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


async def test_what_goes_wrong_once_it_is_acknowledged_is_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(work, "ACK_WITHIN", 0.01)
    once, gate = Once(), asyncio.Event()

    async def serve() -> Json | None:
        await gate.wait()
        raise ValueError("a mistake")

    assert await once.answer("slack:1", serve) is None
    gate.set()
    await once.settle(1.0)
    assert "a mistake" in caplog.text


async def test_a_memory_of_events_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_SEEN", 2)
    once, served = Once(), []

    async def serve() -> Json | None:
        served.append(1)
        return None

    for event in ("1", "2", "3", "3", "1"):
        await once.answer(event, serve)
    assert len(served) == 4


async def test_what_went_wrong_is_served_again_when_it_comes_again() -> None:
    once, served = Once(), []

    async def serve() -> Json | None:
        served.append(1)
        if len(served) == 1:
            raise StageFailed("Slack is away")
        return {"response_action": "clear"}

    with pytest.raises(StageFailed):
        await once.answer("slack:1", serve)
    assert await once.answer("slack:1", serve) == {"response_action": "clear"}


async def test_nothing_that_an_event_was_served_with_is_kept() -> None:
    class Heavy:
        """What was made for one event."""

    once, made = Once(), WeakSet[Heavy]()

    async def serve() -> Json | None:
        heavy = Heavy()
        made.add(heavy)
        ContextVar[Heavy]("heavy").set(heavy)
        return None

    await once.answer("slack:1", serve)
    await asyncio.sleep(0)
    gc.collect()
    assert not made


async def test_receipts_wait_for_a_moment_without_an_event(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(receipts, "MOMENT", 0.01)
    once, tasks, shown = Once(), Work(), asyncio.Event()
    waiting = Receipts(tasks, once)

    async def show() -> None:
        shown.set()

    once.came = asyncio.get_running_loop().time() + 3600  # events are coming all the time
    waiting.show(show())
    await asyncio.sleep(0.05)
    assert not shown.is_set()
    once.came = 0.0
    async with asyncio.timeout(10):
        await shown.wait()


async def test_receipts_wait_while_an_event_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "MOMENT", 0.001)
    tasks, shown = Work(), asyncio.Event()
    waiting = Receipts(tasks, Once())

    async def show() -> None:
        shown.set()

    with waiting.coming():
        waiting.show(show())
        await asyncio.sleep(0.05)
        assert not shown.is_set()
    async with asyncio.timeout(10):
        await shown.wait()


async def test_many_receipts_are_begun_in_bunches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "MOMENT", 0.0)
    monkeypatch.setattr(receipts, "BUNCH", 2)
    tasks, shown, all_shown = Work(), [], asyncio.Event()
    waiting, bunches = Receipts(tasks, Once()), set()

    async def show(number: int) -> None:
        shown.append(number)
        await asyncio.sleep(0)  # let the loop come round
        bunches.add(len(shown))
        if len(shown) == 7:
            all_shown.set()

    for number in range(7):
        waiting.show(show(number))
    async with asyncio.timeout(10):
        await all_shown.wait()
    await tasks.settle()
    assert shown == list(range(7))
    assert bunches >= {2, 4}


async def test_a_receipt_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "MOMENT", 0.001)
    monkeypatch.setattr(receipts, "LONGEST", 0.0)
    once, tasks, shown, all_shown = Once(), Work(), [], asyncio.Event()
    waiting = Receipts(tasks, once)
    once.came = asyncio.get_running_loop().time() + 3600

    async def show(number: int) -> None:
        shown.append(number)
        if number == 49:
            all_shown.set()

    for number in range(50):
        waiting.show(show(number))
    async with asyncio.timeout(10):
        await all_shown.wait()
    assert shown == list(range(50))


async def test_what_waits_is_shown_at_once_at_the_end() -> None:
    once, tasks, shown = Once(), Work(), asyncio.Event()
    waiting = Receipts(tasks, once)

    async def show() -> None:
        shown.set()

    waiting.show(show())
    waiting.flush()
    await tasks.settle()
    assert shown.is_set()


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


async def test_a_receipt_is_shown_in_the_context_of_its_event() -> None:
    followed: ContextVar[str] = ContextVar("followed", default="")
    once, tasks = Once(), Work()
    waiting, seen = Receipts(tasks, once), []

    async def show() -> None:
        seen.append(followed.get())

    for event in ("slack:1", "slack:2"):
        token = followed.set(event)
        waiting.show(show())
        followed.reset(token)
    waiting.flush()
    await tasks.settle()
    assert seen == ["slack:1", "slack:2"]
