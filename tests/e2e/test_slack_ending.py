"""What is in hand when Muse on Slack is told to end: served, and its receipt sent, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.storage.client import Store
from tests.e2e.slack_table import SlackTable, slack_table, votes
from tests.e2e.slowly import Slow


@pytest.fixture
def slow() -> Slow:
    made = Slow()
    made.gate.set()
    return made


@pytest.fixture
async def table(store: Store, slow: Slow) -> AsyncIterator[SlackTable]:
    async with slack_table(store, socket=False, slow=slow) as made:
        yield made


async def test_a_vote_that_is_being_served_is_answered_before_the_end(
    table: SlackTable, slow: Slow
) -> None:
    slack = table.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    message = await table.round(ana, room, "a lighthouse")
    slow.gate.clear()
    clicking = asyncio.create_task(slack.click(ana, message, votes(message)[0]))
    for _ in range(10_000):
        if slow.waiting:
            break
        await asyncio.sleep(0.001)
    ending = asyncio.create_task(table.end())
    await asyncio.sleep(0.05)  # let it see that it is to end
    slow.gate.set()
    async with asyncio.timeout(10):
        await ending
        clicked = await clicking
    assert clicked.ack.ok
    assert [m.says for m in room.messages.values() if m.ephemeral_to == ana.id]
