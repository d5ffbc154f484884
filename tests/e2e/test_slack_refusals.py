"""What one workspace may do to another's: nothing. It is refused, and told to the log once."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.actions import ACTIONS, Action, decode, encode
from bot.storage.client import Store
from bot.storage.installations import StoredInstallations, StoredStates, new_key
from tests.e2e.slack_table import SlackTable, slack_table, votes
from tests.fakes.slack_state import Channel, Member, Message
from tests.support import FakeClock
from tests.traces import Held, held, traces

#: Verbs whose id names a round.
OF_A_ROUND = (
    *("vote", "back", "why", "unwhy", "compose", "answer", "report", "keep", "hide", "restore"),
    *("again", "close", "withdraw", "show"),
)


@pytest.fixture(params=["socket", "http"])
async def table(request: pytest.FixtureRequest, store: Store) -> AsyncIterator[SlackTable]:
    kept = StoredInstallations(store, [new_key()])
    states = StoredStates(store, FakeClock())
    socket = request.param == "socket"
    async with slack_table(store, socket=socket, installations=kept, states=states) as made:
        yield made


async def neighbours(table: SlackTable) -> tuple[Member, Channel, Message]:
    """Two workspaces that play, and somebody of the second who looks at a round of the first."""
    slack = table.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    other = slack.add_workspace("Elsewhere", installed=False)
    eve = slack.member("eve", other, is_admin=True)
    theirs = slack.channel("theirs", [eve], other)
    for visitor in (ana, eve):
        status, page = await slack.oauth.install(f"{table.url}/slack/install", visitor)
        assert status == 200, page
    ours = await table.round(ana, room, "a lighthouse")
    await table.round(eve, theirs, "a moth")
    return eve, theirs, ours


def of(everything: Held, community: str) -> dict[str, Any]:
    """All that Redis holds of a community."""
    return {k: v for k, v in everything.items() if traces({k: v}, community)}


@pytest.mark.parametrize("verb", OF_A_ROUND)
async def test_a_member_of_one_workspace_can_do_nothing_in_another(
    table: SlackTable, empty_url: str, verb: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack = table.slack
    eve, theirs, ours = await neighbours(table)
    named = decode(votes(ours)[0])
    argument = {"why": "deep", "unwhy": "deep"}.get(verb, "")
    forged = encode(Action(verb, named.community, named.round, 1, argument))
    placed = (await slack.say(eve, theirs, "look")).said
    assert placed is not None
    text = {"type": "plain_text", "text": "Press", "emoji": False}
    element = {"type": "button", "action_id": forged, "text": text}
    block = {"type": "actions", "block_id": "b", "elements": [element]}
    placed.body["blocks"] = [block]
    await table.settle()
    before, shown = of(await held(empty_url), named.community), dict(ours.body)
    posted = len(theirs.visible)
    caplog.clear()
    caplog.set_level(logging.WARNING)
    clicked = await slack.click(eve, placed, forged)
    assert clicked.ack.ok
    if ACTIONS[verb].answer.value == "form":
        form = await clicked.view(lambda view: "One moment" not in view.says)
        told = form.says  # it opens with nothing in it, and says no when it is sent
        sent = await slack.submit(eve, form, {"text": "Mine now."})
        assert sent.errors
    else:
        told = (await clicked.ephemeral()).says
    await table.settle()
    assert "lighthouse" not in told
    assert of(await held(empty_url), named.community) == before
    assert ours.body == shown
    assert len(theirs.visible) == posted
    warned = [r for r in caplog.records if "not its own" in r.getMessage()]
    assert len(warned) == 1


async def test_an_event_of_a_workspace_without_a_token_is_refused(
    table: SlackTable, empty_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack = table.slack
    _, _, ours = await neighbours(table)
    third = slack.add_workspace("Third", installed=False)
    mal = slack.member("mal", third)
    den = slack.channel("den", [mal], third)
    before = await held(empty_url)
    caplog.clear()
    caplog.set_level(logging.WARNING)
    asked = await slack.slash(mal, den, "a ghost")
    assert asked.ack.ok
    await table.settle()
    warned = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert [third.id in r.getMessage() for r in warned] == [True]
    assert await held(empty_url) == before
    assert "ghost" not in ours.says
