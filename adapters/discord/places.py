"""Where something happens on Discord, and who does it, as the game knows them."""

from __future__ import annotations

import discord

from adapters.discord import words
from adapters.discord.text import PLATFORM
from bot.models import Address, SpaceRef, Tenure, UserRef


def user(who: discord.abc.User) -> UserRef:
    """A member."""
    return UserRef(PLATFORM, str(who.id))


def space(guild: int | None, who: discord.abc.User) -> SpaceRef:
    """A server; in private, a space of the member's own."""
    return SpaceRef(PLATFORM, str(guild)) if guild else SpaceRef.direct(PLATFORM, str(who.id))


def address(
    where: object, guild: int | None, who: discord.abc.User, channel: int, token: str = ""
) -> Address:
    """Where a message goes. A thread is kept beside the channel that it belongs to."""
    of = space(guild, who)
    if isinstance(where, discord.Thread):
        return Address(of, str(where.parent_id), str(where.id), token)
    return Address(of, str(channel), "", token)


def barred(where: object, may: discord.Permissions) -> str:
    """Why Muse, which `may` do so much there, can't post in a channel of a server; '' if it can."""
    if isinstance(where, discord.Thread):
        can = may.view_channel and may.send_messages_in_threads
        return "" if can else words.NO_PERMISSION_THREAD
    return "" if may.view_channel and may.send_messages else words.NO_PERMISSION


def manages(guild: int | None, permissions: discord.Permissions) -> bool:
    """Whether a member may manage the place; everyone may in private."""
    return guild is None or permissions.manage_guild or permissions.administrator


def standing(who: discord.abc.User) -> Tenure:
    """How long somebody has been around: their account by its id, in the server by its word."""
    joined = who.joined_at if isinstance(who, discord.Member) else None
    return Tenure(discord.utils.snowflake_time(who.id), joined)
