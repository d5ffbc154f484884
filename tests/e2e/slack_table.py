"""The game on the fake Slack: the real adapter, the real core, a real Redis, in one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

from aiohttp import web

from adapters.slack.platform import SlackOptions, SlackPlatform
from bot.game.composing import Composers
from bot.models import Origin
from bot.ports import Installations, InstallStates, Meter
from bot.settings import LimitSettings
from bot.storage.client import Store
from bot.wiring import Muse, playing
from tests.e2e.slowly import Slow
from tests.fakes.slack_acted import Acted
from tests.fakes.slack_server import SlackServer
from tests.fakes.slack_state import Channel, Member, Message
from tests.support import FakeClock, ScriptedWriter, free_port


@dataclass
class SlackTable:
    """Everything that a test of the whole looks at."""

    slack: SlackServer
    muse: Muse
    platform: SlackPlatform
    clock: FakeClock
    store: Store
    url: str
    stop: asyncio.Event
    running: asyncio.Task[None]
    writer: ScriptedWriter = field(default_factory=ScriptedWriter)

    async def settle(self) -> None:
        """Wait until everything that is due is done, and every message shows it."""
        for _ in range(2):
            await self.slack.deliveries.settle()
            await self.muse.settle()
            await self.platform.settle()

    async def end(self) -> None:
        """End as a process does: nothing new is taken, and the stage is let go."""
        self.stop.set()
        await self.running
        await self.platform.close()
        self.slack.deliveries.pauses = ()  # nobody is there to be told again

    async def round(self, member: Member, room: Channel, prompt: str) -> Message:
        """A round asked for by command, once it is open."""
        asked = await self.slack.slash(member, room, prompt)
        assert asked.ack.ok
        return await self.opened(asked)

    async def opened(self, acted: Acted) -> Message:
        """The message of the round that an act opened, once it is written."""
        await self.settle()
        return await acted.message(lambda message: bool(votes(message)))


def votes(message: Message) -> list[str]:
    """The ids of a message's vote buttons."""
    accessories = [block.get("accessory") or {} for block in message.body.get("blocks") or []]
    return [a["action_id"] for a in accessories if "~vote~" in a.get("action_id", "")]


def button(message: Message, label: str) -> str:
    """The id of a message's button that reads so."""
    for block in message.body.get("blocks") or []:
        for element in block.get("elements") or []:
            if isinstance(element.get("text"), dict) and label in element["text"]["text"]:
                return str(element["action_id"])
    raise LookupError(label)


@asynccontextmanager
async def slack_table(
    store: Store,
    *,
    socket: bool,
    installations: Installations | None = None,
    states: InstallStates | None = None,
    limits: LimitSettings | None = None,
    slow: Slow | None = None,
    clock: FakeClock | None = None,
    composers: Composers | None = None,
    before: Callable[[SlackServer], object] = lambda _: None,
    meter: Meter | None = None,
) -> AsyncIterator[SlackTable]:
    """The game on Slack by Socket Mode or over signed HTTP, until the block ends. `before` is given
    Slack before Muse comes.
    """
    async with SlackServer() as slack:
        before(slack)
        clock, writer, rng = clock or FakeClock(), ScriptedWriter(Origin.AI), Random(1)
        many, port = installations is not None, free_port()
        options = SlackOptions(
            bot_token=None if many else slack.workspace.bot_token,
            app_token=slack.app_token if socket else None,
            signing_secret=None if socket else slack.http.signing_secret,
            client_id=slack.oauth.client_id if many else None,
            client_secret=slack.oauth.client_secret if many else None,
            public_url=f"http://127.0.0.1:{port}" if many else None,
            api_url=slack.api_url,
            authorize_url=slack.authorize_url,
        )
        platform = SlackPlatform(options, clock, installations, states, meter)
        async with playing(
            store,
            clock,
            composers or Composers.by(writer),
            limits or LimitSettings(),
            "UTC",
            {platform.name: platform.stage},
            lambda: rng.getrandbits(32),
            refresh_pause=0.0,
        ) as muse:
            stop = asyncio.Event()
            running = asyncio.create_task(
                platform.run(slow.over(muse.app) if slow else muse.app, stop)
            )
            async with _entrance(slack, platform, port, socket=socket, running=running):
                try:
                    url = f"http://127.0.0.1:{port}"
                    yield SlackTable(
                        slack, muse, platform, clock, store, url, stop, running, writer
                    )
                finally:
                    await slack.deliveries.settle()
                    stop.set()
                    async with asyncio.timeout(10):
                        await running
        await platform.close()


@asynccontextmanager
async def _entrance(
    slack: SlackServer,
    platform: SlackPlatform,
    port: int,
    *,
    socket: bool,
    running: asyncio.Task[None],
) -> AsyncIterator[None]:
    """The way by which events come: wait for the connection, or serve the routes."""
    app = web.Application()
    app.add_routes(platform.routes())
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        if socket:
            connected = asyncio.ensure_future(slack.socket.connected())
            await asyncio.wait({connected, running}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
        else:
            slack.use_http(f"http://127.0.0.1:{port}/slack/events")
            for _ in range(20_000):
                if running.done() or not await platform.ready():
                    break
                await asyncio.sleep(0.001)
        yield
    finally:
        await runner.cleanup()
