"""chat.*: posting, updating, deleting, ephemerals; and who a text would ping.

https://docs.slack.dev/reference/methods#chat. `write` is the one place where a message of the
app's comes to be: by a method, by a `response_url`, or by the answer to a slash command.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.slack_blocks import named, problems, refuse
from tests.fakes.slack_rules import Refused
from tests.fakes.slack_state import Channel, Json, Message, Workspace
from tests.fakes.slack_web_api import Call, by_kind, method

if TYPE_CHECKING:
    from tests.fakes.slack_core import SlackCore

TEXT_MOST = 40_000
UPDATE_MOST = 4_000
MARKDOWN_MOST = 12_000
METADATA_BYTES = 8_000
#: https://docs.slack.dev/messaging/formatting-message-text: mentions in angle brackets.
_MENTION = re.compile(r"<(!channel|!here|!everyone|!subteam\^\w+|@[UW]\w+)(?:\|[^>]*)?>")
#: With `parse=full` or `link_names` the plain words mention too.
_NAME = re.compile(r"(?<![\w<])@(channel|here|everyone)\b")


@dataclass(frozen=True, slots=True)
class Ping:
    """Somebody who was notified: `!channel`, `!here`, `!everyone`, `!subteam^…` or `@U…`."""

    channel: str
    ts: str
    who: str


def pinged(body: Json, *, parses: bool = False) -> list[str]:
    """Whom a message notifies: the mentions in its text and in its blocks' mrkdwn."""
    said = [str(body.get("text") or ""), *_marked(body.get("blocks") or [])]
    found = [hit for each in said for hit in _MENTION.findall(each)]
    if parses:
        found += [f"!{hit}" for each in said for hit in _NAME.findall(each)]
    return list(dict.fromkeys(found))


def _marked(part: Any) -> list[str]:
    """Every text in blocks that is marked up."""
    if isinstance(part, list):
        return [one for each in part for one in _marked(each)]
    if not isinstance(part, dict):
        return []
    if part.get("type") in ("mrkdwn", "markdown") and isinstance(part.get("text"), str):
        return [part["text"]]
    return [one for value in part.values() for one in _marked(value)]


def content(slack: SlackCore, given: Json, warn: Callable[[str], object]) -> Json:
    """What a message is to hold, checked; raises `Refused`. Keys that were not given are absent."""
    held: Json = {}
    blocks, markdown = given.get("blocks"), given.get("markdown_text")
    if markdown and (given.get("text") or blocks):
        raise Refused("markdown-alone")
    if markdown and len(str(markdown)) > MARKDOWN_MOST:
        raise Refused("stream-length")
    text = given.get("text") if markdown is None else markdown
    if text is not None:
        text = str(text)
        if len(text) > TEXT_MOST:
            slack.world.refuse(Refused("text-length"), "chat")
            warn("message_truncated")
        held["text"] = text[:TEXT_MOST]
    if blocks is not None:
        if not isinstance(blocks, list) or not all(isinstance(each, dict) for each in blocks):
            raise Refused("blocks-format")
        refuse(problems(blocks, "message", slack.file_ids()), "invalid_blocks")
        held["blocks"] = named(blocks, slack.numbers)
    if given.get("attachments"):
        held["attachments"] = given["attachments"]
    if (metadata := given.get("metadata")) is not None:
        held["metadata"] = _metadata(metadata)
    return held


def _metadata(held: Any) -> Json:
    """https://docs.slack.dev/messaging/message-metadata; an empty object takes it away."""
    if held == {}:
        return {}
    if not isinstance(held, dict) or not isinstance(held.get("event_type"), str):
        raise Refused("metadata-form")
    if not isinstance(held.get("event_payload"), dict):
        raise Refused("metadata-form")
    if len(json.dumps(held).encode()) > METADATA_BYTES:
        raise Refused("metadata-size")
    return dict(held)


def write(
    slack: SlackCore,
    space: Workspace,
    channel: Channel,
    held: Json,
    *,
    ephemeral_to: str | None = None,
    thread_ts: str | None = None,
    parses: bool = False,
) -> Message:
    """Posts a message of the app's."""
    ts = slack.world.ts()
    body: Json = {
        "type": "message",
        "user": space.bot_user,
        "bot_id": space.bot_id,
        "app_id": slack.app_id,
        "team": space.id,
        "text": "",
        "ts": ts,
    } | held
    if thread_ts:
        body["thread_ts"] = thread_ts
    message = Message(channel.id, ts, body, slack.world.touch(), ephemeral_to)
    channel.messages[ts] = message
    slack.pings += [Ping(channel.id, ts, who) for who in pinged(body, parses=parses)]
    if ephemeral_to is None:
        slack.echo(channel, message)
    return message


