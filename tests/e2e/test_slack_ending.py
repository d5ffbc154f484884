"""What is in hand when Muse on Slack is told to end: served, and its receipt sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.storage.client import Store
from tests.e2e.slack_table import SlackTable, button, slack_table, votes
from tests.e2e.slowly import Slow


@pytest.fixture
def slow() -> Slow:
    made = Slow()
    made.gate.set()
    return made


@pytest.fixture(params=["socket", "http"])
async def table(
    request: pytest.FixtureRequest, store: Store, slow: Slow
) -> AsyncIterator[SlackTable]:
    async with slack_table(store, socket=request.param == "socket", slow=slow) as made:
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
    await slow.busy()
    ending = asyncio.create_task(table.end())
    for _ in range(100):  # turns of the loop, in which it sees that it is to end
        await asyncio.sleep(0)
    slow.gate.set()
    async with asyncio.timeout(10):
        await ending
        clicked = await clicking
    assert clicked.ack.ok
    assert [m.says for m in room.messages.values() if m.ephemeral_to == ana.id]


async def test_a_form_that_is_being_served_is_answered_before_the_end(
    table: SlackTable, slow: Slow
) -> None:
    slack = table.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    message = await table.round(ana, room, "a lighthouse")
    added = await slack.click(ana, message, button(message, "Add yours"))
    form = await added.view(lambda view: bool(view.body.get("submit")))
    slow.gate.clear()
    sending = asyncio.create_task(slack.submit(ana, form, {"text": "It wanted a night light."}))
    await slow.busy()
    ending = asyncio.create_task(table.end())
    for _ in range(100):
        await asyncio.sleep(0)
    slow.gate.set()
    async with asyncio.timeout(10):
        await ending
        sent = await sending
    assert sent.ack.ok
    assert sent.errors == {}
