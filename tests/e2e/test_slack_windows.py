"""Windows on Slack: opened at once, filled when there is something, changed by their own buttons.

An action that asks for one (`ActionSpec.pane`) is a vote here: its receipt has buttons that change
it, as a ballot has.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.actions import ACTIONS
from bot.app import App
from bot.cards import Reply
from bot.requests import Command
from bot.storage.client import Store
from tests.e2e.slack_table import SlackTable, button, slack_table, votes
from tests.fakes.slack_state import View


@pytest.fixture(params=["socket", "http"])
async def table(
    request: pytest.FixtureRequest, store: Store, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SlackTable]:
    monkeypatch.setitem(ACTIONS, "vote", replace(ACTIONS["vote"], pane=True))
    async with slack_table(store, socket=request.param == "socket") as made:
        yield made


def pressed(view: View, label: str) -> str:
    """The id of a view's button that reads so."""
    for block in view.blocks:
        for element in block.get("elements") or []:
            if isinstance(element.get("text"), dict) and label in element["text"]["text"]:
                return str(element["action_id"])
    raise LookupError(label)


async def test_a_window_is_changed_by_its_own_buttons(table: SlackTable) -> None:
    slack = table.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    message = await table.round(ana, room, "a lighthouse")
    clicked = await slack.click(ana, message, votes(message)[0])
    view = await clicked.view("You voted for 1")
    for label, then in (
        ("1: deep", "deep 1 (yours)"),
        ("Take back 1", "You have no vote in this round now"),
    ):
        again = await slack.click(ana, view, pressed(view, label))
        assert await again.view(then) is view
    assert len(slack.called("views.open")) == 1
    assert not slack.called("views.push")
    assert slack.refusals == []
    assert [m for m in room.messages.values() if m.ephemeral_to] == []


async def test_it_opens_before_the_game_has_answered(
    table: SlackTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack, gate = table.slack, asyncio.Event()
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    message = await table.round(ana, room, "a lighthouse")
    handle = App.handle

    async def slowly(app: App, command: Command) -> Reply:
        await gate.wait()
        return await handle(app, command)

    monkeypatch.setattr(App, "handle", slowly)
    clicked = await slack.click(ana, message, votes(message)[0])
    assert clicked.ack.ok
    waiting = await clicked.view("One moment")
    slack.clock.shift(4)  # the trigger is dead by now
    gate.set()
    assert await clicked.view("You voted for 1") is waiting
    assert slack.refusals == []


async def test_what_is_refused_is_said_in_it(table: SlackTable) -> None:
    slack = table.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    message = await table.round(ana, room, "a lighthouse")
    added = await slack.slash(ana, room, "add It only wanted a night light.")
    await added.ephemeral("Your piece is in, as 5")
    await table.settle()
    clicked = await slack.click(ana, message, votes(message)[4])
    assert "your own" in (await clicked.view("your own")).says
    assert slack.refusals == []


async def test_where_none_can_be_opened_the_card_is_shown_all_the_same(table: SlackTable) -> None:
    slack = table.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    message = await table.round(ana, room, "a lighthouse")
    slack.faults.error("views.open", "expired_trigger_id", times=1)
    clicked = await slack.click(ana, message, votes(message)[0])
    receipt = await clicked.ephemeral("You voted for 1")
    assert button(receipt, "Take back 1")
