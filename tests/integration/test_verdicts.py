"""The verdict over counted challenges, on a real Redis."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from bot.challenge_requests import (
    DecideContender,
    ShowVerdict,
)
from bot.errors import StoreUnavailable
from bot.game.challenges import verdicts
from bot.models import UserRef
from bot.storage import keys
from bot.storage.results import ResultStore
from tests.counted import closed, words_of
from tests.support import Table, member


async def test_the_verdict_is_over_what_counts(table: Table) -> None:
    assert "No challenge has been counted" in words_of(await table.do(ShowVerdict()))
    await closed(table, number=1)
    await closed(table, number=2, example=True)
    said = words_of(await table.do(ShowVerdict()))
    assert "One challenge, 30 voters" in said
    await closed(table, number=3)
    card = await table.do(ShowVerdict())
    assert "2 challenges, 30 voters" in words_of(card)
    assert "still missing: 30 of people’s own, 36 of AI’s and 6 challenges" in words_of(card)
    assert card.illustration is not None
    assert "After challenge 3:" in card.illustration.alt


async def test_the_verdict_is_worked_out_once_off_the_loop(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await closed(table)
    worked: list[str] = []
    tell = verdicts.tell

    def watched(materials: Any) -> Any:
        worked.append(threading.current_thread().name)
        return tell(materials)

    monkeypatch.setattr(verdicts, "tell", watched)
    cards = await asyncio.gather(*(table.quick(ShowVerdict(), f"v{n}") for n in range(5)))
    assert len({words_of(card) for card in cards}) == 1
    assert len(worked) == 1
    assert worked[0] != threading.main_thread().name
    alias = next(iter(found.pool))
    await table.do(DecideContender(alias, "strike", "copied", found.ref), "org", manages=True)
    await table.do(ShowVerdict())
    assert len(worked) == 2, "what is struck is out of the verdict"


async def test_a_verdict_that_failed_is_tried_again(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    await closed(table)
    tell = verdicts.tell

    def fails(_: Any) -> Any:
        raise StoreUnavailable("down")

    monkeypatch.setattr(verdicts, "tell", fails)
    with pytest.raises(StoreUnavailable):
        await table.do(ShowVerdict())
    monkeypatch.setattr(verdicts, "tell", tell)
    assert "One challenge" in words_of(await table.do(ShowVerdict()))


async def test_a_reader_is_told_who_somebody_is_where_they_are(table: Table) -> None:
    found = await closed(table)
    shared = keys.community(found.ref.community)
    number = found.numbers[member("author1")]
    await table.muse.store.call("HSET", shared.people, number, "test:author1\nslack:U1")
    people = await ResultStore(table.muse.store).people(found.ref.community, [number, 0], "slack")
    assert people == {number: UserRef("slack", "U1")}
