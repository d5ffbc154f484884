"""Bolt's OAuth flow installs itself in workspaces of the fake Slack, and leaves them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack_server import SlackServer

#: slack_sdk 3.47 still hands its client id and secret to aiohttp by this class.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as made:
        yield made


@pytest.fixture
async def site(slack: SlackServer, tmp_path: Path) -> AsyncIterator[str]:
    """An app for many workspaces, which answers mentions; gives where it is."""
    settings = AsyncOAuthSettings(
        client_id=slack.oauth.client_id,
        client_secret=slack.oauth.client_secret,
        scopes=["app_mentions:read", "chat:write", "commands"],
        authorization_url=slack.authorize_url,
        installation_store=FileInstallationStore(base_dir=str(tmp_path / "installed")),
        state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path / "states")),
    )
    app = AsyncApp(
        signing_secret=slack.http.signing_secret,
        client=AsyncWebClient(base_url=slack.api_url),
        oauth_settings=settings,
    )

    @app.event("app_mention")
    async def mentioned(say: Any) -> None:
        await say("Yes?")

    app.enable_token_revocation_listeners()
    runner = web.AppRunner(app.web_app(path="/slack/events"), shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    slack.use_http(f"{base}/slack/events")
    slack.oauth.redirect_urls = [f"{base}/slack/oauth_redirect"]
    yield base
    await slack.deliveries.settle()
    await runner.cleanup()


async def test_an_app_comes_to_several_workspaces_and_leaves_one(
    slack: SlackServer, site: str
) -> None:
    spaces = [slack.add_workspace(name, installed=False) for name in ("First", "Second")]
    rooms = []
    for space in spaces:
        visitor = slack.member(space=space)
        status, _page = await slack.oauth.install(f"{site}/slack/install", visitor)
        assert (status, space.installed) == (200, True)
        rooms.append((visitor, slack.channel("room", [visitor], space=space)))
    assert spaces[0].bot_token != spaces[1].bot_token
    for (visitor, room), space in zip(rooms, spaces, strict=True):
        answered = await (await slack.mention(visitor, room, "hello")).message("Yes?")
        assert answered.user == space.bot_user
    told = await slack.uninstall(spaces[0])
    assert all(each.answers[0].ok for each in told)
    after = await slack.mention(*rooms[1], "still there?")
    assert (await after.message("Yes?")).user == spaces[1].bot_user
    assert (await slack.mention(*rooms[0], "and here?")).acks == []  # nobody is told any more


async def test_a_forged_state_installs_nothing(slack: SlackServer, site: str) -> None:
    space = slack.add_workspace("First", installed=False)
    visitor = slack.member(space=space)
    status, _page = await slack.oauth.install(f"{site}/slack/install", visitor, state="forged")
    assert status == 400
    assert not space.installed
    slack.oauth.consents = "deny"
    _status, page = await slack.oauth.install(f"{site}/slack/install", visitor)
    assert "access_denied" in page
    assert not space.installed
