"""`python -m bot run` on the loopback Discord, as a process of its own: played, killed, ended."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.e2e.discord_table import Room, add, close, vote, votes
from tests.e2e.driving import environment
from tests.fakes.discord_server import DiscordServer
from tests.support import ROOT

ANSWER = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
STARTING = 30.0  # seconds a busy machine may take to start Python


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with DiscordServer() as server:
        guild = server.guild()
        channel = server.channel(guild)
        yield Room(server, channel, [server.member(guild, f"Member {n}") for n in range(5)])


class Running:
    """A Muse of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def kill(self) -> None:
        """`kill -9`."""
        self._process.kill()
        await self._process.wait()

    async def end(self) -> int:
        """Ask it to end; its exit status."""
        self._process.terminate()
        return await self._process.wait()


@asynccontextmanager
async def muse(room: Room, redis: str, folder: Path) -> AsyncIterator[Running]:
    """Muse as anybody starts it, connected; ended with the block whatever happens."""
    there = {
        "DISCORD_TOKEN": room.server.token,
        "DISCORD_API_URL": room.server.api_url,
        "DISCORD_GATEWAY_URL": room.server.gateway_url,
        "REDIS_URL": redis,
        "MUSE_HTTP_PORT": "0",
        "MUSE_CLOCK_FILE": str(folder / "clock"),
    }
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--data", str(folder)),
            env=environment() | there,
            cwd=ROOT,
            stderr=log,
        )
    try:
        await room.server.connected(patience=STARTING)
        yield Running(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_the_scenario_with_a_restart_in_it(
    room: Room, empty_url: str, tmp_path: Path
) -> None:
    ana, bea, *others = room.people
    async with muse(room, empty_url, tmp_path) as running:
        card = await room.ask(ana, "a lighthouse afraid of the dark")
        assert len(votes(card)) == 4
        assert await running.end() == 0
    await room.server.until(lambda: not room.server.gateway.live, "the end of the connection")
    async with muse(room, empty_url, tmp_path) as running:  # every button works after it
        assert "as 5" in (await add(room, bea, card, "The dark was afraid of it first.")).text
        for who in (ana, *others):
            assert "You voted for 5." in (await (await vote(room, who, card, 5)).private()).text
        result = await close(room, ana, card)
        assert "The dark was afraid of it first." in result.text
        top = await (await room.server.slash(ana, room.channel, "top")).private()
        assert "The dark was afraid of it first." in top.text
        people = await (await room.server.click(ana, top, "people")).updated()
        assert f"<@{bea.id}>" in people.text
        begun = time.monotonic()
        assert await running.end() == 0
        assert time.monotonic() - begun < 10  # what whoever stops a process waits for
    assert room.server.broken == []


async def test_killed_while_it_writes_another_goes_on(
    room: Room, empty_url: str, tmp_path: Path
) -> None:
    ana, bea, *_ = room.people
    held = room.server.hold(ANSWER)
    async with muse(room, empty_url, tmp_path) as running:
        asked = await room.server.slash(ana, room.channel, "muse", prompt="a lighthouse")
        await room.server.until(lambda: held.waiting, "the round to be posted")
        await running.kill()
    await room.server.until(lambda: not room.server.gateway.live, "the end of the connection")
    held.release()
    (tmp_path / "clock").write_text("60")  # the lease of who was killed is over
    async with muse(room, empty_url, tmp_path) as running:
        card = await asked.message()
        await room.whole(card)
        assert len(votes(card)) == 4
        assert "You voted for 1." in (await (await vote(room, bea, card, 1)).private()).text
        assert await running.end() == 0
    ours = [m for m in room.server.messages(room.channel) if m.author is room.server.world.bot]
    assert ours == [card]
