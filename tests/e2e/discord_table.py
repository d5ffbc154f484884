"""A game on the loopback Discord, by the real adapter and the real discord.py, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from adapters.discord.platform import DiscordOptions, DiscordPlatform
from bot.game.composing import Composers
from bot.ports import KeptForDiscord, Meter
from bot.settings import LimitSettings
from bot.storage.client import Store
from bot.wiring import Muse, playing
from bot.wording import en
from tests.e2e.slowly import Slow
from tests.fakes.discord_asked import Asked
from tests.fakes.discord_client import pointed_at
from tests.fakes.discord_message import Message
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_state import Channel, User
from tests.support import FakeClock, ScriptedWriter

PROMPT = 5.0  # seconds: a busy machine is not slow
PAUSE = 0.01  # seconds between edits, where a test has no eye on the pace


@dataclass
class Notes(KeptForDiscord):
    """What the adapter keeps, in memory: it outlives a platform as Redis does."""

    held: dict[str, str] = field(default_factory=dict)

    async def commands(self, scope: str) -> str:
        return self.held.get(scope, "")

    async def note_commands(self, scope: str, note: str) -> None:
        self.held[scope] = note


@dataclass
class Room:
    """A channel with people in it, and what they do there."""

    server: DiscordServer
    channel: Channel
    people: list[User]

    async def ask(self, who: User, prompt: str, **options: object) -> Message:
        """Ask for a round, and wait until it is whole; its message."""
        asked = await self.server.slash(who, self.channel, "muse", prompt=prompt, **options)
        card = await asked.message()
        await self.whole(card)
        return card

    async def whole(self, card: Message) -> None:
        """Wait until a round's message shows it as open."""
        await self.server.until(lambda: "Vote, and you see" in card.text, "the round to be whole")


def votes(card: Message) -> list[str]:
    """The ids of a round's vote buttons, by number."""
    return [each.custom_id for each in card.buttons if each.label == en.VOTE]


async def vote(room: Room, who: User, card: Message, number: int) -> Asked:
    """Vote for an entry on a round's message."""
    return await room.server.click(who, card, votes(card)[number - 1])


async def add(room: Room, who: User, card: Message, text: str) -> Message:
    """Put in a piece of one's own; what the member is told."""
    form = await (await room.server.click(who, card, en.ADD)).modal()
    told = await (await room.server.submit(who, form, {en.FORM_TEXT: text})).private()
    await room.server.until(lambda: text in card.text, "the piece on the card")
    return told


async def close(room: Room, who: User, card: Message) -> Message:
    """Close a round from one's own view of it; the message that tells its result."""
    shown = await (await room.server.click(who, card, en.SHOW)).private()
    closed = await room.server.click(who, shown, en.CLOSE)
    assert en.CLOSED_BY_YOU in (await closed.private()).text

    def told() -> Message | None:
        after = [m for m in room.server.messages(room.channel) if m.id > card.id]
        return next((m for m in after if m.text.startswith("### The votes are in")), None)

    return await room.server.until(told, "the result")


@dataclass
class DiscordTable(Room):
    """What a test has at hand, besides: Muse itself, in this process."""

    platform: DiscordPlatform
    muse: Muse
    writer: ScriptedWriter
    clock: FakeClock
    stop: asyncio.Event


@asynccontextmanager
async def discord_table(
    server: DiscordServer,
    store: Store,
    *,
    notes: Notes | None = None,
    limits: LimitSettings | None = None,
    pause: float = PAUSE,
    people: int = 5,
    slow: Slow | None = None,
    shards: tuple[tuple[int, ...], int] | None = None,
    token: str = "",
    dev: bool = False,
    clock: FakeClock | None = None,
    composers: Composers | None = None,
    meter: Meter | None = None,
) -> AsyncIterator[DiscordTable]:
    """Muse, connected, in a server with a channel and some members."""
    guild = server.guild()
    channel = server.channel(guild)
    members = [server.member(guild, f"Member {n}") for n in range(people)]
    clock, writer, rng, stop = clock or FakeClock(), ScriptedWriter(), Random(1), asyncio.Event()
    with pointed_at(server):
        options = DiscordOptions(
            token or server.token,
            dev_guild=guild.id if dev else None,
            api_url=server.api_url,
            gateway_url=server.gateway_url,
            edit_pause=pause,
            prompt=PROMPT if slow is None else 0.0,
            again=PAUSE,
            shard_ids=shards[0] if shards else None,
            shard_count=shards[1] if shards else None,
        )
        platform = DiscordPlatform(options, notes or Notes(), meter)
        try:
            async with playing(
                store,
                clock,
                composers or Composers.by(writer),
                limits or LimitSettings(),
                "UTC",
                {"discord": platform.stage},
                lambda: rng.getrandbits(32),
                refresh_pause=pause,
            ) as muse:
                app = muse.app if slow is None else slow.over(muse.app)
                running = asyncio.create_task(platform.run(app, stop))
                ready = asyncio.create_task(server.connected(len(shards[0]) if shards else 1))
                await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
                if running.done():
                    ready.cancel()
                    running.result()
                yield DiscordTable(server, channel, members, platform, muse, writer, clock, stop)
                stop.set()
                await running
        finally:
            stop.set()
            await platform.close()
