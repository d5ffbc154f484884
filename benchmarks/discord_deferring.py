"""discord.py alone, as a process: every Vote button is a `DynamicItem` that only defers.

What `benchmarks.discord` holds Muse against. It reads the token and the addresses from the same
variables as Muse does.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
from typing import Any

import discord
import yarl
from discord import ui
from discord.gateway import DiscordWebSocket
from discord.http import Route


class Deferring(ui.DynamicItem[ui.Button[Any]], template=r"1~vote~.*"):
    """A Vote button of any round, that only defers."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], _match: Any
    ) -> Deferring:
        """The item again, as discord.py finds it on the message."""
        assert isinstance(item, ui.Button)
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody pressed it."""
        await interaction.response.defer()


async def main() -> None:
    """Listen until the process is ended."""
    Route.BASE = os.environ["DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])
    async with discord.AutoShardedClient(
        intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
        max_messages=None,
        chunk_guilds_at_startup=False,
        member_cache_flags=discord.MemberCacheFlags.none(),
    ) as client:
        client.add_dynamic_items(Deferring)
        await client.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    if importlib.util.find_spec("uvloop") is None:
        asyncio.run(main())
    else:
        import uvloop

        uvloop.run(main())
