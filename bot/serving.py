"""``muse run`` and ``muse worker``: the processes that play on platforms, or work for those."""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.errors import SetupError
from bot.logs import configure_logging
from bot.processes import clock_of, composers_of, store_of
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.app import App
    from bot.clock import SystemClock
    from bot.ports import Stage
    from bot.storage.client import Store
    from bot.wiring import Muse

log = logging.getLogger(__name__)

NO_PLATFORM = (
    "There is no platform to play on. Set DISCORD_TOKEN or SLACK_BOT_TOKEN, in the environment or "
    "in .env; `muse try` plays in this terminal without."
)


class Platform(Protocol):
    """A platform as `bot.platforms` makes it: it connects only when it is run."""

    name: str

    @property
    def stage(self) -> Stage:
        """The platform, outbound; in any process."""
        ...

    async def run(self, app: App, stop: asyncio.Event) -> None:
        """Play until `stop`. Raises `SetupError`, `StageFailed`."""
        ...

    async def close(self) -> None:
        """Show what is still to be shown, and let every connection go."""
        ...


async def serve(data: Path | None, *, works: bool = True) -> int:
    """``muse run``: play on every platform that has a token, until it is told to stop.

    Without `works` it leaves writing and closing to workers. Returns the exit status. Raises
    `SetupError`, `StageFailed`.
    """
    settings, stop = _begin(data)
    async with store_of(settings) as store:
        clock = clock_of(settings)
        async with _platforms(settings, store, clock) as platforms:
            if not platforms:
                raise SetupError(NO_PLATFORM)
            stages = {platform.name: platform.stage for platform in platforms}
            async with (
                _playing(settings, store, clock, stages, works=works) as muse,
                _web(settings, platforms),
            ):
                await _until_stopped(muse, platforms, stop)
    return 0


async def work(data: Path | None) -> int:
    """``muse worker``: do what is on the agenda, until it is told to stop.

    Returns the exit status. Raises `SetupError`.
    """
    settings, stop = _begin(data)
    async with store_of(settings) as store:
        clock = clock_of(settings)
        async with _platforms(settings, store, clock) as platforms:
            stages = {platform.name: platform.stage for platform in platforms}
            async with _playing(settings, store, clock, stages):
                log.info("at work")
                await stop.wait()
                log.info("handing back what is under way")
    return 0


def _begin(data: Path | None) -> tuple[Settings, asyncio.Event]:
    """The settings, and the event that SIGTERM and SIGINT set."""
    settings = load_settings(data_dir=data)
    configure_logging(settings.muse.log_level, settings.muse.log_format, settings.secrets())
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return settings, stop


async def _until_stopped(muse: Muse, platforms: Sequence[Platform], stop: asyncio.Event) -> None:
    """Run the platforms until `stop`, or until one of them can't go on."""
    from bot.wiring import GRACE

    running = [asyncio.create_task(each.run(muse.app, stop)) for each in platforms]
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({*running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        log.info("ending: what is in hand is finished or handed back")
    finally:
        stop.set()
        # Both take seconds, and whoever stops a process waits for ten.
        await asyncio.gather(*running, muse.agenda.stop(GRACE), return_exceptions=True)
        stopping.cancel()
    for task in running:
        task.result()


@asynccontextmanager
async def _playing(
    settings: Settings,
    store: Store,
    clock: SystemClock,
    stages: Mapping[str, Stage],
    *,
    works: bool = True,
) -> AsyncIterator[Muse]:
    from bot.wiring import playing

    async with (
        composers_of(settings) as composers,
        playing(
            store,
            clock,
            composers,
            settings.limits,
            settings.muse.timezone,
            stages,
            lambda: secrets.randbits(32),
            budget=settings.budget,
            works=works,
        ) as muse,
    ):
        yield muse


@asynccontextmanager
async def _platforms(
    settings: Settings, store: Store, clock: SystemClock
) -> AsyncIterator[list[Platform]]:
    """Every platform that has a token."""
    from bot.platforms import discord_platform, slack_platform

    made = (discord_platform(settings, store), slack_platform(settings, store, clock))
    platforms: list[Platform] = [platform for platform in made if platform is not None]
    try:
        yield platforms
    finally:
        for platform in platforms:
            await platform.close()


@asynccontextmanager
async def _web(settings: Settings, platforms: Sequence[Platform]) -> AsyncIterator[None]:
    """Muse's web server, with the routes that platforms need."""
    from bot.web import WebServer

    routes = [route for each in platforms for route in getattr(each, "routes", list)()]
    async with WebServer(settings.muse.http_host, settings.muse.http_port, routes):
        yield
