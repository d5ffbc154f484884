"""Who gets in: signatures and their age, forged states, installing and being removed."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.storage.client import Store
from bot.storage.installations import StoredInstallations, StoredStates, new_key
from bot.web import LONGEST_BODY
from tests.e2e.slack_table import SlackTable, slack_table, votes
from tests.support import FakeClock

pytest.importorskip("cryptography")


@pytest.fixture
async def one(store: Store) -> AsyncIterator[SlackTable]:
    """One workspace, over signed HTTP."""
    async with slack_table(store, socket=False) as made:
        yield made


@pytest.fixture(params=["socket", "http"])
async def many(request: pytest.FixtureRequest, store: Store) -> AsyncIterator[SlackTable]:
    """A game that any workspace may install; nobody has yet."""
    kept = StoredInstallations(store, [new_key()])
    states = StoredStates(store, FakeClock())
    socket = request.param == "socket"
    async with slack_table(store, socket=socket, installations=kept, states=states) as made:
        yield made


async def test_a_bad_signature_and_an_old_one_are_refused_and_change_nothing(
    one: SlackTable, caplog: pytest.LogCaptureFixture
) -> None:
    slack = one.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    message = await one.round(ana, room, "a lighthouse")
    for forgery in ({"secret": "another"}, {"signature": "v0=00"}, {"age": 301.0}):
        caplog.clear()
        with slack.deliveries.forging(**forgery):
            clicked = await slack.click(ana, message, votes(message)[0])
            assert clicked.ack.status == 401
        told = [each for each in caplog.records if each.levelno >= logging.WARNING]
        assert len(told) == 1
        assert "signature" in told[0].getMessage()
    await one.settle()
    assert "No votes yet" in message.says


async def test_what_is_too_large_or_strange_is_refused(one: SlackTable) -> None:
    address = f"{one.url}/slack/events"
    async with aiohttp.ClientSession() as stranger:
        async with stranger.post(address, data=io.BytesIO(b"x" * (LONGEST_BODY + 1))) as answer:
            assert answer.status == 413
        for headers in ({}, {"X-Slack-Request-Timestamp": "soon"}):
            async with stranger.post(address, data=b"payload=%7B%7D", headers=headers) as answer:
                assert answer.status == 401
        body = b"payload=not-json"
        good = one.slack.http.headers(body.decode(), "application/x-www-form-urlencoded")
        async with stranger.post(address, data=body, headers=good) as answer:
            assert answer.status == 400


async def test_slack_checks_the_address(one: SlackTable) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"})
    headers = one.slack.http.headers(body, "application/json")
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{one.url}/slack/events", data=body, headers=headers) as answer,
    ):
        assert answer.status == 200
        assert "abc" in await answer.text()


async def test_a_workspace_installs_plays_and_is_forgotten(many: SlackTable) -> None:
    slack, store = many.slack, many.store
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    slack.workspace.installed = False
    status, page = await slack.oauth.install(f"{many.url}/slack/install", ana)
    assert status == 200, page
    kept = await store.call("GET", f"installation:slack:{slack.workspace.id}")
    assert slack.workspace.bot_token not in str(kept)

    message = await many.round(ana, room, "a lighthouse")
    clicked = await slack.click(ana, message, votes(message)[0])
    await clicked.ephemeral("You voted for 1")
    await slack.uninstall()
    await many.settle()
    assert await store.call("GET", f"installation:slack:{slack.workspace.id}") is None
    before = len(slack.calls)
    refused = await slack.click(ana, message, votes(message)[1])
    assert refused.ack.ok
    await many.platform.settle()
    assert len(slack.calls) == before


async def test_a_workspace_that_is_left_is_forgotten_after_thirty_days(many: SlackTable) -> None:
    slack, store, space = many.slack, many.store, f"space:slack:{many.slack.workspace.id}"
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    for _ in range(2):  # whoever comes back in time keeps everything
        await slack.oauth.install(f"{many.url}/slack/install", ana)
        await many.round(ana, room, "a lighthouse")
        asked = await slack.dm(ana, "a moth")
        await many.opened(asked)
        alone = f"{space}:{slack.world.direct(ana.team, ana.id).id}"
        await slack.uninstall()
        many.clock.shift(timedelta(days=29))
        await many.settle()
        assert await store.call("EXISTS", space)
        assert await store.call("EXISTS", alone)
    many.clock.shift(timedelta(days=2))
    await many.settle()
    assert not await store.call("EXISTS", space)
    assert not await store.call("EXISTS", alone)


async def test_an_organisation_takes_its_workspaces_along(many: SlackTable) -> None:
    slack, store, space = many.slack, many.store, f"space:slack:{many.slack.workspace.id}"
    slack.workspace.organisation = "E0FAKE"
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    for _ in range(2):  # whoever comes back in time keeps everything
        status, page = await slack.oauth.install(f"{many.url}/slack/install", ana)
        assert status == 200, page
        await many.round(ana, room, "a lighthouse")
        asked = await slack.dm(ana, "a moth")
        await many.opened(asked)
        alone = f"{space}:{slack.world.direct(ana.team, ana.id).id}"
        many.clock.shift(timedelta(days=31))
        await many.settle()
        assert await store.call("EXISTS", space)
        await slack.uninstall()
        assert await store.call("GET", "installation:slack:E0FAKE") is None
        many.clock.shift(timedelta(days=29))
        await many.settle()
        assert await store.call("EXISTS", space)
        assert await store.call("EXISTS", alone)
    many.clock.shift(timedelta(days=2))
    await many.settle()
    assert await store.call("KEYS", "*slack:*") == []


async def test_what_an_organisation_takes_away_is_left_and_its_other_workspaces_stay(
    many: SlackTable,
) -> None:
    slack, store, space = many.slack, many.store, f"space:slack:{many.slack.workspace.id}"
    slack.workspace.organisation = "E0FAKE"
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    own = slack.add_workspace("Of its own", installed=False)
    eve = slack.member("eve", own)
    theirs = slack.channel("theirs", [eve], own)
    for visitor in (ana, eve):
        status, page = await slack.oauth.install(f"{many.url}/slack/install", visitor)
        assert status == 200, page
    await many.round(eve, theirs, "a moth")
    for _ in range(2):  # whoever is let in again in time keeps everything
        slack.workspace.installed = True
        await many.round(ana, room, "a lighthouse")
        told = await slack.withdraw(slack.workspace, own)
        assert told.answers[-1].ok
        assert await store.call("GET", f"installation:slack:{slack.workspace.id}") is None
        many.clock.shift(timedelta(days=29))
        await many.settle()
        assert await store.call("EXISTS", space)
    many.clock.shift(timedelta(days=2))
    await many.settle()
    assert not await store.call("EXISTS", space)
    assert await store.call("GET", "installation:slack:E0FAKE")
    # Who installed Muse themselves are not the organisation's to take away.
    assert await store.call("GET", f"installation:slack:{own.id}")
    assert await store.call("EXISTS", f"space:slack:{own.id}")


async def test_an_uninstall_in_the_middle_leaves_the_round_to_be_shown_later(
    many: SlackTable,
) -> None:
    slack = many.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    await slack.oauth.install(f"{many.url}/slack/install", ana)
    many.writer.gate.clear()
    asked = await slack.slash(ana, room, "a lighthouse")
    message = await asked.message("being written")
    await slack.uninstall()
    many.writer.gate.set()
    await many.slack.deliveries.settle()
    await slack.oauth.install(f"{many.url}/slack/install", ana)
    for _ in range(20):
        many.clock.shift(timedelta(seconds=30))
        await many.settle()
        if votes(message) and len(votes(message)) == 4:
            break
        await asyncio.sleep(0.05)
    assert len(votes(message)) == 4
    assert len([m for m in room.visible if votes(m)]) == 1


async def test_a_forged_state_installs_nothing(
    many: SlackTable, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    slack = many.slack
    other = slack.add_workspace("Elsewhere", installed=False)
    eve = slack.member("eve", other)
    status, _ = await slack.oauth.install(f"{many.url}/slack/install", eve, state="forged")
    assert status >= 400
    assert not slack.called("oauth.v2.access")
    told = [each for each in caplog.records if "was refused" in each.getMessage()]
    assert len(told) == 1
    async with aiohttp.ClientSession() as browser:  # the cookie alone is not enough
        cookie = {"Cookie": "slack-app-oauth-state=forged"}
        back = f"{many.url}/slack/oauth_redirect?state=forged&code=any"
        async with browser.get(back, headers=cookie) as page:
            assert page.status == 401
    assert not slack.called("oauth.v2.access")
    assert await many.store.call("GET", f"installation:slack:{other.id}") is None


async def test_two_workspaces_keep_to_themselves(many: SlackTable) -> None:
    slack = many.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    other = slack.add_workspace("Elsewhere", installed=False)
    eve = slack.member("eve", other)
    theirs = slack.channel("theirs", [eve], other)
    for visitor in (ana, eve):
        status, _ = await slack.oauth.install(f"{many.url}/slack/install", visitor)
        assert status == 200
    ours = await many.round(ana, room, "a lighthouse")
    await many.round(eve, theirs, "a moth")
    placed = (await slack.say(eve, theirs, "look")).said
    assert placed is not None
    placed.body["blocks"] = ours.body["blocks"]
    clicked = await slack.click(eve, placed, votes(ours)[0])
    told = await clicked.ephemeral()
    await many.settle()
    assert "You voted" not in told.says
    assert "No votes yet" in ours.says


async def test_a_token_is_renewed_before_it_ends(many: SlackTable) -> None:
    slack = many.slack
    slack.oauth.rotation = True
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    await slack.oauth.install(f"{many.url}/slack/install", ana)
    first = slack.workspace.bot_token
    await many.round(ana, room, "a lighthouse")
    slack.clock.shift(11 * 3600)
    many.clock.shift(timedelta(hours=11))
    await many.round(ana, room, "a moth")
    assert slack.workspace.bot_token != first
    held = await many.platform.grants.grant(slack.workspace.id)
    assert held.token == slack.workspace.bot_token
    assert slack.workspace.bot_token not in repr(held)
