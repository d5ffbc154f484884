"""The routes for messages, pins and threads.

https://docs.discord.com/developers/resources/message
"""

from __future__ import annotations

from typing import Any

from tests.fakes import discord_shapes as shapes
from tests.fakes.discord_http import Call, Route
from tests.fakes.discord_message import PINNED, REPLY, THREAD_CREATED, Message
from tests.fakes.discord_permissions import May
from tests.fakes.discord_posting import check_draft, edit, keep, post, remove, tell
from tests.fakes.discord_rules import Json, Refused, length
from tests.fakes.discord_state import PRIVATE_THREAD, PUBLIC_THREAD, Channel, Event

MESSAGES = "/channels/{channel_id}/messages"
ONE = MESSAGES + "/{message_id}"
PINS = MESSAGES + "/pins"
DURATIONS = (60, 1440, 4320, 10080)
GUILDS = 1 << 0


def create(call: Call) -> Json:
    channel = call.channel()
    _may_send(call, channel)
    message = Message(call.world.snowflake(), channel, call.world.bot, call.world.clock.now())
    if reference := call.body.get("message_reference"):
        _refer(call, message, reference)
    check_draft(call.draft)
    if channel.archived:
        channel.archived = False
        call.world.tell(_about(channel, "THREAD_UPDATE"))
    return shapes.message(post(call.world, message, call.draft), call.world)


def _may_send(call: Call, channel: Channel) -> None:
    may = call.world.may(channel)
    if channel.recipient is not None and channel.recipient.closed:
        raise Refused("dm_closed")
    if channel.locked and not may & May.MANAGE_THREADS:
        raise Refused("locked_thread")
    if channel.is_thread:
        call.need("send_in_threads", May.SEND_MESSAGES_IN_THREADS, channel)
    else:
        call.need("send_messages", May.SEND_MESSAGES, channel)
    if call.files:
        call.need("attach_files", May.ATTACH_FILES, channel)


def _refer(call: Call, message: Message, reference: Json) -> None:
    call.need("reply_history", May.READ_MESSAGE_HISTORY, message.channel)
    found = message.channel.messages.get(int(reference["message_id"]))
    if found is not None and not found.ephemeral and found.kind not in (PINNED, THREAD_CREATED):
        message.kind, message.reference = REPLY, found
    elif reference.get("fail_if_not_exists", True):
        raise Refused("reply_exists", "message_reference")


def get(call: Call) -> Json:
    call.need("read_history", May.READ_MESSAGE_HISTORY, call.channel())
    return _shown(call, call.message())


def history(call: Call) -> list[Json]:
    channel = call.channel()
    limit = int(call.query.get("limit", 50))
    if not 1 <= limit <= 100:
        raise Refused("history_limit", "limit")
    ways = {name: int(call.query[name]) for name in ("before", "after") if name in call.query}
    if len(ways) + ("around" in call.query) > 1:
        raise Refused("history_one_way")
    if not call.world.may(channel) & May.READ_MESSAGE_HISTORY:
        return []
    call.need("read_history", May.READ_MESSAGE_HISTORY, channel)
    found = [each for _, each in sorted(channel.messages.items()) if not each.ephemeral]
    if "before" in ways:
        found = [each for each in found if each.id < ways["before"]]
    if "after" in ways:
        # The first ones after it, newest first like every page.
        found = [each for each in found if each.id > ways["after"]][:limit]
    return [_shown(call, each) for each in reversed(found[-limit:])]


def _shown(call: Call, message: Message) -> Json:
    """A message read over HTTP, where the message content intent counts too."""
    world = call.world
    readable = world.reads_content or message.channel.guild is None
    readable = readable or message.author is world.bot or world.bot.id in message.mentions.users
    return shapes.message(message, world, readable=readable)


