"""A small bot on the real discord.py, and how it is run against the loopback Discord."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands, ui

from tests.fakes.discord_client import pointed_at
from tests.fakes.discord_server import DiscordServer


class Card(ui.LayoutView):
    """A prompt over two entries, each beside its button."""

    def __init__(self, votes: int = 0) -> None:
        super().__init__(timeout=None)
        entries: list[ui.Item[Any]] = [
            ui.Section(ui.TextDisplay(text), accessory=ui.Button(label="♥", custom_id=f"v:{n}"))
            for n, text in enumerate(("The gulls knew.", "Salt, then light."))
        ]
        foot: ui.TextDisplay[Any] = ui.TextDisplay(f"{votes} voted")
        self.add_item(ui.Container(ui.TextDisplay("## lighthouse"), *entries, foot))


class Form(ui.Modal, title="Add yours"):
    text: ui.Label[Form] = ui.Label(
        text="Your entry", component=ui.TextInput(custom_id="text", max_length=400)
    )


class Bot(discord.AutoShardedClient):
    """Answers as a bot would, each interaction in its own way, and notes what it hears."""

    def __init__(self, **options: Any) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        defaults: dict[str, Any] = {
            "intents": intents,
            "allowed_mentions": discord.AllowedMentions.none(),
            "guild_ready_timeout": 0.05,
        }
        super().__init__(**defaults | options)
        self.tree = app_commands.CommandTree(self)
        muse: app_commands.Command[Any, ..., None] = app_commands.Command(
            name="muse", description="Four answers", callback=_muse
        )
        muse.autocomplete("form")(_forms)
        self.tree.add_command(muse)
        self.tree.add_command(app_commands.ContextMenu(name="Remix", callback=_remix))
        self.heard: list[str] = []
        self.guilds_seen: list[str] = []
        self.votes = 0
        self.resumed = asyncio.Event()

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Nothing: discord.py would wait five seconds before each further shard."""

    async def on_shard_resumed(self, _: int) -> None:
        self.resumed.set()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.guilds_seen.append(f"+{guild.name}")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.guilds_seen.append(f"-{guild.name}")

    async def on_message(self, message: discord.Message) -> None:
        if not message.author.bot:
            self.heard.append(message.content)
            if message.content.endswith("?"):
                await message.reply("Yes.")

    async def on_interaction(self, interaction: discord.Interaction[Bot]) -> None:
        data: Any = interaction.data or {}
        custom_id = str(data.get("custom_id", ""))
        if custom_id == "v:0":
            await interaction.response.send_modal(Form(custom_id="add"))
        elif custom_id == "v:1":
            self.votes += 1
            await interaction.response.defer()
            await interaction.edit_original_response(view=Card(self.votes))
            await interaction.followup.send("Counted.", ephemeral=True)
        elif custom_id == "add":
            said = data["components"][0]["component"]["value"]
            await interaction.response.send_message(f"Added: {said}", ephemeral=True)


async def _muse(interaction: discord.Interaction[Bot], prompt: str, form: str = "free") -> None:
    assert prompt
    assert form
    await interaction.response.defer(thinking=True)
    await interaction.followup.send(view=Card())


async def _forms(_: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
    known = ("haiku", "free", "tagline")
    return [app_commands.Choice(name=each, value=each) for each in known if typed in each]


async def _remix(interaction: discord.Interaction[Bot], message: discord.Message) -> None:
    await interaction.response.send_message(f"Remixing: {message.content}")


@asynccontextmanager
async def running(server: DiscordServer, bot: Bot, shards: int = 1) -> AsyncIterator[Bot]:
    """The bot, signed in and connected, until the block ends. Raises what ended it earlier."""
    with pointed_at(server):
        task = asyncio.create_task(bot.start(server.token))
        ready = asyncio.create_task(server.connected(shards))
        try:
            await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                task.result()
            await bot.wait_until_ready()
            yield bot
        finally:
            ready.cancel()
            await bot.close()
            await asyncio.gather(task, ready, return_exceptions=True)
