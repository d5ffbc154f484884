"""``muse run`` and ``muse worker``: the processes that play on platforms, or work for those."""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import signal
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.errors import SetupError
from bot.logs import configure_logging
from bot.metrics import PrometheusMeter
from bot.ports import Ready
from bot.processes import clock_of, composers_of, prepared, store_of
from bot.settings import Settings, load_settings
from bot.tracing import spans

if TYPE_CHECKING:
    from bot.app import App
    from bot.clock import SystemClock
    from bot.ports import Meter, Stage
    from bot.storage.client import Store
    from bot.web import WebServer
    from bot.wiring import Muse

log = logging.getLogger(__name__)

NO_PLATFORM = (
    "There is no platform to play on. Set DISCORD_TOKEN or SLACK_BOT_TOKEN, in the environment or "
    "in .env; `muse try` plays in this terminal without."
)


class Platform(Ready, Protocol):
    """A platform as `bot.platforms` makes it: it connects only when it is run."""

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
    meter = PrometheusMeter(spans=spans())
    async with store_of(settings, meter) as store:
        clock = clock_of(settings)
        async with _platforms(settings, store, clock, meter) as platforms:
            if not platforms:
                raise SetupError(NO_PLATFORM)
            async with _playing(settings, store, clock, platforms, meter, works=works) as muse:
                watched = _Watched(settings, meter, store, clock, muse.agenda.able)
                async with watched.server(platforms):
                    _settle_memory()
                    await _until_stopped(muse, platforms, stop)
    return 0


async def work(data: Path | None) -> int:
    """``muse worker``: do what is on the agenda, until it is told to stop.

    Returns the exit status. Raises `SetupError`.
    """
    settings, stop = _begin(data)
    meter = PrometheusMeter(spans=spans())
    async with store_of(settings, meter) as store:
        clock = clock_of(settings)
        async with (
            _platforms(settings, store, clock, meter) as platforms,
            _playing(settings, store, clock, platforms, meter) as muse,
            AsyncExitStack() as entered,
        ):
            watched = _Watched(settings, meter, store, clock, muse.agenda.able)
            try:
                await entered.enter_async_context(watched.server())
            except SetupError as taken:  # it serves nobody, and beside `muse run` the port is
                log.warning("nobody can watch this worker: %s", taken)
            _settle_memory()
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


def _settle_memory() -> None:
    """Leave what is there by now, the modules above all, out of the collector's rounds: it stays
    until the end, and a whole round over it is a tenth of a second in which nobody is answered.
    """
    gc.freeze()


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
    platforms: Sequence[Platform],
    meter: Meter,
    *,
    works: bool = True,
) -> AsyncIterator[Muse]:
    from bot.wiring import playing

    stages = {platform.name: platform.stage for platform in platforms}
    await prepared(settings)
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
            meter=meter,
        ) as muse,
    ):
        yield muse


@asynccontextmanager
async def _platforms(
    settings: Settings, store: Store, clock: SystemClock, meter: Meter
) -> AsyncIterator[list[Platform]]:
    """Every platform that has a token."""
    from bot.platforms import discord_platform, slack_platform

    made = (
        discord_platform(settings, store, meter),
        slack_platform(settings, store, clock, meter),
    )
    platforms: list[Platform] = [platform for platform in made if platform is not None]
    try:
        yield platforms
    finally:
        for platform in platforms:
            await platform.close()


@dataclass(frozen=True, slots=True)
class _Watched:
    """What the web server shows of this process."""

    settings: Settings
    meter: PrometheusMeter
    store: Store
    clock: SystemClock
    able: Collection[str]

    def server(self, platforms: Sequence[Platform] = ()) -> WebServer:
        """Muse's web server, with the routes that platforms need."""
        from bot.watching import web_server

        routes = [route for each in platforms for route in getattr(each, "routes", list)()]
        muse = self.settings.muse
        return web_server(
            muse.http_host,
            muse.http_port,
            self.meter,
            self.store,
            self.clock,
            self.able,
            platforms,
            routes,
        )
