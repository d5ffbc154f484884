"""The loopback Discord's records as the JSON of its API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.fakes import discord_permissions
from tests.fakes.discord_message import HAS_THREAD, REPLY, Attachment, Message
from tests.fakes.discord_rules import Json

if TYPE_CHECKING:
    from tests.fakes.discord_state import Channel, Guild, Member, Role, User, World


def moment(at: float) -> str:
    """A time as Discord writes it. https://docs.discord.com/developers/reference#iso8601-datetime."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")


def user(who: User) -> Json:
    """https://docs.discord.com/developers/resources/user#user-object."""
    return {
        "id": str(who.id),
        "username": who.name.lower().replace(" ", "_"),
        "global_name": None if who.bot else who.name,
        "discriminator": "0000" if who.bot else "0",
        "avatar": None,
        "bot": who.bot,
        "system": False,
        "flags": 0,
        "public_flags": 0,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
    }


def bot_user(who: User) -> Json:
    """The user whose token it is."""
    own = {"mfa_enabled": True, "locale": "en-US", "verified": True, "email": None}
    return user(who) | own


def member(which: Member, *, with_user: bool = True) -> Json:
    """https://docs.discord.com/developers/resources/guild#guild-member-object."""
    drawn: Json = {
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [str(role) for role in sorted(which.roles)],
        "joined_at": moment(which.joined_at),
        "premium_since": None,
        "communication_disabled_until": None,
        "flags": 0,
        "pending": False,
        "deaf": False,
        "mute": False,
    }
    return drawn | {"user": user(which.user)} if with_user else drawn


def role(which: Role) -> Json:
    """https://docs.discord.com/developers/topics/permissions#role-object."""
    tags = {"bot_id": str(which.bot_id)} if which.bot_id else {}
    return {
        "id": str(which.id),
        "name": which.name,
        "description": None,
        "permissions": str(int(which.permissions)),
        "position": which.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": which.bot_id is not None,
        "mentionable": which.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    } | ({"tags": tags} if tags else {})


def channel(which: Channel) -> Json:
    """https://docs.discord.com/developers/resources/channel#channel-object."""
    last = max(which.messages, default=None)
    drawn: Json = {
        "id": str(which.id),
        "type": which.kind,
        "flags": 0,
        "last_message_id": str(last) if last else None,
    }
    if which.recipient is not None:
        return drawn | {"recipients": [user(which.recipient)]}
    assert which.guild is not None
    drawn |= {"guild_id": str(which.guild.id), "name": which.name, "rate_limit_per_user": 0}
    if which.parent is not None:
        return drawn | _thread(which, which.parent)
    overwrites = [
        {
            "id": str(target),
            "type": int(target in which.guild.members),
            "allow": str(int(allow)),
            "deny": str(int(deny)),
        }
        for target, (allow, deny) in which.overwrites.items()
    ]
    return drawn | {
        "position": 0,
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "permission_overwrites": overwrites,
    }


def _thread(which: Channel, parent: Channel) -> Json:
    """https://docs.discord.com/developers/resources/channel#thread-metadata-object."""
    said = len(which.messages)
    return {
        "parent_id": str(parent.id),
        "owner_id": str(which.owner.id if which.owner else 0),
        "message_count": said,
        "member_count": 1,
        "total_message_sent": said,
        "thread_metadata": {
            "archived": which.archived,
            "locked": which.locked,
            "auto_archive_duration": which.duration,
            "archive_timestamp": moment(which.created_at),
            "create_timestamp": moment(which.created_at),
        },
    }


def guild(which: Guild, world: World) -> Json:
    """The guild of a GUILD_CREATE: only the bot's own member comes with it.

    https://docs.discord.com/developers/events/gateway-events#guild-create
    """
    channels = [each for each in world.channels.values() if each.guild is which]
    return {
        "id": str(which.id),
        "name": which.name,
        "owner_id": str(which.owner_id),
        "preferred_locale": which.locale,
        "roles": [role(each) for each in which.roles.values()],
        "members": [member(which.members[world.bot.id])],
        "member_count": len(which.members),
        "channels": [channel(each) for each in channels if not each.is_thread],
        "threads": [channel(each) for each in channels if each.is_thread and not each.archived],
        "guild_scheduled_events": list(which.events.values()),
        "joined_at": moment(which.members[world.bot.id].joined_at),
        "features": [],
        "emojis": [],
        "stickers": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "soundboard_sounds": [],
        "large": False,
        "unavailable": False,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "system_channel_flags": 0,
        "afk_timeout": 300,
    }


def attachment(which: Attachment, channel_id: int) -> Json:
    """https://docs.discord.com/developers/resources/message#attachment-object."""
    url = f"https://cdn.discordapp.com/attachments/{channel_id}/{which.id}/{which.filename}"
    said = {"description": which.description} if which.description else {}
    return {
        "id": str(which.id),
        "filename": which.filename,
        "size": len(which.content),
        "url": url,
        "proxy_url": url.replace("cdn.discordapp.com", "media.discordapp.net"),
        "content_type": which.content_type,
    } | said


def message(which: Message, world: World, *, readable: bool = True, nested: bool = False) -> Json:
    """https://docs.discord.com/developers/resources/message#message-object.

    `readable` is false for an app without the message content intent, where it matters.
    """
    drawn: Json = {
        "id": str(which.id),
        "channel_id": str(which.channel.id),
        "author": user(which.author),
        "timestamp": moment(which.at),
        "edited_timestamp": moment(which.edited_at) if which.edited_at else None,
        "type": which.kind,
        "flags": which.flags | (HAS_THREAD if which.thread else 0),
        "tts": False,
        "pinned": which.pinned_at is not None,
        "mention_everyone": which.mentions.everyone,
        "mentions": [user(world.users[each]) for each in sorted(which.mentions.users)],
        "mention_roles": [str(each) for each in sorted(which.mentions.roles)],
        "content": which.content if readable else "",
        "embeds": which.embeds if readable else [],
        "components": which.components if readable else [],
        "attachments": _files(which) if readable else [],
    }
    if which.token is not None:
        drawn |= {"webhook_id": str(world.application_id)}
        drawn |= {"application_id": str(world.application_id)}
    elif which.author is world.bot:
        drawn["application_id"] = str(world.application_id)
    if which.interaction is not None:
        drawn["interaction_metadata"] = which.interaction
    if which.nonce is not None:
        drawn["nonce"] = which.nonce
    if which.thread is not None:
        drawn["thread"] = channel(which.thread)
    return drawn | (_reference(which, world, readable=readable) if not nested else {})


def _files(which: Message) -> list[Json]:
    return [attachment(each, which.channel.id) for each in which.attachments]


def _reference(which: Message, world: World, *, readable: bool) -> Json:
    target = which.reference
    if target is None:
        return {}
    at: Json = {"type": 0, "channel_id": str(target.channel.id), "message_id": str(target.id)}
    if target.channel.guild is not None:
        at["guild_id"] = str(target.channel.guild.id)
    if which.kind != REPLY:
        return {"message_reference": at}
    shown = None
    if not target.deleted:
        seen = readable or target.author is world.bot
        shown = message(target, world, readable=seen, nested=True)
    return {"message_reference": at, "referenced_message": shown}


def interaction_member(which: Member, where: Channel) -> Json:
    """The member of an interaction, with what they may do in the channel."""
    may = discord_permissions.in_channel(where, which)
    return member(which) | {"permissions": str(int(may))}
