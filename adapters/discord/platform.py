"""Discord as a platform: its stage, and its gateway for as long as the process runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import discord

from adapters.discord import limits, words
from adapters.discord.arriving import Arriving
from adapters.discord.chat import Chat
from adapters.discord.client import MuseClient
from adapters.discord.dispatch import Dispatch
from adapters.discord.draw import Drawing
from adapters.discord.failures import OutcomeUnknown, signing_in
from adapters.discord.quiet import be_quiet
from adapters.discord.replies import Replies
from adapters.discord.rest import Rest, point_at
from adapters.discord.stage import DiscordStage
from adapters.discord.syncing import synced
from adapters.discord.text import PLATFORM
from bot.app import App
from bot.errors import MuseError, SetupError
from bot.ports import KeptForDiscord, Meter, Ready

log = logging.getLogger(__name__)

# Seconds that each step of an end gets; with the agenda's they stay within ten.
LEAVING, IN_HAND, SHOWING = 0.5, 1.5, 1.0
LONGEST_PAUSE = 60.0  # seconds between two tries to reach Discord


@dataclass(frozen=True, slots=True)
class DiscordOptions:
    """How to reach Discord, and as whom. `shard_ids` of `shard_count` are this process's."""

    token: str = field(repr=False)
    dev_guild: int | None = None
    api_url: str | None = None
    gateway_url: str | None = None
    shard_ids: tuple[int, ...] | None = None
    shard_count: int | None = None
    again: float = 2.0  #: seconds before Discord is tried again, where it can't be reached
    edit_pause: float = limits.EDIT_PAUSE  #: seconds between two edits of a message
    prompt: float = limits.PROMPT  #: seconds within which an answer needs no "is thinking…"


class DiscordPlatform(Ready):
    """`stage` speaks to Discord in any process; `run` listens to it. Nothing connects when made."""

    name = PLATFORM

    def __init__(
        self, options: DiscordOptions, kept: KeptForDiscord, meter: Meter | None = None
    ) -> None:
        self._options = options
        self._meter = meter
        self._client: MuseClient | None = None
        self._kept = kept
        self._rest = Rest(options.token, kept, options.dev_guild)
        self._drawing = Drawing(self._rest.command_ids)
        self.stage = DiscordStage(self._rest, self._drawing, options.edit_pause)
        point_at(options.api_url, options.gateway_url)

    async def run(self, app: App, stop: asyncio.Event) -> None:
        """Listen until `stop`; then answer what is in hand and take no more. The stage stays.

        Where Discord can't be reached it is tried again, later each time. Raises `SetupError` for
        a token or shards that Discord does not accept.
        """
        pause = self._options.again
        while not stop.is_set():
            try:
                await self._listen(app, stop)
            except OutcomeUnknown as unreached:
                log.warning("%s It is tried again in %g s.", unreached, pause)
            else:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _listen(self, app: App, stop: asyncio.Event) -> None:
        """Sign in and listen, once. Raises as `run`, and `OutcomeUnknown`."""
        replies = Replies(self._drawing, self.stage.owe, self._options.prompt, self._meter)
        client = MuseClient(
            Dispatch(app, replies),
            Chat(app, self._drawing),
            Arriving(app),
            self._options.shard_ids,
            self._options.shard_count,
            elsewhere=self._options.gateway_url is not None,
        )
        try:
            with signing_in():
                await client.login(self._options.token)
        except BaseException:
            await client.close()
            raise
        await self._rest.lend(client)
        await self._register(client)
        be_quiet()
        self._client = client
        listening = asyncio.create_task(client.connect())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if listening.done():
                _raise_for(listening)
        finally:
            self._client = None
            stopping.cancel()
            await _within(LEAVING, client.leave_gateway(), "Discord did not say goodbye in time")
            listening.cancel()
            await asyncio.gather(listening, stopping, return_exceptions=True)
            await client.finish(IN_HAND)

    async def ready(self) -> str:
        """Nothing, or which of its connections are down."""
        return self._client.missing() if self._client is not None else words.UNCONNECTED

    async def close(self) -> None:
        """Show what is still to be shown, and let every connection go."""
        await _within(SHOWING, self.stage.settle(), "not every message shows its last state")
        await self._rest.close()

    async def _register(self, client: discord.Client) -> None:
        try:
            self._rest.know(await synced(client, self._kept, self._options.dev_guild))
        except MuseError as failure:
            log.warning("Discord’s commands are as they were: %s", failure)


async def _within(seconds: float, work: Coroutine[Any, Any, None], late: str) -> None:
    try:
        await asyncio.wait_for(work, seconds)
    except TimeoutError:
        log.warning(late)


def _raise_for(listening: asyncio.Task[None]) -> None:
    """Say in Muse's words why Discord would not be listened to any more."""
    with signing_in():
        try:
            listening.result()
        except discord.GatewayNotFound as unreached:
            raise OutcomeUnknown(words.UNREACHED) from unreached
        except discord.ConnectionClosed as closed:
            if closed.code in _BAD_SHARDS:
                raise SetupError(words.BAD_SHARDS) from closed
            raise SetupError(words.CLOSED_BY_DISCORD.format(code=closed.code)) from closed


#: https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
_BAD_SHARDS = (4010, 4011)
