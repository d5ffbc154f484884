"""What else the fake Slack does: it fails on order, knows who is pinged, edits as Slack edits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack_breaks import button_in, client, fine, modal, plain, said, section
from tests.fakes.slack_chat import pinged
from tests.fakes.slack_sample_app import SampleApp, on_socket
from tests.fakes.slack_server import SlackServer
from tests.fakes.slack_state import Channel, Json


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as made:
        yield made


@pytest.fixture
def room(slack: SlackServer) -> Channel:
    return slack.channel("room", [slack.member()])


async def test_errors_are_for_a_method_a_channel_or_a_workspace(
    slack: SlackServer, room: Channel
) -> None:
    other = slack.channel("other")
    elsewhere = slack.add_workspace("Elsewhere")
    web = client(slack)
    slack.faults.error("chat.postMessage", "restricted_action", channel=room, times=1)
    slack.faults.error("auth.test", "account_inactive", team=elsewhere)
    assert await said(web.chat_postMessage(channel=other.id, text="x")) == "ok"
    assert await said(web.chat_postMessage(channel=room.id, text="x")) == "restricted_action"
    assert await said(web.chat_postMessage(channel=room.id, text="x")) == "ok"
    assert await said(web.auth_test()) == "ok"
    assert await said(client(slack, elsewhere.bot_token).auth_test()) == "account_inactive"


async def test_limits_and_broken_servers_answer_by_status(
    slack: SlackServer, room: Channel
) -> None:
    web = client(slack)
    slack.faults.limit("chat.postMessage", seconds=7, times=1)
    slack.faults.status("chat.postMessage", 503, times=1)
    seen = []
    for _ in range(2):
        with pytest.raises(SlackApiError) as refused:
            await web.chat_postMessage(channel=room.id, text="x")
        answer = refused.value.response
        seen.append((answer.status_code, answer["error"], answer.headers.get("Retry-After")))
    assert seen == [(429, "ratelimited", "7"), (503, "service_unavailable", None)]
    assert room.visible == []
    await fine(web.chat_postMessage(channel=room.id, text="x"))


async def test_a_hanging_call_goes_on_when_it_is_released(
    slack: SlackServer, room: Channel
) -> None:
    fault = slack.faults.hang("chat.postMessage", times=1)
    call = asyncio.create_task(client(slack).chat_postMessage(channel=room.id, text="x"))
    await slack.world.until(lambda: fault.met or None, "call that hangs")
    assert room.visible == []
    slack.faults.release()
    await fine(call)
    assert len(room.visible) == 1


async def test_a_lost_reply_was_applied(slack: SlackServer, room: Channel) -> None:
    web = client(slack)
    web.retry_handlers = []
    slack.faults.drop_reply("chat.postMessage", times=1)
    with pytest.raises((aiohttp.ClientOSError, aiohttp.ServerDisconnectedError)):
        await web.chat_postMessage(channel=room.id, text="once")
    assert [each.text for each in room.visible] == ["once"]


async def test_response_urls_and_channels_have_their_limits_too(
    slack: SlackServer, room: Channel
) -> None:
    member = slack.world.members[min(room.members - {slack.workspace.bot_user})]
    url = slack.response_urls.give(room, member)
    webhook = AsyncWebhookClient(url.url)
    slack.faults.limit("response_url", seconds=2, channel=room, times=1)
    limited = await webhook.send(text="x")
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "2")
    assert (await webhook.send(text="x")).status_code == 200
    assert url.uses == 1
    slack.faults.pace("chat.postMessage", per_minute=1, by_channel=True)
    other, web = slack.channel("other"), client(slack)
    posts = [said(web.chat_postMessage(channel=each.id, text="x")) for each in (room, other, room)]
    assert [await each for each in posts] == ["ok", "ok", "ratelimited"]


async def test_a_revoked_token_is_told_and_dead(slack: SlackServer) -> None:
    gone: list[Any] = []
    sample = SampleApp(slack)

    @sample.app.event("tokens_revoked")
    async def revoked(event: Any) -> None:
        gone.append(event["tokens"]["bot"])

    async with on_socket(slack, sample):
        assert (await slack.revoke()).answers[0].ok
        await slack.world.until(lambda: gone or None, "event")
    assert gone == [[slack.workspace.bot_user]]
    assert await said(client(slack).auth_test()) == "token_revoked"


def test_who_is_pinged() -> None:
    marks = "hey <!channel> and <@U1|name>, not <@nobody>, &lt;!here&gt; or @here"
    assert pinged({"text": marks}) == ["!channel", "@U1"]
    assert pinged({"text": marks}, parses=True) == ["!channel", "@U1", "!here"]
    blocks: list[Json] = [
        section("<!here>"),
        {"type": "header", "text": plain("<!everyone>")},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "<!subteam^S1>"}]},
        {"type": "markdown", "text": "<@U2>"},
    ]
    assert pinged({"text": "", "blocks": blocks}) == ["!here", "!subteam^S1", "@U2"]


async def test_pings_are_noted_once_wherever_they_are_written(
    slack: SlackServer, room: Channel
) -> None:
    web = client(slack)
    ts = (await fine(web.chat_postMessage(channel=room.id, text="<!channel> &lt;!here&gt;")))["ts"]
    await fine(web.chat_update(channel=room.id, ts=ts, text="<!channel> <@U1>"))
    assert [(each.ts, each.who) for each in slack.pings] == [(ts, "!channel"), (ts, "@U1")]


async def test_an_update_takes_blocks_away_with_new_text_alone(
    slack: SlackServer, room: Channel
) -> None:
    web = client(slack)
    message = await button_in(slack, room)
    note = {"event_type": "round", "event_payload": {"id": "1"}}
    await fine(web.chat_update(channel=room.id, ts=message.ts, text="x", blocks=[section("y")]))
    await fine(web.api_call("chat.update", json=_at(message, metadata=note)))
    assert (len(message.blocks), message.metadata) == (1, note)
    await fine(web.chat_update(channel=room.id, ts=message.ts, text="bare"))
    assert (message.blocks, message.metadata, message.versions) == ([], note, 4)


def _at(message: Any, **parts: Any) -> Json:
    return {"channel": message.channel, "ts": message.ts} | parts


async def test_the_app_hears_its_own_messages_where_it_is_subscribed(
    slack: SlackServer, room: Channel
) -> None:
    slack.subscriptions.add("message.channels")
    sample = SampleApp(slack)
    async with on_socket(slack, sample):
        web = client(slack)
        ts = (await fine(web.chat_postMessage(channel=room.id, text="x")))["ts"]
        await fine(web.chat_update(channel=room.id, ts=ts, text="y"))
        await slack.deliveries.settle()
        member = slack.world.members[min(room.members - {slack.workspace.bot_user})]
        await slack.say(member, room, "a < b & <@U1>", thread_ts=ts)
    kinds = [each.payload["event"].get("subtype") for each in slack.deliveries.sent]
    assert kinds == [None, "message_changed", None]
    assert sample.events == ["a &lt; b &amp; <@U1>"]  # Bolt leaves out the app's own
    assert slack.refusals == []


async def test_menus_shortcuts_and_closing_are_told_to_the_app(
    slack: SlackServer, room: Channel
) -> None:
    sample = SampleApp(slack)
    heard: list[Any] = []
    _listening(sample, heard)
    member = slack.world.members[min(room.members - {slack.workspace.bot_user})]
    options = [{"text": plain(each), "value": each} for each in ("haiku", "free")]
    kinds = ("static_select", "overflow", "radio_buttons")
    menus = [{"type": kind, "action_id": kind, "options": options} for kind in kinds]
    outside = {"type": "external_select", "action_id": "lens", "min_query_length": 1}
    blocks = [{"type": "actions", "block_id": "menus", "elements": [*menus, outside]}]
    async with on_socket(slack, sample):
        posted = await fine(
            client(slack).chat_postMessage(channel=room.id, text="x", blocks=blocks)
        )
        message = room.messages[posted["ts"]]
        for kind in kinds:
            await slack.choose(member, message, kind, "haiku")
        offered = await slack.options(member, message, "lens", "ni")
        assert offered == [{"text": plain("night"), "value": "night"}]
        await slack.message_shortcut(member, message, "remix")
        view = await (await slack.global_shortcut(member, "note")).view()
        closed = await slack.close(member, view)
        assert closed.ack.ok
    assert heard == ["haiku"] * 3 + ["ni", "x", False]
    assert slack.refusals == []


def _listening(sample: SampleApp, heard: list[Any]) -> None:
    async def chosen(ack: Any, action: Any) -> None:
        await ack()
        heard.append(action["selected_option"]["value"])

    for kind in ("static_select", "overflow", "radio_buttons"):
        sample.app.action(kind)(chosen)

    @sample.app.options("lens")
    async def lens(ack: Any, payload: Any) -> None:
        heard.append(payload["value"])
        await ack(options=[{"text": plain("night"), "value": "night"}])

    @sample.app.shortcut("remix")
    async def remix(ack: Any, shortcut: Any) -> None:
        await ack()
        heard.append(shortcut["message"]["text"])

    @sample.app.shortcut("note")
    async def note(ack: Any, client: Any, body: Any) -> None:
        await ack()
        view = modal(callback_id="note", notify_on_close=True)
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @sample.app.view_closed("note")
    async def closed(ack: Any, body: Any) -> None:
        await ack()
        heard.append(body["is_cleared"])


async def test_what_does_not_come_is_told_with_what_did(slack: SlackServer, room: Channel) -> None:
    await fine(client(slack).chat_postMessage(channel=room.id, text="something else"))
    with pytest.raises(AssertionError, match="something else"):
        await slack.message_in(room, "never said", within=0.05)
