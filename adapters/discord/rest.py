"""Discord over REST: a client that is signed in, and its errors as Muse's own.

A process with the gateway lends its client; one without (a worker) signs in on first use.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route, handle_message_parameters

from adapters.discord import words
from adapters.discord.draw import Drawn
from adapters.discord.failures import OutcomeUnknown, signing_in, translated
from adapters.discord.recent import Recent
from adapters.discord.syncing import recalled
from adapters.discord.text import PLATFORM
from bot.errors import MuseError, StageFailed
from bot.ports import KeptForDiscord

log = logging.getLogger(__name__)

#: Servers and their channels, and messages without the text of those that don't concern Muse:
#: none of them has to be asked for. https://docs.discord.com/developers/events/gateway#privileged-intents
INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
_PRIVATES = 2000  # members' private channels kept in memory
NOBODY = discord.AllowedMentions.none()


def point_at(api_url: str | None, gateway_url: str | None) -> None:
    """Send every client of this process elsewhere: discord.py keeps both on its classes."""
    if api_url:
        Route.BASE = api_url.rstrip("/")
    if gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


class Rest:
    """The calls that Muse makes, by the client that is signed in."""

    def __init__(self, token: str, kept: KeptForDiscord, guild: int | None = None) -> None:
        self._token = token
        self._guild = guild
        self._kept = kept
        self._client: discord.Client | None = None
        self._signing_in = asyncio.Lock()
        self._ids: dict[str, str] = {}
        self._privates: Recent[str, str] = Recent(_PRIVATES)

    def command_ids(self) -> Mapping[str, str]:
        """The ids of the commands as registered, by name; none where they are not known yet."""
        return self._ids

    def know(self, ids: Mapping[str, str]) -> None:
        """Take note of the commands' ids."""
        self._ids = dict(ids)

    async def client(self) -> discord.Client:
        """The client, signed in. Raises `SetupError`, `StageFailed`."""
        if self._client is not None:
            return self._client
        async with self._signing_in:
            if self._client is None:
                client = discord.Client(intents=INTENTS, allowed_mentions=NOBODY)
                try:
                    with signing_in():
                        await client.login(self._token)
                except MuseError:
                    await client.close()
                    raise
                self._client = client
                await self._recall(client)
        return self._client

    async def lend(self, client: discord.Client) -> None:
        """Use a client that is signed in already; one of our own is let go."""
        before, self._client = self._client, client
        if before is not None and before is not client:
            await before.close()

    async def close(self) -> None:
        """Let the connections go."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def original(self, token: str) -> Mapping[str, Any] | None:
        """What stands as the answer to an interaction; None where its token is no good."""
        client = await self.client()
        try:
            with translated():
                found: Mapping[str, Any] = await client.http.request(_answer("GET", client, token))
                return found
        except OutcomeUnknown:
            raise
        except StageFailed as gone:
            log.debug("an interaction can’t be answered any more: %s", gone)
            return None

    async def answer(
        self,
        token: str,
        drawn: Drawn,
        message: str = "@original",
        allowed: discord.AllowedMentions = NOBODY,
    ) -> str:
        """Make a message the answer to an interaction, or `message` one of its answers; its id.

        Raises `StageFailed`.
        """
        client = await self.client()
        with (
            translated(),
            handle_message_parameters(**drawn.edited(), allowed_mentions=allowed) as params,
        ):
            route = _answer("PATCH", client, token, message)
            if params.files:
                said = await client.http.request(route, files=params.files, form=params.multipart)
            else:
                said = await client.http.request(route, json=params.payload)
            return str(said["id"])

    async def channel(self, channel: str) -> discord.PartialMessageable:
        """A channel or a thread, by its id; ``@`` and a member's id is what they alone see.

        Raises `StageFailed`.
        """
        client = await self.client()
        if channel.startswith("@"):
            channel = await self._in_private(client, channel[1:])
        return client.get_partial_messageable(int(channel))

    async def _in_private(self, client: discord.Client, user: str) -> str:
        """The channel in which Muse writes to a member alone."""
        known = self._privates.get(user)
        if known is None:
            with translated():
                opened = await client.create_dm(discord.Object(int(user)))
            known = str(opened.id)
            self._privates.put(user, known)
        return known

    async def _recall(self, client: discord.Client) -> None:
        try:
            self.know(await recalled(self._kept, client.application_id or 0, self._guild))
        except MuseError as error:  # commands are then drawn without their ids
            log.warning("what is known of Discord’s commands could not be read: %s", error)


def _answer(method: str, client: discord.Client, token: str, message: str = "@original") -> Route:
    return Route(
        method,
        "/webhooks/{webhook_id}/{webhook_token}/messages/" + message,
        webhook_id=client.application_id or 0,
        webhook_token=token,
    )


def member_elsewhere() -> str:
    """What to call a member whose name can't be had."""
    return words.MEMBER_ELSEWHERE.format(platform=PLATFORM.capitalize())
