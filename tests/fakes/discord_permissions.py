"""Discord's permissions: the bits that Muse may meet, and what a member has in a channel.

https://docs.discord.com/developers/topics/permissions
"""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fakes.discord_state import Channel, Guild, Member


class May(IntFlag):
    """The bitwise permission flags."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_EVENTS = 1 << 33
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    CREATE_EVENTS = 1 << 44
    PIN_MESSAGES = 1 << 51


NOTHING = May(0)
#: What @everyone has in a fresh server, as far as it is named here.
EVERYONE = (
    May.VIEW_CHANNEL
    | May.SEND_MESSAGES
    | May.EMBED_LINKS
    | May.ATTACH_FILES
    | May.READ_MESSAGE_HISTORY
    | May.USE_APPLICATION_COMMANDS
    | May.CREATE_PUBLIC_THREADS
    | May.SEND_MESSAGES_IN_THREADS
)
#: What the role of a bot is granted here if a test does not say otherwise.
INVITED = EVERYONE | May.PIN_MESSAGES | May.CREATE_EVENTS | May.MANAGE_ROLES
EVERYTHING = May(sum(May))
#: Without `SEND_MESSAGES` these go too.
#: https://docs.discord.com/developers/topics/permissions#implicit-permissions
WITH_SENDING = May.MENTION_EVERYONE | May.ATTACH_FILES | May.EMBED_LINKS


def in_guild(guild: Guild, member: Member) -> May:
    """A member's permissions before any channel's overwrites."""
    granted = guild.roles[guild.id].permissions
    for role in member.roles:
        granted |= guild.roles[role].permissions
    if guild.owner_id == member.user.id or granted & May.ADMINISTRATOR:
        return EVERYTHING
    return granted


def in_channel(channel: Channel, member: Member) -> May:
    """A member's permissions in a channel; a thread inherits its parent's overwrites.

    https://docs.discord.com/developers/topics/permissions#permission-overwrites
    """
    guild = channel.guild
    assert guild is not None
    granted = in_guild(guild, member)
    if granted & May.ADMINISTRATOR:
        return granted
    overwrites = (channel.parent or channel).overwrites
    by_role = [overwrites[role] for role in member.roles if role in overwrites]
    layers = [
        [overwrites[guild.id]] if guild.id in overwrites else [],
        by_role,
        [overwrites[member.user.id]] if member.user.id in overwrites else [],
    ]
    for layer in layers:
        for _, deny in layer:
            granted &= ~deny
        for allow, _ in layer:
            granted |= allow
    if not granted & May.VIEW_CHANNEL:
        return NOTHING
    if not granted & May.SEND_MESSAGES and channel.parent is None:
        granted &= ~WITH_SENDING
    return granted
