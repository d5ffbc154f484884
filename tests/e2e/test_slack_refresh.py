"""Slack moves Muse to another connection while answers are on their way: each gets there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from bot.storage.client import Store
from tests.e2e.slack_table import SlackTable, button, slack_table, votes
from tests.e2e.slowly import Slow


@pytest.fixture
def slow() -> Slow:
    made = Slow()
    made.gate.set()
    return made


@pytest.fixture
async def table(store: Store, slow: Slow) -> AsyncIterator[SlackTable]:
    async with slack_table(store, socket=True, slow=slow) as made:
        made.slack.unhurried()
        made.slack.socket.own_only = True
        yield made


async def until(met: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(20_000):
        if met():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never was so")


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_an_answer_that_is_on_its_way_arrives_by_the_connection_it_was_asked_on(
    table: SlackTable, slow: Slow, reason: str
) -> None:
    slack = table.slack
    ana, bea = slack.member("ana"), slack.member("bea")
    room = slack.channel("room", members=[ana, bea])
    message = await table.round(ana, room, "a lighthouse")
    added = await slack.click(bea, message, button(message, "Add yours"))
    form = await added.view(lambda view: bool(view.body.get("submit")))
    before = slack.socket.opened
    slow.gate.clear()
    clicking = asyncio.create_task(slack.click(ana, message, votes(message)[0]))
    sending = asyncio.create_task(slack.submit(bea, form, {"text": "It wanted a night light."}))
    await slow.busy(2)
    await slack.socket.disconnect(reason)
    await slack.socket.connected()
    assert slack.socket.opened == before + 1
    slow.gate.set()
    clicked, sent = await clicking, await sending
    assert clicked.ack.ok
    assert sent.ack.ok
    assert sent.errors == {}
    await clicked.ephemeral("You voted for 1")
    await until(lambda: len(slack.socket.connections) == 1)  # nothing stays that is not needed
    assert slack.refusals == []


async def test_what_comes_by_the_old_connection_until_it_ends_is_served(
    table: SlackTable, slow: Slow
) -> None:
    slack = table.slack
    ana, bea = slack.member("ana"), slack.member("bea")
    room = slack.channel("room", members=[ana, bea])
    message = await table.round(ana, room, "a lighthouse")
    slow.gate.clear()
    clicking = asyncio.create_task(slack.click(ana, message, votes(message)[0]))
    await slow.busy()
    await slack.socket.disconnect("warning", sends_on=True)
    await slack.socket.connected(2)
    more = [asyncio.create_task(slack.click(bea, message, each)) for each in votes(message)]
    await slow.busy(1 + len(more))
    slow.gate.set()
    assert all([(await each).ack.ok for each in [clicking, *more]])
    assert slack.refusals == []


async def test_what_was_sent_before_the_new_connection_is_there_is_served(
    table: SlackTable,
) -> None:
    """Nothing is being served then, for which the old one would stay; and it is told twice."""
    slack = table.slack
    ana, bea = slack.member("ana"), slack.member("bea")
    room = slack.channel("room", members=[ana, bea])
    message = await table.round(ana, room, "a lighthouse")
    before, asked = slack.socket.opened, len(slack.called("apps.connections.open"))
    slack.socket.opens.clear()
    await slack.socket.disconnect("warning", sends_on=True)
    await slack.socket.disconnect("refresh_requested", sends_on=True)
    await until(lambda: len(slack.called("apps.connections.open")) > asked)
    clicked = [asyncio.create_task(slack.click(bea, message, each)) for each in votes(message)]
    await until(lambda: len(slack.deliveries.sent) >= len(clicked))
    await asyncio.sleep(0.1)  # they are all on their way by the old one
    slack.socket.opens.set()
    assert all([(await each).ack.ok for each in clicked])
    await until(lambda: slack.socket.opened > before and len(slack.socket.connections) == 1)
    assert slack.socket.opened == before + 1
    assert slack.refusals == []
