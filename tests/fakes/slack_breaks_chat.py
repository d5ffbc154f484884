"""Breaking the rules of tokens, calls, messages and streams."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.slack_breaks import breaks, client, fine, raw, room, said, section
from tests.fakes.slack_server import SlackServer
from tests.fakes.slack_state import Message


@breaks("token-needed")
async def _(slack: SlackServer) -> str:
    return await said(client(slack, "").auth_test())


@breaks("token-known")
async def _(slack: SlackServer) -> str:
    await fine(client(slack).auth_test())
    return await said(client(slack, "xoxb-unknown").auth_test())


@breaks("token-installed")
async def _(slack: SlackServer) -> str:
    slack.subscriptions.clear()
    await slack.uninstall()
    return await said(client(slack).auth_test())


@breaks("token-unrevoked")
async def _(slack: SlackServer) -> str:
    await fine(client(slack).auth_revoke(test=True))
    await fine(client(slack).auth_revoke())
    return await said(client(slack).auth_test())


@breaks("token-fresh")
async def _(slack: SlackServer) -> str:
    slack.world.tokens[slack.workspace.bot_token].expires = slack.clock.now() + 43_200
    slack.clock.shift(43_100)
    await fine(client(slack).auth_test())
    slack.clock.shift(200)
    return await said(client(slack).auth_test())


@breaks("token-kind")
async def _(slack: SlackServer) -> str:
    web = client(slack)
    await fine(web.apps_connections_open(app_token=slack.app_token))
    assert await said(client(slack, slack.app_token).auth_test()) == "not_allowed_token_type"
    return await said(web.apps_connections_open(app_token=slack.workspace.bot_token))


@breaks("scope")
async def _(slack: SlackServer) -> str:
    other = slack.add_workspace("Another", scopes={"commands"})
    channel = slack.channel("room", space=other)
    web = client(slack, other.bot_token)
    answer = await raw(
        slack,
        "chat.postMessage",
        json={"channel": channel.id, "text": "x"},
        headers={"Authorization": f"Bearer {other.bot_token}"},
    )
    assert (answer["needed"], answer["provided"]) == ("chat:write", "commands")
    return await said(web.chat_postMessage(channel=channel.id, text="x"))


@breaks("method-known")
async def _(slack: SlackServer) -> str:
    return await said(client(slack).api_call("chat.shout"))


@breaks("json-valid")
async def _(slack: SlackServer) -> str:
    headers = {"Content-Type": "application/json"}
    return str((await raw(slack, "api.test", data="{no", headers=headers))["error"])


@breaks("arguments")
async def _(slack: SlackServer) -> str:
    answer = await raw(slack, "chat.postMessage", data={"token": slack.workspace.bot_token})
    told = answer["response_metadata"]["messages"]
    assert told == ["[ERROR] missing required field: channel"]
    return str(answer["error"])


@breaks("pace")
async def _(slack: SlackServer) -> str:
    slack.faults.pace("team.info", per_minute=2)
    web = client(slack)
    await fine(web.team_info())
    await fine(web.team_info())
    refused = await said(web.team_info())
    slack.clock.shift(61)
    await fine(web.team_info())
    return refused


@breaks("channel-known")
async def _(slack: SlackServer) -> str:
    elsewhere = slack.channel("room", space=slack.add_workspace("Another"))
    hidden = slack.channel("secret", kind="group", bot=False)
    web = client(slack)
    assert await said(web.chat_postMessage(channel=hidden.id, text="x")) == "channel_not_found"
    return await said(web.chat_postMessage(channel=elsewhere.id, text="x"))


@breaks("channel-joined")
async def _(slack: SlackServer) -> str:
    channel = room(slack, bot=False)
    refused = await said(client(slack).chat_postMessage(channel=channel.id, text="x"))
    await fine(client(slack).conversations_join(channel=channel.id))
    await fine(client(slack).chat_postMessage(channel=channel.id, text="x"))
    return refused


@breaks("channel-open")
async def _(slack: SlackServer) -> str:
    channel = room(slack)
    channel.archived = True
    return await said(client(slack).chat_postMessage(channel=channel.id, text="x"))


@breaks("text-needed")
async def _(slack: SlackServer) -> str:
    headers = {"Authorization": f"Bearer {slack.workspace.bot_token}"}
    sent = {"channel": room(slack).id}
    return str((await raw(slack, "chat.postMessage", json=sent, headers=headers))["error"])


@breaks("text-length")
async def _(slack: SlackServer) -> str:
    channel = room(slack)
    web = client(slack)
    assert await said(web.chat_postMessage(channel=channel.id, text="x" * 40_000)) == "ok"
    warned = await said(web.chat_postMessage(channel=channel.id, text="x" * 40_001))
    assert len(channel.visible[-1].text) == 40_000
    return warned


@breaks("markdown-alone")
async def _(slack: SlackServer) -> str:
    channel = room(slack).id
    await fine(client(slack).chat_postMessage(channel=channel, markdown_text="**x**"))
    both: Any = {"markdown_text": "**x**", "text": "x"}
    return await said(client(slack).chat_postMessage(channel=channel, **both))


@breaks("blocks-format")
async def _(slack: SlackServer) -> str:
    sent = {"token": slack.workspace.bot_token, "channel": room(slack).id}
    good = await raw(slack, "chat.postMessage", data=sent | {"blocks": json.dumps([section()])})
    assert good["ok"]
    bad = await raw(slack, "chat.postMessage", data=sent | {"blocks": "[{"})
    return str(bad["error"])


@breaks("metadata-form")
async def _(slack: SlackServer) -> str:
    web, channel = client(slack), room(slack)
    good = {"event_type": "round", "event_payload": {"id": "1"}}
    await fine(web.chat_postMessage(channel=channel.id, text="x", metadata=good))
    assert channel.visible[-1].metadata == good
    bad = {"event_type": "round"}
    return await said(web.chat_postMessage(channel=channel.id, text="x", metadata=bad))


@breaks("metadata-size")
async def _(slack: SlackServer) -> str:
    held = {"event_type": "round", "event_payload": {"id": "x" * 8_000}}
    return await said(
        client(slack).chat_postMessage(channel=room(slack).id, text="x", metadata=held)
    )


@breaks("ephemeral-recipient")
async def _(slack: SlackServer) -> str:
    channel, stranger = room(slack), slack.member()
    web = client(slack)
    there = min(channel.members - {slack.workspace.bot_user})
    await fine(web.chat_postEphemeral(channel=channel.id, user=there, text="x"))
    return await said(web.chat_postEphemeral(channel=channel.id, user=stranger.id, text="x"))


@breaks("update-known")
async def _(slack: SlackServer) -> str:
    channel = room(slack)
    web = client(slack)
    posted = await fine(web.chat_postMessage(channel=channel.id, text="x"))
    await fine(web.chat_update(channel=channel.id, ts=posted["ts"], text="y"))
    assert channel.visible[-1].text == "y"
    return await said(web.chat_update(channel=channel.id, ts="1.000001", text="y"))


@breaks("update-ephemeral")
async def _(slack: SlackServer) -> str:
    channel, member = room(slack), slack.member()
    channel.members.add(member.id)
    web = client(slack)
    seen = await fine(web.chat_postEphemeral(channel=channel.id, user=member.id, text="x"))
    return await said(web.chat_update(channel=channel.id, ts=seen["message_ts"], text="y"))


async def _members_message(slack: SlackServer) -> Message:
    slack.subscriptions.clear()
    channel, member = room(slack), slack.member()
    written = (await slack.say(member, channel, "mine")).said
    assert written is not None
    return written


@breaks("update-own")
async def _(slack: SlackServer) -> str:
    theirs = await _members_message(slack)
    return await said(client(slack).chat_update(channel=theirs.channel, ts=theirs.ts, text="y"))


@breaks("update-length")
async def _(slack: SlackServer) -> str:
    channel = room(slack).id
    web = client(slack)
    ts = (await fine(web.chat_postMessage(channel=channel, text="x")))["ts"]
    await fine(web.chat_update(channel=channel, ts=ts, text="x" * 4_000))
    return await said(web.chat_update(channel=channel, ts=ts, text="x" * 4_001))


@breaks("update-open")
async def _(slack: SlackServer) -> str:
    channel = room(slack)
    posted = await fine(client(slack).chat_postMessage(channel=channel.id, text="x"))
    channel.archived = True
    return await said(client(slack).chat_update(channel=channel.id, ts=posted["ts"], text="y"))


@breaks("delete-known")
async def _(slack: SlackServer) -> str:
    channel = room(slack)
    web = client(slack)
    ts = (await fine(web.chat_postMessage(channel=channel.id, text="x")))["ts"]
    await fine(web.chat_delete(channel=channel.id, ts=ts))
    assert channel.visible == []
    return await said(web.chat_delete(channel=channel.id, ts=ts))


@breaks("delete-own")
async def _(slack: SlackServer) -> str:
    theirs = await _members_message(slack)
    return await said(client(slack).chat_delete(channel=theirs.channel, ts=theirs.ts))