def rewrite(slack: SlackCore, message: Message, held: Json) -> None:
    """Changes a message. Text without blocks takes the blocks away.

    https://docs.slack.dev/reference/methods/chat.update, the argument `blocks`.
    """
    before = set(pinged(message.body))
    if "text" in held and "blocks" not in held:
        message.body.pop("blocks", None)
    message.body |= held
    if not message.body.get("metadata"):
        message.body.pop("metadata", None)
    message.body["edited"] = {"user": message.user, "ts": slack.world.ts()}
    message.versions += 1
    message.at = slack.world.touch()
    added = [who for who in pinged(message.body) if who not in before]
    slack.pings += [Ping(message.channel, message.ts, who) for who in added]
    if message.ephemeral_to is None:
        slack.echo(slack.world.channels[message.channel], message, changed=True)


def remove(slack: SlackCore, message: Message) -> None:
    message.deleted = True
    message.at = slack.world.touch()


def _held(call: Call) -> Json:
    given = {
        "text": call.args.get("text"),
        "markdown_text": call.args.get("markdown_text"),
        "blocks": call.json("blocks"),
        "attachments": call.json("attachments"),
        "metadata": call.json("metadata"),
    }
    return content(
        call.slack, {k: v for k, v in given.items() if v is not None}, call.warnings.append
    )


def _may_post(call: Call) -> Channel:
    channel = call.channel()
    if channel.archived:
        raise Refused("channel-open")
    # https://docs.slack.dev/reference/scopes/chat.write.public
    anywhere = channel.kind == "channel" and "chat:write.public" in call.scopes
    if call.space.bot_user not in channel.members and not anywhere:
        raise Refused("channel-joined")
    return channel


def _parses(call: Call) -> bool:
    return call.text("parse") == "full" or call.flag("link_names")


def _with_content(call: Call) -> Json:
    held = _held(call)
    if not any(held.get(key) for key in ("text", "blocks", "attachments")):
        raise Refused("text-needed")
    return held


@method("chat.postMessage", "chat:write")
def post_message(call: Call) -> Json:
    channel = _may_post(call)
    held = _with_content(call)
    for key in ("unfurl_links", "unfurl_media", "reply_broadcast"):
        if key in call.args:
            held[key] = call.flag(key)
    thread = call.text("thread_ts") or None
    message = write(call.slack, call.space, channel, held, thread_ts=thread, parses=_parses(call))
    return {"channel": channel.id, "ts": message.ts, "message": message.body}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(call: Call) -> Json:
    channel = _may_post(call)
    call.need("user")
    if call.text("user") not in channel.members:
        raise Refused("ephemeral-recipient")
    held = _with_content(call)
    thread = call.text("thread_ts") or None
    user = call.text("user")
    message = write(call.slack, call.space, channel, held, ephemeral_to=user, thread_ts=thread)
    return {"message_ts": message.ts}


def own(call: Call, known: str, owned: str) -> tuple[Channel, Message]:
    """The message of `channel` and `ts`, which is the app's own; `Refused` by these rules."""
    channel = call.channel()
    call.need("ts")
    message = channel.messages.get(call.text("ts"))
    if message is None or message.deleted:
        raise Refused(known)
    if message.ephemeral_to is not None:
        raise Refused("update-ephemeral")
    if message.body.get("bot_id") != call.space.bot_id:
        raise Refused(owned)
    return channel, message


@method("chat.update", "chat:write")
def update(call: Call) -> Json:
    channel, message = own(call, "update-known", "update-own")
    if channel.archived:
        raise Refused("update-open")
    if message.streaming:
        raise Refused("update-streaming")
    if len(call.text("text")) > UPDATE_MOST:
        raise Refused("update-length")
    held = _held(call)
    if not held:
        raise Refused("text-needed")
    rewrite(call.slack, message, held)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message.body,
    }


@method("chat.delete", "chat:write")
def delete(call: Call) -> Json:
    channel, message = own(call, "delete-known", "delete-own")
    remove(call.slack, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", by_kind("read"))
def permalink(call: Call) -> Json:
    channel = call.channel()
    ts = call.text("message_ts")
    if ts not in channel.messages:
        raise Refused("update-known")
    link = f"{call.slack.url}/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}
