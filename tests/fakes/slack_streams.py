"""chat.startStream, appendStream and stopStream: a reply that grows as it is written.

https://docs.slack.dev/reference/methods/chat.startStream; the chunks are those that slack_sdk's
`chat_stream` sends: markdown_text, task_update, plan_update, blocks.
"""

from __future__ import annotations

from tests.fakes.slack_blocks import named, problems, refuse
from tests.fakes.slack_chat import MARKDOWN_MOST, content, own, rewrite, write
from tests.fakes.slack_rules import Refused
from tests.fakes.slack_state import Json
from tests.fakes.slack_web_api import Call, method

_CHUNKS = {
    "markdown_text": ("text",),
    "task_update": ("id", "title", "status"),
    "plan_update": ("title",),
    "blocks": ("blocks",),
}


def _grown(call: Call, body: Json) -> Json:
    """The body with what this call appends."""
    said = call.text("markdown_text")
    added: list[Json] = []
    chunks = call.json("chunks") or []
    if not isinstance(chunks, list):
        raise Refused("stream-chunks")
    for chunk in chunks:
        needs = _CHUNKS.get(str(chunk.get("type"))) if isinstance(chunk, dict) else None
        if needs is None or any(chunk.get(key) in (None, "") for key in needs):
            raise Refused("stream-chunks")
        if chunk["type"] == "markdown_text":
            said += str(chunk["text"])
        elif chunk["type"] == "blocks":
            added += chunk["blocks"]
    if len(said) > MARKDOWN_MOST:
        raise Refused("stream-length")
    refuse(problems(added, "message", call.slack.file_ids()), "invalid_blocks")
    grown: Json = {"text": str(body.get("text") or "") + said}
    blocks = [*(body.get("blocks") or []), *named(added, call.slack.numbers)]
    if blocks:
        grown["blocks"] = blocks
    return grown


@method("chat.startStream", "chat:write")
def start(call: Call) -> Json:
    channel = call.channel()
    if not call.text("thread_ts"):
        said = "[ERROR] missing required field: thread_ts"
        raise Refused("stream-thread", messages=[said])
    if channel.archived:
        raise Refused("channel-open")
    if call.space.bot_user not in channel.members:
        raise Refused("channel-joined")
    if channel.kind != "im":
        if not call.text("recipient_user_id"):
            raise Refused("stream-user")
        if not call.text("recipient_team_id"):
            raise Refused("stream-team")
    grown = _grown(call, {})
    thread = call.text("thread_ts")
    message = write(call.slack, call.space, channel, grown, thread_ts=thread)
    message.streaming = True
    return {"channel": channel.id, "ts": message.ts}


@method("chat.appendStream", "chat:write")
def append(call: Call) -> Json:
    channel, message = own(call, "update-known", "stream-own")
    if not message.streaming:
        raise Refused("stream-open")
    rewrite(call.slack, message, _grown(call, message.body))
    return {"channel": channel.id, "ts": message.ts}


@method("chat.stopStream", "chat:write")
def stop(call: Call) -> Json:
    channel, message = own(call, "update-known", "stream-own")
    if not message.streaming:
        raise Refused("stream-open")
    grown = _grown(call, message.body)
    given = {"blocks": call.json("blocks"), "metadata": call.json("metadata")}
    last = content(call.slack, {k: v for k, v in given.items() if v}, call.warnings.append)
    if "blocks" in last:
        last["blocks"] = [*(grown.get("blocks") or []), *last["blocks"]]
    message.streaming = False
    rewrite(call.slack, message, grown | last)
    return {"channel": channel.id, "ts": message.ts, "message": message.body}
