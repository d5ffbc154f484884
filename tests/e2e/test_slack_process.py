"""`python -m bot run` on the loopback Slack, as a process of its own: played, killed, removed."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from bot.storage.installations import new_key
from tests.e2e.driving import environment
from tests.e2e.slack_table import button, votes
from tests.fakes.openai_server import MODEL, OpenAIServer
from tests.fakes.openai_turns import hang, slow
from tests.fakes.slack_server import SlackServer
from tests.fakes.slack_state import Channel, Member, Message
from tests.support import ROOT, free_port, raw

STARTING = 30.0  # seconds a busy machine may take to start Python
SOON = 30.0  # or to get round to something
PROMPT = "a lighthouse afraid of the dark"
OWN = "It only ever wanted a night light."


@dataclass
class Place:
    """A Slack, a model, a Redis, and what a process needs to find them."""

    slack: SlackServer
    model: OpenAIServer
    redis: str
    folder: Path
    socket: bool
    port: int = field(default_factory=free_port)
    key: str = field(default_factory=new_key)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def one(self) -> dict[str, str]:
        """The settings for one workspace."""
        return self.slack.socket_env() if self.socket else self.slack.http_env()

    def many(self) -> dict[str, str]:
        """The settings for all workspaces that install Muse."""
        by_socket = {"SLACK_APP_TOKEN": self.slack.app_token} if self.socket else {}
        more = {
            "SLACK_AUTHORIZE_URL": self.slack.authorize_url,
            "MUSE_PUBLIC_URL": self.url,
            "MUSE_ENCRYPTION_KEY": self.key,
        }
        return self.slack.oauth_env() | by_socket | more

    def later(self, seconds: int) -> None:
        """Time passes for Muse."""
        (self.folder / "clock").write_text(f"{seconds}\n", "utf-8")

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")


@pytest.fixture(params=["socket", "http"])
async def place(
    request: pytest.FixtureRequest, empty_url: str, tmp_path: Path
) -> AsyncIterator[Place]:
    async with SlackServer() as slack, OpenAIServer() as model:
        yield Place(slack, model, empty_url, tmp_path, request.param == "socket")


class Running:
    """A Muse of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def kill(self) -> None:
        """`kill -9`."""
        self.process.kill()
        await self.process.wait()

    async def end(self) -> int:
        """Ask it to end; its exit status. Whoever stops a process waits ten seconds for that."""
        begun = time.monotonic()
        self.process.terminate()
        status = await self.process.wait()
        assert time.monotonic() - begun < 10
        return status


