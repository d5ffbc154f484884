"""Servers that Muse comes to, is in, or is removed from.

https://docs.discord.com/developers/events/gateway-events#guild-create
"""

from __future__ import annotations

import logging
from datetime import timedelta

import discord

from adapters.discord.text import PLATFORM
from bot.app import App
from bot.cards import Answer
from bot.community_requests import Welcome
from bot.errors import MuseError
from bot.models import Address, SpaceRef, UserRef
from bot.requests import Command

log = logging.getLogger(__name__)

_NEW = timedelta(days=1)  # since when Muse may have come to a server while it was not running


class Arriving:
    """Tells the game of servers. Raises nothing: what is missed is told at the next start."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def joined(self, guild: discord.Guild) -> None:
        """Muse was added: whoever did sees at once what to do with it."""
        log.info("added to server %d", guild.id)
        try:
            await self._app.returned(_space(guild))
            await self._greet(guild)
        except MuseError as failure:
            log.warning("server %d was not welcomed: %s", guild.id, failure)

    async def present(self, guild: discord.Guild) -> None:
        """Muse finds itself in a server, as at each start."""
        since = guild.me.joined_at
        if since is not None and discord.utils.utcnow() - since < _NEW:
            await self.joined(guild)
            return
        try:
            await self._app.returned(_space(guild))
        except MuseError as failure:
            log.warning("it could not be noted that Muse is in server %d: %s", guild.id, failure)

    async def removed(self, guild: discord.Guild) -> None:
        """Muse was taken off a server, or the server is no more."""
        log.info("removed from server %d", guild.id)
        try:
            await self._app.left(_space(guild))
        except MuseError as failure:
            log.warning("it could not be noted that Muse left server %d: %s", guild.id, failure)

    async def _greet(self, guild: discord.Guild) -> None:
        """Have the welcome said, once for each server, where Muse may write."""
        channel = _first_channel(guild)
        if channel is None:
            log.info("Muse may write in no channel of server %d, so it says no welcome", guild.id)
            return
        space = _space(guild)
        await self._app.handle(
            Command(
                event=f"{PLATFORM}:welcome:{guild.id}",
                space=space,
                user=UserRef(PLATFORM, str(guild.me.id)),
                address=Address(space, str(channel.id)),
                request=Welcome(),
                answer=Answer.POST,
                manages=False,
            )
        )


def _space(guild: discord.Guild) -> SpaceRef:
    return SpaceRef(PLATFORM, str(guild.id))


def _first_channel(guild: discord.Guild) -> discord.TextChannel | None:
    """Where newcomers are greeted; else the first channel from the top that Muse may write in."""
    greeted = [guild.system_channel] if guild.system_channel else []
    for channel in [*greeted, *guild.text_channels]:
        may = channel.permissions_for(guild.me)
        if may.view_channel and may.send_messages:
            return channel
    return None
