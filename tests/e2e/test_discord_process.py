"""`python -m bot run` on the loopback Discord, as anybody starts it, with a model behind it:
one evening, whatever happens; killed; ended.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web

from bot.wording import en
from tests.e2e.discord_table import Room, add, close, vote, votes
from tests.e2e.driving import environment
from tests.fakes.discord_asked import Asked
from tests.fakes.discord_message import Message
from tests.fakes.discord_server import DiscordServer
from tests.fakes.openai_server import MODEL, Call, OpenAIServer, Turn
from tests.fakes.openai_turns import answer
from tests.support import ROOT

EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
ORIGINAL = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
STARTING = 30.0  # seconds a busy machine may take to start Python
CROWD = 12
FIRST, ITS_END = "Barnacles keep the hours.", "Nobody asked the moths."


def held(gate: asyncio.Event) -> Turn:
    """A model that stops after its first piece, until it is let go."""

    async def turn(call: Call) -> web.StreamResponse:
        texts = [FIRST, *(call.server.piece(call.rng) for _ in range(call.ask - 2)), ITS_END]
        whole = answer(texts, call.angles)
        cut = whole.index("}") + 1
        response = await call.open()
        await call.send(response, {"role": "assistant", "content": whole[:cut]})
        await gate.wait()
        await call.send(response, {"content": whole[cut:]}, "stop")
        await call.end(response, len(whole))
        return response

    return turn


@dataclass
class House(Room):
    """A channel full of people, a model, and where Muse keeps things."""

    model: OpenAIServer
    redis: str
    folder: Path

    @property
    def log(self) -> str:
        """What every process has said so far."""
        return (self.folder / "log").read_text("utf-8")

    @asynccontextmanager
    async def muse(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """Muse, connected; killed with the block if nobody ended it before."""
        there = {
            "DISCORD_TOKEN": self.server.token,
            "DISCORD_API_URL": self.server.api_url,
            "DISCORD_GATEWAY_URL": self.server.gateway_url,
            "OPENAI_API_KEY": "sk-very-secret-0123456789",
            "OPENAI_BASE_URL": self.model.url,
            "OPENAI_MODEL": MODEL,
            "REDIS_URL": self.redis,
            "MUSE_HTTP_PORT": "0",
            "MUSE_CLOCK_FILE": str(self.folder / "clock"),
        }
        with (self.folder / "log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--data", str(self.folder)),
                env=environment() | there,
                cwd=ROOT,
                stderr=log,
            )
        try:
            await self.server.connected(patience=STARTING)
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            await self.server.disconnected()

    async def begin(self, gate: asyncio.Event) -> tuple[Asked, Message]:
        """Ask for a round of which one piece is shown; the model waits with the rest."""
        self.model.script.append(held(gate))
        asked = await self.server.slash(self.people[0], self.channel, "muse", prompt="a lighthouse")
        assert (await asked.acknowledged()).kind == "defer"
        card = await asked.message()
        await self.server.until(lambda: FIRST in card.text, "the first piece to be shown")
        assert (len(votes(card)), en.ROUND_WRITING in card.text) == (1, True)
        return asked, card

    def ours(self) -> list[Message]:
        """What Muse has said in the channel."""
        said = self.server.messages(self.channel)
        return [each for each in said if each.author is self.server.world.bot]


@pytest.fixture
async def house(empty_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(DiscordServer())
        model = await stack.enter_async_context(OpenAIServer())
        server.world.ack_window = 60.0  # a busy machine is not slow
        guild = server.guild()
        people = [server.member(guild, f"Member {n}") for n in range(CROWD)]
        yield House(server, server.channel(guild), people, model, empty_url, tmp_path)


async def evening(house: House, trouble: Callable[[], None]) -> None:
    """From a prompt to the boards; `trouble` is made while pieces come and while people vote."""
    server, (ana, bea, *crowd) = house.server, house.people
    gate = asyncio.Event()
    _, card = await house.begin(gate)
    trouble()
    gate.set()
    await house.whole(card)
    assert len(votes(card)) == 4
    assert FIRST in card.text

    told = await add(house, bea, card, "The dark was afraid of it first.")
    assert "as 5" in told.text
    receipt = await (await vote(house, ana, card, 5)).private()
    form = await (await server.click(ana, receipt, "Remix 5")).modal()
    sent = await server.submit(ana, form, {en.FORM_REMIX_TEXT: "told by the moth"})
    assert "with your twist" in (await sent.private()).text
    remixing = en.ROUND_REMIXING.partition("{")[0]
    await server.until(lambda: len(votes(card)) > 5 and remixing not in card.text, "the remix")
    assert f"from 5 by <@{bea.id}>" in card.text

    trouble()
    asked = await asyncio.gather(*(vote(house, who, card, 5) for who in crowd))
    receipts = await asyncio.gather(*(each.private() for each in asked))
    assert all("You voted for 5." in each.text for each in receipts)
    count = f"{len(crowd) + 1} people have voted"
    await server.until(lambda: count in card.text, "the number of voters")

    result = await close(house, ana, card)
    assert "The dark was afraid of it first." in result.text
    assert f"{len(crowd) + 1} of {len(crowd) + 1}" in result.text
    await server.until(lambda: not votes(card), "the card to be closed")
    top = await (await server.slash(ana, house.channel, "top")).private()
    assert "The dark was afraid of it first." in top.text
    people = await (await server.click(ana, top, "people")).updated()
    assert f"<@{bea.id}>" in people.text
    angles = await (await server.click(ana, people, "angles")).updated()
    assert angles.text.startswith("### Top angles")
    assert house.ours() == [card, result]
    assert not any(each.pinged for each in house.ours())


def nothing(_: House) -> None:
    """All goes well."""


def drop(house: House) -> None:
    """The gateway's connection breaks; what is told meanwhile comes when it is back."""
    house.server.gateway.drop()