def change(call: Call) -> Json:
    message = call.message()
    if message.author is not call.world.bot:
        raise Refused("others_message")
    if message.channel.archived:
        raise Refused("archived_thread")
    if message.channel.locked and not call.world.may(message.channel) & May.MANAGE_THREADS:
        raise Refused("locked_thread")
    if call.files:
        call.need("attach_files", May.ATTACH_FILES, message.channel)
    return shapes.message(edit(call.world, message, call.draft), call.world)


def delete(call: Call) -> None:
    message = call.message()
    if message.author is not call.world.bot:
        call.need("delete_others", May.MANAGE_MESSAGES, message.channel)
    remove(call.world, message)


def pins(call: Call) -> Json:
    pinned = [each for each in call.channel().messages.values() if each.pinned_at]
    pinned.sort(key=lambda each: each.pinned_at or 0.0, reverse=True)
    items = [
        {"pinned_at": shapes.moment(each.pinned_at or 0.0), "message": _shown(call, each)}
        for each in pinned[: int(call.query.get("limit", 50))]
    ]
    return {"items": items, "has_more": len(pinned) > len(items)}


def pin(call: Call) -> None:
    message = call.message()
    channel, world = message.channel, call.world
    call.need("pin_messages", May.PIN_MESSAGES, channel)
    if sum(each.pinned_at is not None for each in channel.messages.values()) >= 250:
        raise Refused("pins_full")
    if message.pinned_at is None:
        message.pinned_at = world.clock.now()
        note = Message(world.snowflake(), channel, world.bot, world.clock.now(), kind=PINNED)
        note.reference = message
        tell(world, "MESSAGE_UPDATE", message)
        keep(world, note)


def unpin(call: Call) -> None:
    message = call.message()
    call.need("pin_messages", May.PIN_MESSAGES, message.channel)
    message.pinned_at = None
    tell(call.world, "MESSAGE_UPDATE", message)


def thread_from(call: Call) -> Json:
    message = call.message()
    if message.thread is not None:
        raise Refused("thread_once")
    message.thread = _thread(call, message.channel, PUBLIC_THREAD, message.id)
    tell(call.world, "MESSAGE_UPDATE", message)
    return shapes.channel(message.thread)


def thread_alone(call: Call) -> Json:
    parent, world = call.channel(), call.world
    made = _thread(call, parent, call.body.get("type", PRIVATE_THREAD), world.snowflake())
    if made.kind == PUBLIC_THREAD:
        note = Message(world.snowflake(), parent, world.bot, world.clock.now(), made.name)
        note.kind = THREAD_CREATED
        keep(world, note)
    return shapes.channel(made)


def _thread(call: Call, parent: Channel, kind: int, thread_id: int) -> Channel:
    public = kind == PUBLIC_THREAD
    rule = "create_threads" if public else "create_private_threads"
    permission = May.CREATE_PUBLIC_THREADS if public else May.CREATE_PRIVATE_THREADS
    call.need(rule, permission, parent)
    length("thread_name", call.body.get("name"), 100, "name", least=1)
    duration = call.body.get("auto_archive_duration") or 1440
    if duration not in DURATIONS:
        raise Refused("thread_duration", "auto_archive_duration")
    made = Channel(thread_id, kind, call.body["name"], parent.guild, parent, call.world.bot)
    made.duration = duration
    call.world.add_channel(made)
    call.world.tell(_about(made, "THREAD_CREATE", newly_created=True))
    return made


def _about(channel: Channel, name: str, **more: Any) -> Event:
    assert channel.guild is not None
    return Event(name, shapes.channel(channel) | more, channel.guild.id, GUILDS)


ROUTES = (
    Route("GET", PINS, pins),
    Route("PUT", PINS + "/{message_id}", pin),
    Route("DELETE", PINS + "/{message_id}", unpin),
    Route("POST", MESSAGES, create),
    Route("GET", MESSAGES, history),
    Route("GET", ONE, get),
    Route("PATCH", ONE, change),
    Route("DELETE", ONE, delete),
    Route("POST", ONE + "/threads", thread_from),
    Route("POST", "/channels/{channel_id}/threads", thread_alone),
)
