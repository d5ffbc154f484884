"""Whatever comes while it takes long to find out whether Muse is installed there: answered in
time, and served.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import dataclass

import pytest

from adapters.slack import words
from bot.models import SpaceRef
from bot.storage.client import Store
from bot.storage.installations import StoredInstallations, StoredStates, new_key
from tests.e2e.slack_table import SlackTable, button, slack_table, votes
from tests.fakes.slack_acted import Acted
from tests.support import FakeClock

pytest.importorskip("cryptography")


class Halting(StoredInstallations):
    """Installations that are found once the gate is open."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, [new_key()])
        self.gate = asyncio.Event()
        self.gate.set()

    async def find(self, space: SpaceRef) -> Mapping[str, str] | None:
        await self.gate.wait()
        return await super().find(space)


@dataclass
class Patient:
    """A game that any workspace may install, and the gate before what is known of them."""

    table: SlackTable
    kept: Halting


@pytest.fixture(params=["socket", "http"])
async def patient(request: pytest.FixtureRequest, store: Store) -> AsyncIterator[Patient]:
    kept, states = Halting(store), StoredStates(store, FakeClock())
    socket = request.param == "socket"
    async with slack_table(store, socket=socket, installations=kept, states=states) as made:
        made.slack.unhurried()  # so that what comes in time is Muse's doing
        yield Patient(made, kept)
        kept.gate.set()


async def test_all_that_comes_is_acknowledged_before_it_is_known_and_served_then(
    patient: Patient,
) -> None:
    table, slack, kept = patient.table, patient.table.slack, patient.kept
    ana, bea = slack.member("ana"), slack.member("bea")
    room = slack.channel("room", members=[ana, bea])
    await slack.oauth.install(f"{table.url}/slack/install", ana)
    message = await table.round(ana, room, "a lighthouse")
    added = await slack.click(bea, message, button(message, "Add yours"))
    form = await added.view(lambda view: bool(view.body.get("submit")))
    await slack.oauth.install(f"{table.url}/slack/install", ana)  # what was known is forgotten
    kept.gate.clear()
    acted = await asyncio.gather(
        slack.slash(ana, room, "a moth"),
        slack.mention(ana, room, "a lantern"),
        slack.click(ana, message, votes(message)[0]),
        slack.submit(bea, form, {"text": "It only ever wanted a night light."}),
    )
    assert all(each.ack.ok for each in acted)
    assert not kept.gate.is_set()
    kept.gate.set()
    await acted[2].ephemeral("You voted for 1")
    await table.settle()
    assert "night light" in message.says
    asked = [m.says for m in room.visible if votes(m)]
    assert sum("a moth" in says for says in asked) == 1
    assert sum("a lantern" in says for says in asked) == 1
    assert slack.refusals == []


async def test_where_muse_is_not_installed_everybody_is_told_and_it_is_logged_once(
    patient: Patient, caplog: pytest.LogCaptureFixture
) -> None:
    table, slack = patient.table, patient.table.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    await slack.oauth.install(f"{table.url}/slack/install", ana)
    message = await table.round(ana, room, "a lighthouse")
    added = await slack.click(ana, message, button(message, "Add yours"))
    form = await added.view(lambda view: bool(view.body.get("submit")))
    await table.settle()
    await table.platform.grants.spoilt(slack.workspace.id)  # though Slack takes the token still
    before = len(slack.calls)

    async def refused(acting: Awaitable[Acted]) -> Acted:
        caplog.clear()
        acted = await acting
        assert acted.ack.ok
        await table.platform.settle()
        (told,) = [each for each in caplog.records if each.levelno >= logging.WARNING]
        assert slack.workspace.id in told.getMessage()
        return acted

    await refused(slack.slash(ana, room, "a moth"))
    await refused(slack.click(ana, message, votes(message)[0]))
    await refused(slack.mention(ana, room, "a lantern"))
    sent = await refused(slack.submit(ana, form, {"text": "It only ever wanted a night light."}))
    assert list(sent.errors.values()) == [words.NOT_INSTALLED]
    said = [m.says for m in room.messages.values() if m.ephemeral_to == ana.id]
    assert sum(words.NOT_INSTALLED in each for each in said) == 2
    assert len(slack.calls) == before
    assert "No votes yet" in message.says
