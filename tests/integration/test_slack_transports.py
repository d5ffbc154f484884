"""slack_bolt's AsyncApp plays with the fake Slack: on Socket Mode, and over signed HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from tests.fakes.slack_acted import CannotDo
from tests.fakes.slack_sample_app import SampleApp, on_http, on_socket
from tests.fakes.slack_server import SlackServer


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as made:
        yield made


@pytest.fixture
def heard(slack: SlackServer) -> SampleApp:
    return SampleApp(slack)


@pytest.fixture(params=["socket", "http"])
async def playing(
    request: pytest.FixtureRequest, slack: SlackServer, heard: SampleApp
) -> AsyncIterator[None]:
    ways: Any = {"socket": on_socket, "http": on_http}
    async with ways[request.param](slack, heard):
        yield


@pytest.mark.usefixtures("playing")
async def test_a_round_a_vote_and_a_form(slack: SlackServer) -> None:
    member, other = slack.member(), slack.member()
    room = slack.channel("room", members=[member, other])

    asked = await slack.slash(member, room, "the last lighthouse")
    assert asked.ack.ok
    posted = await asked.message("lighthouse")
    assert posted.text == "the last lighthouse"

    clicked = await slack.click(other, posted, "vote")
    receipt = await clicked.ephemeral("Your vote")
    assert receipt.says == "Your vote: round-1.1"
    assert receipt.ephemeral_to == other.id
    assert receipt not in room.visible

    opening = await slack.slash(member, room, "form")
    view = await opening.view("A round")  # opened as “Wait”, then filled
    refused = await slack.submit(member, view, {"prompt": "no"})
    assert refused.errors == view.errors == {"prompt": "Say more."}
    assert view.open
    done = await slack.submit(member, view, {"prompt": "a sea of paper"})
    assert not view.open
    assert "Asked: a sea of paper" in (await done.message("Asked")).text

    await slack.open_home(member)
    home = await slack.home_of(member)
    await slack.click(member, home, "vote")
    shortcut = await slack.global_shortcut(other, "ask-anywhere")
    assert (await shortcut.view()).user == other.id
    assert slack.refusals == []
    assert slack.pings == []


@pytest.mark.usefixtures("playing")
async def test_what_is_sent_three_times_is_answered_three_times(
    slack: SlackServer, heard: SampleApp
) -> None:
    member = slack.member()
    room = slack.channel("room", members=[member])
    slack.deliveries.copies = 3
    mentioned = await slack.mention(member, room, "hello")
    assert [ack.ok for ack in mentioned.acks] == [True] * 3
    await slack.world.until(lambda: len(heard.events) == 3 or None, "three events")
    assert sorted(set(heard.retries) - {"0"}) == ["1", "2"]  # a socket counts the first as 0
    event_ids = {each.payload["event_id"] for each in slack.deliveries.sent}
    assert len(event_ids) == 1
    slack.deliveries.copies = 1
    posted = await (await slack.slash(member, room, "again")).message("again")
    clicked = await slack.click(member, posted, "vote")
    assert (await clicked.replay()).ok
    await slack.world.until(lambda: len(heard.votes) == 2 or None, "two votes")
    assert clicked.delivery is not None
    assert len(clicked.delivery.answers) == 2


@pytest.mark.usefixtures("playing")
async def test_an_event_without_an_answer_is_sent_again_until_it_has_one(
    slack: SlackServer, heard: SampleApp
) -> None:
    member = slack.member()
    room = slack.channel("room", members=[member])
    slow: list[int] = []

    @heard.app.middleware
    async def hold(next: Any) -> None:  # noqa: A002 - Bolt's own name
        slow.append(1)
        if len(slow) < 3:
            await asyncio.sleep(60)
        await next()

    slack.deliveries.window, slack.deliveries.pauses = 0.3, (0.0, 0.0, 0.0)
    mentioned = await slack.mention(member, room, "hello")
    *late, last = mentioned.acks
    assert last.ok
    assert len(late) >= 2
    assert {ack.error for ack in late} == {"http_timeout"}
    assert int(heard.retries[-1]) >= 2
    assert {each.rule for each in slack.refusals} == {"event-answer"}


@pytest.mark.usefixtures("playing")
async def test_who_is_not_answered_in_time_sees_an_error(
    slack: SlackServer, heard: SampleApp
) -> None:
    member = slack.member()
    room = slack.channel("room", members=[member])

    @heard.app.command("/slow")
    async def slow(ack: Any) -> None:
        await asyncio.sleep(1)
        await ack()

    slack.deliveries.window = 0.2
    asked = await slack.slash(member, room, "x", command="/slow")
    assert (asked.ack.ok, asked.seen_error, len(asked.acks)) == (False, "operation_timeout", 1)


async def test_a_refresh_moves_the_app_to_a_new_connection(
    slack: SlackServer, heard: SampleApp
) -> None:
    member = slack.member()
    room = slack.channel("room", members=[member])
    async with on_socket(slack, heard):
        await slack.socket.ping()
        for reason in ("warning", "refresh_requested"):
            before = slack.socket.opened
            await slack.socket.disconnect(reason)
            await slack.socket.connected()
            assert slack.socket.opened == before + 1
            assert (await slack.slash(member, room, reason)).ack.ok
        await slack.socket.drop()
        assert (await slack.slash(member, room, "after the drop")).ack.ok
    assert slack.refusals == []


async def test_several_connections_share_what_is_sent(slack: SlackServer, heard: SampleApp) -> None:
    member = slack.member()
    room = slack.channel("room", members=[member])
    other = AsyncSocketModeHandler(SampleApp(slack).app, slack.app_token, ping_interval=0.2)
    async with on_socket(slack, heard):
        await other.client.connect()  # type: ignore[no-untyped-call] # Bolt's handler has no types
        await slack.socket.connected(2)
        for each in range(4):
            assert (await slack.slash(member, room, f"number {each}")).ack.ok
        await other.client.close()  # type: ignore[no-untyped-call] # nor has its client
        assert (await slack.slash(member, room, "the one that is left")).ack.ok


async def test_requests_are_signed_and_bad_signatures_can_be_sent(
    slack: SlackServer, heard: SampleApp
) -> None:
    member = slack.member()
    room = slack.channel("room", members=[member])
    async with on_http(slack, heard):
        assert await slack.http.verify()
        for forged in ({"signature": "v0=bad"}, {"secret": "another"}, {"age": 301.0}):
            with slack.deliveries.forging(**forged):
                asked = await slack.slash(member, room, "forged")
                posted = await slack.mention(member, room, "forged")
            assert asked.ack.status == posted.ack.status == 401
            assert len(posted.acks) == 4
        asked = await slack.slash(member, room, "true")
        assert asked.ack.ok
        await asked.message("true")
    assert heard.events == []
    assert len(slack.called("chat.postMessage")) == 1


async def test_a_member_can_do_only_what_is_offered(slack: SlackServer, heard: SampleApp) -> None:
    member, other = slack.member(), slack.member()
    room = slack.channel("room", members=[member, other])
    async with on_socket(slack, heard):
        posted = await (await slack.slash(member, room, "a round")).message()
        with pytest.raises(CannotDo, match=r"there are: entry-1/vote"):
            await slack.click(member, posted, "unvote")
        view = await (await slack.slash(member, room, "form")).view("A round")
        for values in ({}, {"prompt": "x" * 21}, {"nothing": "x"}, {"prompt": ""}):
            with pytest.raises(CannotDo):
                await slack.submit(member, view, values)
        await slack.close(member, view)
        with pytest.raises(CannotDo):
            await slack.submit(member, view, {"prompt": "x"})


async def test_the_app_is_told_that_it_is_uninstalled(slack: SlackServer, heard: SampleApp) -> None:
    gone: list[str] = []
    heard.app.event("app_uninstalled")(_noting(gone))
    heard.app.event("tokens_revoked")(_noting(gone))
    async with on_socket(slack, heard):
        member = slack.member()
        room = slack.channel("room", members=[member])
        assert (await slack.slash(member, room, "before")).ack.ok
        told = await slack.uninstall()
        assert [each.answers[0].ok for each in told] == [True, True]
        await slack.world.until(lambda: len(gone) == 2 or None, "two events")
    assert gone == ["tokens_revoked", "app_uninstalled"]


def _noting(gone: list[str]) -> Any:
    async def note(event: Any) -> None:
        gone.append(event["type"])

    return note
