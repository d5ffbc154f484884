"""How a message comes to be, and to be changed, under Discord's rules.

https://docs.discord.com/developers/resources/message#create-message
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes import discord_components as c
from tests.fakes import discord_shapes as shapes
from tests.fakes.discord_message import LOADING, QUIET, V2, Attachment, Message, Pinged
from tests.fakes.discord_permissions import May
from tests.fakes.discord_rules import Json, Refused, count, length
from tests.fakes.discord_state import Event, Role, World

#: How long a nonce is remembered, in seconds: “the past few minutes”.
NONCE_LIFE = 180.0
#: What Discord adds to a component that leaves it out.
DEFAULTS: dict[int, Json] = {
    c.CONTAINER: {"accent_color": None, "spoiler": False},
    c.THUMBNAIL: {"description": None, "spoiler": False},
    c.FILE: {"spoiler": False},
    c.SEPARATOR: {"divider": True, "spacing": 1},
    **{kind: {"min_values": 1, "max_values": 1, "disabled": False} for kind in c.SELECTS},
}
GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart body: `files[n]`."""

    filename: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A request to create or change a message: its JSON and its files by their `n`."""

    body: Json
    files: dict[int, Upload] = field(default_factory=dict)


def check_draft(draft: Draft) -> None:
    """What is checked of every body, whatever it is for."""
    body = draft.body
    if body.get("content") is not None:
        length("content_length", body["content"], 2000, "content")
    count("embeds", body.get("embeds") or [], 10, "embeds")
    if body.get("nonce") is not None:
        length("nonce_length", str(body["nonce"]), 25, "nonce")
    allowed = body.get("allowed_mentions") or {}
    for name in ("users", "roles"):
        if allowed.get(name) and name in (allowed.get("parse") or ()):
            raise Refused("mentions_exclusive", f"allowed_mentions.{name}")
    if len(draft.files) > 10 or len(body.get("attachments") or ()) > 10:
        raise Refused("attachments")


def post(world: World, message: Message, draft: Draft, *, webhook: bool = False) -> Message:
    """Fill a new message from a draft, keep it in its channel, and tell of it.

    Returns an earlier one instead, where the nonce says that it is the same.
    """
    check_draft(draft)
    body = draft.body
    if body.get("enforce_nonce") and (same := _same(world, message, body.get("nonce"))):
        return same
    message.nonce = body.get("nonce")
    _fill(world, message, draft)
    _ping(world, message, body.get("allowed_mentions"), webhook=webhook, fresh=True)
    return keep(world, message)


def keep(world: World, message: Message) -> Message:
    """Put a message into its channel and tell of it, if others may see it."""
    message.channel.messages[message.id] = message
    message.versions.append(message.text)
    if not message.ephemeral:
        tell(world, "MESSAGE_CREATE", message)
    world.fire()
    return message


def edit(world: World, message: Message, draft: Draft, *, webhook: bool = False) -> Message:
    """Change a message as a draft says; what it does not name stays.

    https://docs.discord.com/developers/resources/message#edit-message
    """
    if message.deleted:
        raise Refused("unknown_message")
    check_draft(draft)
    before, fresh = copy.copy(message), message.loading
    try:
        message.flags &= ~LOADING
        _fill(world, message, draft)
    except Refused:
        vars(message).update(vars(before))
        raise
    if "allowed_mentions" in draft.body or {"content", "components"} & set(draft.body):
        allowed = draft.body.get("allowed_mentions")
        _ping(world, message, allowed, webhook=webhook, fresh=fresh)
    message.edited_at = world.clock.now()
    message.versions.append(message.text)
    if not message.ephemeral:
        tell(world, "MESSAGE_UPDATE", message)
    world.fire()
    return message


def remove(world: World, message: Message) -> None:
    """Delete a message."""
    message.deleted = True
    message.channel.messages.pop(message.id, None)
    if not message.ephemeral:
        tell(world, "MESSAGE_DELETE", message)
    world.fire()


def tell(world: World, name: str, message: Message) -> None:
    """Dispatch what happened to a message to the sessions whose intents cover it."""
    guild = message.channel.guild
    at: Json = {"guild_id": str(guild.id)} if guild else {}
    if name == "MESSAGE_DELETE":
        data: Json = {"id": str(message.id), "channel_id": str(message.channel.id)} | at
    else:
        data = shapes.message(message, world) | at
        if guild and message.author.id in guild.members:
            data["member"] = shapes.member(guild.members[message.author.id], with_user=False)
    intent = GUILD_MESSAGES if guild else DIRECT_MESSAGES
    whose = None if name == "MESSAGE_DELETE" else message
    world.tell(Event(name, data, guild.id if guild else None, intent, whose))


def _same(world: World, message: Message, nonce: Any) -> Message | None:
    if nonce is None:
        return None
    for each in message.channel.messages.values():
        young = world.clock.now() - each.at < NONCE_LIFE
        if young and each.author is message.author and each.nonce == nonce:
            return each
    return None


def _fill(world: World, message: Message, draft: Draft) -> None:
    body, was_v2 = draft.body, message.v2
    # Set for good, https://docs.discord.com/developers/components/reference.
    message.flags |= (body.get("flags") or 0) & (V2 | QUIET)
    message.attachments = _attachments(world, message, draft)
    _check_v2(message, body, was_v2=was_v2)
    if body.get("components") is not None:
        names = [each.filename for each in message.attachments]
        c.check_message(body["components"], v2=message.v2, uploaded=names)
        message.components = _kept(body["components"], message)
    if "content" in body:
        message.content = body["content"] or ""
    if "embeds" in body:
        message.embeds = [{"type": "rich"} | each for each in body["embeds"] or ()]
    shown = message.content or message.embeds or message.components
    if not shown and (message.v2 or not message.attachments):
        raise Refused("empty_message")


def _check_v2(message: Message, body: Json, *, was_v2: bool) -> None:
    if not message.v2:
        return
    if any(body.get(name) for name in ("content", "embeds", "sticker_ids", "poll")):
        raise Refused("v2_stays" if was_v2 and not (body.get("flags") or 0) & V2 else "v2_alone")
    if was_v2 or not message.versions:
        return
    for name, held in (("content", message.content), ("embeds", message.embeds)):
        if held and name not in body:
            raise Refused("v2_set_on_edit", name)


def _attachments(world: World, message: Message, draft: Draft) -> list[Attachment]:
    """The files of the message: without a list those that were there, and all new ones.

    https://docs.discord.com/developers/reference#editing-message-attachments
    """
    listed = draft.body.get("attachments")
    kept, told = list(message.attachments), dict.fromkeys(draft.files)
    if listed is not None:
        had = {each.id: each for each in message.attachments}
        kept = [had[int(each["id"])] for each in listed if int(each["id"]) in had]
        told = {int(each["id"]): each for each in listed if int(each["id"]) not in had}
    for n, entry in told.items():
        upload = draft.files.get(n)
        if upload is None:
            raise Refused("attachment_uploaded", f"attachments.{n}")
        said: Json = entry or {}
        name = str(said.get("filename") or upload.filename)
        made = Attachment(world.snowflake(), name, upload.content, upload.content_type)
        made.description = said.get("description")
        kept.append(made)
    return kept


def _kept(components: list[Json], message: Message) -> list[Json]:
    """Components as Discord gives them back: numbered, with defaults, and with real addresses."""
    kept = copy.deepcopy(components)
    taken = {each["id"] for each in c.walk(kept) if each.get("id")}
    free = (n for n in range(1, 1000) if n not in taken)
    for each in c.walk(kept):
        each["id"] = each.get("id") or next(free)
        _fill_in(each, DEFAULTS.get(each["type"], {}))
        for item in each.get("items") or ():
            _fill_in(item, DEFAULTS[c.THUMBNAIL])
        for media in _media(each):
            found = _resolve(media, message)
            if each["type"] == c.FILE and found is not None:
                each.update(name=found.filename, size=len(found.content))
    return kept


def _fill_in(part: Json, defaults: Json) -> None:
    for name, value in defaults.items():
        part.setdefault(name, value)


def _media(component: Json) -> Iterable[Json]:
    for name in ("media", "file"):
        if name in component:
            yield component[name]
    yield from (each["media"] for each in component.get("items") or ())


def _resolve(media: Json, message: Message) -> Attachment | None:
    """Give a medium its address; the file that it is, if it came with the message."""
    named = {f"attachment://{each.filename}": each for each in message.attachments}
    found = named.get(media["url"])
    if found is not None:
        drawn = shapes.attachment(found, message.channel.id)
        media |= {name: drawn[name] for name in ("url", "proxy_url", "content_type")}
        media["attachment_id"] = drawn["id"]
    media.setdefault("proxy_url", media["url"])
    media.setdefault("id", str(message.id))
    return found


def _ping(
    world: World, message: Message, allowed: Json | None, *, webhook: bool, fresh: bool
) -> None:
    """Work out who is mentioned and, if what is said is `fresh`, who of them is told.

    https://docs.discord.com/developers/resources/message#allowed-mentions-object
    """
    if allowed is None:
        allowed = {"parse": ["users"] if webhook else ["users", "roles", "everyone"]}
        allowed["replied_user"] = not webhook
    said, guild = message.text, message.channel.guild
    users = {int(n) for n in re.findall(r"<@!?(\d+)>", said)} & set(world.users)
    named = {int(n) for n in re.findall(r"<@&(\d+)>", said)}
    roles = {n: guild.roles[n] for n in named if guild and n in guild.roles}
    may_all = bool(world.may(message.channel, message.author) & May.MENTION_EVERYONE)
    found = Pinged(_chosen(users, allowed, "users"), _chosen(set(roles), allowed, "roles"))
    found.roles = {n for n in found.roles if _pingable(roles[n], may_all=may_all)}
    found.everyone = "everyone" in (allowed.get("parse") or ()) and may_all
    found.everyone = found.everyone and bool(re.search(r"@(everyone|here)\b", said))
    if message.reference and not message.reference.deleted and allowed.get("replied_user"):
        found.users.add(message.reference.author.id)
    message.mentions = found
    # Nobody hears of an edit, nor of what a message to one member says to others.
    if fresh and not message.ephemeral:
        message.pinged = found


def _pingable(role: Role, *, may_all: bool) -> bool:
    return role.mentionable or may_all


def _chosen(found: set[int], allowed: Json, name: str) -> set[int]:
    if name in (allowed.get("parse") or ()):
        return found
    return found & {int(n) for n in allowed.get(name) or ()}