def limit(house: House) -> None:
    """Discord asks to slow down, whenever a message is to be changed."""
    for route in (EDIT, ORIGINAL):
        house.server.limit_next(route, 0.05, times=2)


def repeat(house: House) -> None:
    """Whatever anybody does is told twice."""
    house.server.deliveries = 2


@pytest.mark.parametrize("trouble", [nothing, drop, limit, repeat])
async def test_an_evening(house: House, trouble: Callable[[House], None]) -> None:
    async with house.muse() as process:
        await evening(house, lambda: trouble(house))
        begun = time.monotonic()
        process.terminate()
        assert await process.wait() == 0
        assert time.monotonic() - begun < 10  # what whoever stops a process waits for
    server = house.server
    # A second answer to what came twice is refused by Discord, and nothing else is.
    assert {each.rule for each in server.broken} <= ({"ack_once"} if trouble is repeat else set())
    if trouble is drop:
        assert [each.resumed for each in server.gateway.sessions.values()] == [2]
    if trouble is limit:
        assert {each.status for each in server.requests(EDIT)} == {200, 429}
    assert "Traceback" not in house.log
    assert " error " not in house.log
    assert server.token not in house.log


async def test_killed_while_it_writes_another_goes_on(house: House) -> None:
    ana, bea, *_ = house.people
    gate = asyncio.Event()
    async with house.muse() as process:
        _, card = await house.begin(gate)
        assert "You voted for" in (await (await vote(house, bea, card, 1)).private()).text
        process.kill()
        await process.wait()
    gate.set()
    (house.folder / "clock").write_text("60")  # the lease of who was killed is over
    async with house.muse() as process:
        await house.whole(card)
        assert (len(votes(card)), card.text.count(FIRST)) == (4, 1)
        assert ITS_END not in card.text  # that call died with its process
        assert "One person has voted" in card.text
        told = await (await vote(house, ana, card, 2)).private()  # a button from before
        assert "You voted for 2." in told.text
        process.terminate()
        assert await process.wait() == 0
    assert house.ours() == [card]
    assert house.server.broken == []


async def test_killed_before_it_could_answer_another_does(house: House) -> None:
    ana, bea, *_ = house.people
    stopped = house.server.hold(ORIGINAL)
    async with house.muse() as process:
        asked = await house.server.slash(ana, house.channel, "muse", prompt="a lighthouse")
        await house.server.until(lambda: stopped.waiting, "the round to be posted")
        process.kill()
        await process.wait()
    stopped.release()
    (house.folder / "clock").write_text("60")
    async with house.muse():
        card = await asked.message()
        await house.whole(card)
        assert "You voted for 1." in (await (await vote(house, bea, card, 1)).private()).text
    assert house.ours() == [card]


async def test_ended_while_it_writes_it_hands_the_round_back(house: House) -> None:
    """Whoever starts next goes on at once: no lease has to end before."""
    gate = asyncio.Event()
    async with house.muse() as process:
        _, card = await house.begin(gate)
        begun = time.monotonic()
        process.terminate()
        assert await process.wait() == 0
        assert time.monotonic() - begun < 10
    gate.set()
    async with house.muse():
        await house.whole(card)
        assert len(votes(card)) == 4
        await (await vote(house, house.people[1], card, 1)).private()
        result = await close(house, house.people[0], card)
    assert house.ours() == [card, result]
    assert house.server.broken == []
    assert "Traceback" not in house.log
