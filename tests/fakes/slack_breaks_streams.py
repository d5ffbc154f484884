"""Breaking the rules of streams, conversations, pins and files."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack_breaks import breaks, client, fine, raw, room, said
from tests.fakes.slack_server import SlackServer
from tests.fakes.slack_state import Channel


async def _streaming(slack: SlackServer) -> tuple[Channel, dict[str, Any]]:
    """A stream that has begun in a thread of a direct message."""
    member = slack.member()
    channel = slack.world.direct(member.team, member.id)
    web = client(slack)
    root = await fine(web.chat_postMessage(channel=channel.id, text="x"))
    begun = await fine(
        web.chat_startStream(channel=channel.id, thread_ts=root["ts"], markdown_text="**Once** ")
    )
    return channel, {"channel": channel.id, "ts": begun["ts"]}


@breaks("stream-thread")
async def _(slack: SlackServer) -> str:
    slack.subscriptions.clear()
    channel, _where = await _streaming(slack)
    headers = {"Authorization": f"Bearer {slack.workspace.bot_token}"}
    sent = {"channel": channel.id, "markdown_text": "x"}
    return str((await raw(slack, "chat.startStream", json=sent, headers=headers))["error"])


async def _in_channel(slack: SlackServer, **recipient: Any) -> str:
    channel = room(slack)
    web = client(slack)
    ts = (await fine(web.chat_postMessage(channel=channel.id, text="x")))["ts"]
    return await said(web.chat_startStream(channel=channel.id, thread_ts=ts, **recipient))


@breaks("stream-user")
async def _(slack: SlackServer) -> str:
    whole = {"recipient_user_id": "U1", "recipient_team_id": slack.workspace.id}
    assert await _in_channel(slack, **whole) == "ok"
    return await _in_channel(slack, recipient_team_id=slack.workspace.id)


@breaks("stream-team")
async def _(slack: SlackServer) -> str:
    return await _in_channel(slack, recipient_user_id="U1")


@breaks("stream-chunks")
async def _(slack: SlackServer) -> str:
    slack.subscriptions.clear()
    _, where = await _streaming(slack)
    good = [{"type": "task_update", "id": "1", "title": "Write", "status": "complete"}]
    await fine(client(slack).chat_appendStream(**where, chunks=good))
    return await said(client(slack).chat_appendStream(**where, chunks=[{"type": "song"}]))


@breaks("stream-length")
async def _(slack: SlackServer) -> str:
    slack.subscriptions.clear()
    _, where = await _streaming(slack)
    await fine(client(slack).chat_appendStream(**where, markdown_text="x" * 12_000))
    return await said(client(slack).chat_appendStream(**where, markdown_text="x" * 12_001))


@breaks("update-streaming")
async def _(slack: SlackServer) -> str:
    slack.subscriptions.clear()
    _, where = await _streaming(slack)
    return await said(client(slack).chat_update(**where, text="y"))


@breaks("stream-open")
async def _(slack: SlackServer) -> str:
    slack.subscriptions.clear()
    channel, where = await _streaming(slack)
    web = client(slack)
    await fine(web.chat_appendStream(**where, chunks=[{"type": "markdown_text", "text": "upon"}]))
    await fine(web.chat_stopStream(**where, markdown_text=" a time"))
    assert channel.visible[-1].text == "**Once** upon a time"
    return await said(web.chat_appendStream(**where, markdown_text="x"))


@breaks("stream-own")
async def _(slack: SlackServer) -> str:
    slack.subscriptions.clear()
    channel, member = room(slack), slack.member()
    theirs = (await slack.say(member, channel, "mine")).said
    assert theirs is not None
    return await said(
        client(slack).chat_appendStream(channel=channel.id, ts=theirs.ts, markdown_text="x")
    )


@breaks("status-thread")
async def _(slack: SlackServer) -> str:
    slack.subscriptions.clear()
    channel, where = await _streaming(slack)
    web = client(slack)
    told: Any = {"channel_id": channel.id, "status": "is writing …"}
    await fine(web.assistant_threads_setStatus(thread_ts=where["ts"], **told))
    return await said(web.assistant_threads_setStatus(thread_ts="1.000001", **told))


@breaks("user-known")
async def _(slack: SlackServer) -> str:
    member = slack.member(tz="Asia/Tokyo", is_restricted=True)
    told = await fine(client(slack).users_info(user=member.id))
    assert (told["user"]["tz"], told["user"]["is_restricted"]) == ("Asia/Tokyo", True)
    elsewhere = slack.member(space=slack.add_workspace("Another"))
    return await said(client(slack).users_info(user=elsewhere.id))


@breaks("user-enabled")
async def _(slack: SlackServer) -> str:
    here, gone = slack.member(), slack.member(deleted=True)
    opened = await fine(client(slack).conversations_open(users=here.id))
    assert slack.world.channels[opened["channel"]["id"]].user == here.id
    return await said(client(slack).conversations_open(users=gone.id))


@breaks("history-joined")
async def _(slack: SlackServer) -> str:
    web = client(slack)
    channel = room(slack)
    for text in ("first", "second"):
        await fine(web.chat_postMessage(channel=channel.id, text=text))
    held = await fine(web.conversations_history(channel=channel.id, limit=1))
    assert [each["text"] for each in held["messages"]] == ["second"]
    assert held["response_metadata"]["next_cursor"]
    return await said(web.conversations_history(channel=room(slack, bot=False).id))


@breaks("thread-known")
async def _(slack: SlackServer) -> str:
    web = client(slack)
    channel = room(slack)
    root = (await fine(web.chat_postMessage(channel=channel.id, text="root")))["ts"]
    note = {"event_type": "round", "event_payload": {"id": "1"}}
    await fine(web.chat_postMessage(channel=channel.id, text="leaf", thread_ts=root, metadata=note))
    asked = web.conversations_replies(channel=channel.id, ts=root, include_all_metadata=True)
    held = (await fine(asked))["messages"]
    assert [each["text"] for each in held] == ["root", "leaf"]
    assert held[1]["metadata"] == note
    return await said(web.conversations_replies(channel=channel.id, ts="1.000001"))


@breaks("join-public")
async def _(slack: SlackServer) -> str:
    return await said(client(slack).conversations_join(channel=room(slack, kind="group").id))


async def _pinned(slack: SlackServer) -> tuple[Channel, str]:
    channel = room(slack)
    ts = (await fine(client(slack).chat_postMessage(channel=channel.id, text="x")))["ts"]
    await fine(client(slack).pins_add(channel=channel.id, timestamp=ts))
    assert channel.pins == [ts]
    return channel, ts


@breaks("pin-once")
async def _(slack: SlackServer) -> str:
    channel, ts = await _pinned(slack)
    return await said(client(slack).pins_add(channel=channel.id, timestamp=ts))


@breaks("pin-known")
async def _(slack: SlackServer) -> str:
    return await said(client(slack).pins_add(channel=room(slack).id, timestamp="1.000001"))


@breaks("pin-there")
async def _(slack: SlackServer) -> str:
    channel, ts = await _pinned(slack)
    await fine(client(slack).pins_remove(channel=channel.id, timestamp=ts))
    return await said(client(slack).pins_remove(channel=channel.id, timestamp=ts))


@breaks("file-uploaded")
async def _(slack: SlackServer) -> str:
    web = client(slack)
    channel = room(slack)
    done = await fine(
        web.files_upload_v2(filename="board.png", content=b"\x89PNG", channel=channel.id)
    )
    assert slack.world.files[done["file"]["id"]].data == b"\x89PNG"
    assert channel.visible[-1].body["files"][0]["name"] == "board.png"
    begun = await fine(web.files_getUploadURLExternal(filename="x.png", length=4))
    return await said(web.files_completeUploadExternal(files=[{"id": begun["file_id"]}]))


@breaks("file-alt")
async def _(slack: SlackServer) -> str:
    web = client(slack)
    asked: Any = {"filename": "x.png", "length": 4}
    await fine(web.files_getUploadURLExternal(**asked, alt_txt="x" * 1_000))
    return await said(web.files_getUploadURLExternal(**asked, alt_txt="x" * 1_001))
