"""Slack is away as Muse starts: it is tried again, and whoever ends Muse does not wait for it."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack import reaching
from adapters.slack.platform import SlackOptions, SlackPlatform
from adapters.slack.reaching import reached
from adapters.slack.troubles import RateLimited
from bot.errors import SetupError, StageFailed
from bot.storage.client import Store
from tests.e2e.slack_table import slack_table
from tests.fakes.slack_server import SlackServer
from tests.support import FakeClock, Table


def _busy(slack: SlackServer) -> None:
    slack.faults.status("auth.test", 503, times=2)


def _broken(slack: SlackServer) -> None:
    slack.faults.error("apps.connections.open", "internal_error", times=2)


@pytest.mark.parametrize(
    ("socket", "before", "asked"),
    [
        (True, _busy, "auth.test"),
        (False, _busy, "auth.test"),
        (True, _broken, "apps.connections.open"),
    ],
)
async def test_it_is_tried_again_until_it_answers(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    socket: bool,
    before: object,
    asked: str,
) -> None:
    monkeypatch.setattr(reaching, "FIRST_PAUSE", 0.01)
    assert callable(before)
    async with slack_table(store, socket=socket, before=before) as table:
        slack = table.slack
        assert len(slack.called(asked)) >= 3
        ana = slack.member("ana")
        assert await table.round(ana, slack.channel("room", [ana]), "a lighthouse")


async def test_a_token_that_slack_does_not_take_is_for_people_to_mend(table: Table) -> None:
    async with SlackServer() as slack:
        options = SlackOptions(
            bot_token=slack.workspace.bot_token, app_token="xapp-unknown", api_url=slack.api_url
        )
        platform = SlackPlatform(options, FakeClock())
        with pytest.raises(SetupError, match=r"does not take SLACK_APP_TOKEN \(invalid_auth\)"):
            await platform.run(table.muse.app, asyncio.Event())
        await platform.close()


async def test_whoever_ends_it_does_not_wait_for_slack(table: Table) -> None:
    async with SlackServer() as slack:
        slack.faults.hang("auth.test")
        options = SlackOptions(
            bot_token=slack.workspace.bot_token, app_token=slack.app_token, api_url=slack.api_url
        )
        platform, stop = SlackPlatform(options, FakeClock()), asyncio.Event()
        running = asyncio.create_task(platform.run(table.muse.app, stop))
        await asyncio.sleep(0.05)
        assert not running.done()
        stop.set()
        async with asyncio.timeout(5):
            await running
        await platform.close()


async def test_slack_is_given_the_time_that_it_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "FIRST_PAUSE", 0.01)
    tries: list[float] = []

    async def ask() -> None:
        tries.append(asyncio.get_running_loop().time())
        if len(tries) == 1:
            raise RateLimited(0.2)
        if len(tries) == 2:
            raise StageFailed("Slack did not answer.")

    assert await reached(ask, asyncio.Event())
    assert len(tries) == 3
    assert tries[1] - tries[0] >= 0.2
