"""The connection to Discord: shards, intents, and which event goes where."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

import discord

from adapters.discord import words
from adapters.discord.replies import Interaction
from adapters.discord.rest import INTENTS, NOBODY
from adapters.discord.text import PLATFORM
from bot.references import following

log = logging.getLogger(__name__)

# Muse never speaks aloud, so nobody need hear what is missing for it.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class Interacting(Protocol):
    """What serves interactions: `adapters.discord.dispatch.Dispatch`."""

    async def serve(self, interaction: Interaction) -> None:
        """Serve one and answer it."""
        ...


class Hearing(Protocol):
    """What serves messages: `adapters.discord.chat.Chat`."""

    async def hear(self, message: discord.Message, me: discord.abc.User) -> None:
        """Serve one, if it is meant for Muse."""
        ...


class Belonging(Protocol):
    """What is told of servers: `adapters.discord.arriving.Arriving`."""

    async def joined(self, guild: discord.Guild) -> None:
        """Muse was added to one."""
        ...

    async def present(self, guild: discord.Guild) -> None:
        """Muse is in one, as at each start."""
        ...

    async def removed(self, guild: discord.Guild) -> None:
        """Muse was taken off one."""
        ...


class MuseClient(discord.AutoShardedClient):
    """Hands every event on, and knows what is in hand. Nobody's messages or names are cached."""

    def __init__(
        self,
        interacting: Interacting,
        hearing: Hearing,
        belonging: Belonging,
        shard_ids: Sequence[int] | None = None,
        shard_count: int | None = None,
        *,
        elsewhere: bool = False,
    ) -> None:
        """`elsewhere` is whether the gateway is another than Discord says (`rest.point_at`)."""
        shards: dict[str, Any] = {"shard_count": shard_count}
        if shard_ids is not None:
            shards["shard_ids"] = list(shard_ids)
        super().__init__(
            intents=INTENTS,
            allowed_mentions=NOBODY,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            **shards,
        )
        self._interacting = interacting
        self._hearing = hearing
        self._belonging = belonging
        self._elsewhere = elsewhere
        _parse_safely(self._connection.parsers)
        self._down: set[int] = set()
        self._in_hand: set[asyncio.Task[Any]] = set()

    async def launch_shards(self) -> None:
        """Connect every shard. Where Discord is asked for their number it also says where the
        gateway is, and discord.py would go there.
        """
        if self._elsewhere and self.shard_count is None:
            self.shard_count, *_ = await self.http.get_bot_gateway()
        await super().launch_shards()

    async def on_interaction(self, interaction: Interaction) -> None:
        """Somebody used a command, a button, a select or a form."""
        await self._hold(interaction.id, self._interacting.serve(interaction))

    async def on_message(self, message: discord.Message) -> None:
        """Somebody wrote where Muse can see it."""
        if self.user is not None:
            await self._hold(message.id, self._hearing.hear(message, self.user))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Muse was added to a server."""
        await self._hold(guild.id, self._belonging.joined(guild))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server is there, at the start or after an outage of Discord's."""
        await self._hold(guild.id, self._belonging.present(guild))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Muse was taken off a server."""
        await self._hold(guild.id, self._belonging.removed(guild))

    async def on_shard_ready(self, shard: int) -> None:
        """A connection stands, for the first time or anew."""
        self._down.discard(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        """A connection stands again, and nothing was missed."""
        self._down.discard(shard)

    async def on_shard_disconnect(self, shard: int) -> None:
        """A connection is gone; the library takes it up again by itself."""
        self._down.add(shard)

    def missing(self) -> str:
        """Nothing, or in a few words which connections are down."""
        if not self.is_ready():
            return words.UNCONNECTED
        down = sorted(self._down)
        return words.SHARDS_DOWN.format(shards=", ".join(map(str, down))) if down else ""

    async def leave_gateway(self) -> None:
        """Take no more events; what is in hand can still be answered."""
        for shard in self.shards.values():
            await shard.disconnect()

    async def finish(self, seconds: float) -> None:
        """Wait for what is in hand, so long at most."""
        if self._in_hand:
            _, late = await asyncio.wait(self._in_hand, timeout=seconds)
            if late:
                log.warning("%d answers could not be finished in time", len(late))
            for task in late:
                task.cancel()

    async def _hold(self, event: int, work: Coroutine[Any, Any, None]) -> None:
        """Do it in the task that the library has given the event, and know of it meanwhile.

        What it raises ends here, in one line of the log: nobody could be told of it.
        """
        task = asyncio.current_task()
        assert task is not None
        self._in_hand.add(task)
        try:
            with following(f"{PLATFORM}:{event}"):
                try:
                    await work
                except Exception:
                    log.exception("unexpected, in an event of Discord’s")
        finally:
            self._in_hand.discard(task)


def _parse_safely(parsers: dict[str, Callable[[Any], Any]]) -> None:
    """Let an event that the library can't read be lost alone.

    Left to itself, the library ends the connection for good by what its parser raises: one
    payload of a shape that it does not know would end the process.
    """
    for name, parse in list(parsers.items()):
        parsers[name] = _safe(name, parse)


def _safe(name: str, parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def parsed(data: Any) -> Any:
        try:
            return parse(data)
        except Exception:
            log.exception("an event of Discord’s can’t be read: %s", name)
            return None

    return parsed