@asynccontextmanager
async def muse(place: Place, settings: dict[str, str]) -> AsyncIterator[Running]:
    """Muse as anybody starts it, connected; ended with the block whatever happens."""
    named = {
        "OPENAI_API_KEY": "sk-secret",
        "OPENAI_BASE_URL": place.model.url,
        "OPENAI_MODEL": MODEL,
        "OPENAI_SECONDS": "10",
        "REDIS_URL": place.redis,
        "MUSE_HTTP_PORT": str(place.port),
        "MUSE_CLOCK_FILE": str(place.folder / "clock"),
    }
    with (place.folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--data", str(place.folder)),
            env=environment() | named | settings,
            cwd=ROOT,
            stderr=log,
        )
    try:
        async with asyncio.timeout(STARTING):
            await _ready(place, process)
        if not place.socket:
            place.slack.use_http(f"{place.url}/slack/events")
        yield Running(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _ready(place: Place, process: asyncio.subprocess.Process) -> None:
    """Wait until Muse says that it can play."""
    async with aiohttp.ClientSession() as session:
        while process.returncode is None:
            try:
                async with session.get(f"{place.url}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)
    raise AssertionError(f"it ended:\n{place.log}")


async def whole(slack: SlackServer, room: Channel, entries: int, prompt: str = PROMPT) -> Message:
    """The round’s message, once it has so many entries at least, and no more to come."""

    def look(message: Message) -> bool:
        return (
            prompt in message.says
            and len(votes(message)) >= entries
            and "being written" not in message.says
        )

    return await slack.message_in(room, look, SOON)


def rounds(room: Channel) -> list[Message]:
    return [each for each in room.visible if votes(each)]


async def the_rest(place: Place, room: Channel, people: list[Member], message: Message) -> None:
    """What comes after the prompt: add, remix, votes by many, close, boards."""
    slack = place.slack
    ana, bea, *crowd = people
    opened = await slack.click(bea, message, button(message, "Add yours"))
    form = await opened.view(lambda view: bool(view.body.get("submit")), SOON)
    assert (await slack.submit(bea, form, {"text": OWN})).errors == {}
    await opened.ephemeral("Your piece is in, as 5", SOON)
    await whole(slack, room, 5)

    remixed = await slack.slash(ana, room, "remix 5 told by the moth")
    assert remixed.ack.ok
    message = await whole(slack, room, 6)
    assert "From 5 by bea" in message.says or "bea" in message.says

    buttons = votes(message)
    voted = await asyncio.gather(
        *(slack.click(who, message, buttons[4 if n % 4 else 5]) for n, who in enumerate(crowd))
    )
    for act in voted:
        assert all(ack.ok for ack in act.acks)
        await act.ephemeral("You voted for", SOON)
    told = f"{len(crowd)} people have voted"
    await slack.message_in(room, lambda m: m is message and told in m.says, SOON)

    closed = await slack.slash(ana, room, "close")
    await closed.ephemeral("The round is closed", SOON)
    result = await slack.message_in(room, "The votes are in", SOON)
    assert OWN in result.says
    assert len([m for m in room.visible if "The votes are in" in m.says]) == 1

    top = await slack.slash(crowd[0], room, "top people week")
    board = await top.ephemeral("bea", SOON)
    paged = await slack.click(crowd[0], board, button(board, "pieces"))
    assert OWN in (await paged.ephemeral(OWN, SOON)).says


def seats(slack: SlackServer, crowd: int = 12) -> tuple[list[Member], Channel]:
    people = [slack.member(name) for name in ("ana", "bea")]
    people += [slack.member(f"member{n}") for n in range(crowd)]
    return people, slack.channel("room", members=people)


async def test_the_scenario(place: Place) -> None:
    slack = place.slack
    people, room = seats(slack)
    place.model.script.append(slow(between=0.01))
    async with muse(place, place.one()) as running:
        assert (await slack.slash(people[0], room, PROMPT)).ack.ok
        message = await whole(slack, room, 4)
        assert message.versions > 2, "its entries appeared as they were written"
        await the_rest(place, room, people, message)

        asked = await slack.dm(people[0], "a moth who collects lamps")
        assert asked.channel is not None
        told = await whole(slack, asked.channel, 4, "a moth who collects lamps")
        assert asked.said is not None
        assert told.thread_ts == asked.said.ts
        assert slack.called("chat.startStream"), "in a thread with Muse alone it streams"
        await slack.world.until(
            lambda: slack.called("chat.stopStream") or None, "end of the stream", SOON
        )
        await slack.deliveries.settle()
        assert slack.refusals == []
        assert await running.end() == 0
    assert slack.pings == []
    assert "Traceback" not in place.log
    for secret in (slack.workspace.bot_token, slack.app_token, slack.http.signing_secret):
        assert secret not in place.log


async def test_the_scenario_with_every_event_three_times_a_kill_and_429s(place: Place) -> None:
    slack = place.slack
    people, room = seats(slack)
    slack.deliveries.copies = 3
    place.model.script.append(hang(after=2))
    async with muse(place, place.one()) as running:
        asked = await slack.slash(people[0], room, PROMPT)
        assert [ack.ok for ack in asked.acks] == [True] * 3
        begun = await asked.message(lambda m: "being written" in m.says and m.versions > 1, SOON)
        await running.kill()
    place.later(60)  # the lease of who was killed is over
    slack.faults.limit("chat.update", seconds=1, times=3)
    async with muse(place, place.one()) as running:
        message = await whole(slack, room, 4)
        assert message is begun, "the one that was begun is finished, and there is no other"
        assert rounds(room) == [message]
        slack.faults.limit("chat.update", seconds=1, times=2)
        await the_rest(place, room, people, message)
        assert len(rounds(room)) <= 2  # the round, and its result's
        assert await running.end() == 0
    assert {each.method for each in slack.refusals} <= {"chat.update", "slash_commands"}
    assert "Traceback" not in place.log


async def test_an_uninstall_in_the_middle(place: Place) -> None:
    slack = place.slack
    slack.workspace.installed = False
    people, room = seats(slack, crowd=3)
    other = slack.add_workspace("Elsewhere", installed=False)
    eve = slack.member("eve", other)
    theirs = slack.channel("theirs", [eve], other)
    place.model.script.append(hang(after=2))
    async with muse(place, place.many()) as running:
        for visitor in (people[0], eve):
            status, page = await slack.oauth.install(f"{place.url}/slack/install", visitor)
            assert status == 200, page
        asked = await slack.slash(people[0], room, PROMPT)
        begun = await asked.message(lambda m: "being written" in m.says and m.versions > 1, SOON)
        first = slack.workspace.bot_token
        await slack.uninstall()
        told = len(slack.called("chat.postMessage"))
        refused = await slack.slash(people[1], room, "a moth")
        assert refused.ack.ok
        async with raw(place.redis) as ask:
            kept = str(await ask("KEYS", "installation:*"))
        assert slack.workspace.id not in kept
        assert other.id in kept
        assert len(slack.called("chat.postMessage")) == told
        refusals = [line for line in place.log.splitlines() if "refused" in line]
        assert len(refusals) == 1

        assert (await slack.slash(eve, theirs, "a moth")).ack.ok  # others play on
        await whole(slack, theirs, 4, "a moth")
        status, page = await slack.oauth.install(f"{place.url}/slack/install", people[0])
        assert status == 200, page
        assert slack.workspace.bot_token != first
        place.later(600)  # the model gives up, and what was begun is tried again
        message = await whole(slack, room, 4)
        assert message is begun
        assert rounds(room) == [message]
        assert await running.end() == 0
    assert "Traceback" not in place.log
    assert first not in place.log
