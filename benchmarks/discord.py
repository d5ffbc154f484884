"""Clicks on a round's Vote button a second on Discord, 32 at once, to the acknowledged vote.

Muse, as `python -m bot run`, keeps each vote in Redis and answers with the member's receipt.
Against discord.py with a `DynamicItem` that matches the same buttons and only defers: it keeps
nothing and tells nobody anything (`benchmarks.discord_deferring`). Both are processes of their
own, connected in turn to one loopback Discord in this process.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks.harness import Compared, Goal, Row, a_second, interleave, rate, scaled, server
from bot.storage.embedded import EmbeddedServer
from tests.fakes.discord_message import Message
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_state import Channel, User

PAIRS, CROWD, MEMBERS = 8, 32, 640
GOAL = Goal(0.8, least=True)
NAME = "32 clicks at once on Discord"
_STARTING = 30.0  # seconds


def measure(size: float = 1.0) -> list[Row]:
    """The rows of this benchmark."""
    return asyncio.run(_compare(size))


async def _compare(size: float) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="muse-bench-") as folder:
        async with server() as embedded, DiscordServer(lawless=True) as there:
            guild = there.guild()
            channel = there.channel(guild)
            count = scaled(MEMBERS, size, CROWD)
            members = [there.member(guild, f"Member {n}") for n in range(count)]
            scene = _Scene(there, embedded, channel, members, folder)
            figures = await interleave(scaled(PAIRS, size, 2), scene.muse, scene.dynamic_item)
    return [Compared(*figures).row(NAME, a_second, "a DynamicItem that defers", GOAL)]


@dataclass
class _Scene:
    """A server full of members, and the round that they vote in."""

    there: DiscordServer
    redis: EmbeddedServer
    channel: Channel
    members: Sequence[User]
    folder: str
    card: Message | None = None

    async def muse(self) -> float:
        """Muse, on a new round."""
        async with self._process("-m", "bot", "run", "--data", self.folder):
            self.card = await self._round()
            return await self._clicks(self.card)

    async def dynamic_item(self) -> float:
        """The other, on the same message."""
        assert self.card is not None, "Muse comes first"
        async with self._process("-m", "benchmarks.discord_deferring"):
            return await self._clicks(self.card)

    async def _round(self) -> Message:
        prompt = f"a lighthouse {secrets.token_hex(4)}"
        asked = await self.there.slash(self.members[0], self.channel, "muse", prompt=prompt)
        card = await asked.message()
        await self.there.until(lambda: "No votes yet" in card.text, "the round", _STARTING)
        return card

    async def _clicks(self, card: Message) -> float:
        """Every member votes once; how many votes a second are acknowledged."""
        votes = [each.custom_id for each in card.buttons if each.label == "Vote"]

        async def some(own: Sequence[User]) -> None:
            for at, who in enumerate(own):
                asked = await self.there.click(who, card, votes[at % len(votes)])
                await asked.acknowledged()

        work = (some(self.members[n::CROWD]) for n in range(CROWD))
        return await rate(len(self.members), work)

    @asynccontextmanager
    async def _process(self, *arguments: str) -> AsyncIterator[None]:
        """A bot, connected, until the block ends."""
        told = {
            "DISCORD_TOKEN": self.there.token,
            "DISCORD_API_URL": self.there.api_url,
            "DISCORD_GATEWAY_URL": self.there.gateway_url,
            "REDIS_URL": self.redis.url,
            "MUSE_HTTP_PORT": "0",
            "MUSE_LOG_LEVEL": "error",
        }
        running = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, env={**os.environ, **told}
        )
        try:
            await self.there.connected(patience=_STARTING)
            yield
        finally:
            running.terminate()
            await running.wait()
            await self.there.until(lambda: not self.there.gateway.live, "the end", _STARTING)
