"""The processes Muse runs as, from settings to exit status. Each imports what it needs, late."""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bot.clock import SystemClock
from bot.logs import configure_logging
from bot.settings import Settings, load_settings
from bot.storage.embedded import EmbeddedServer

if TYPE_CHECKING:
    from bot.storage.client import Store

log = logging.getLogger(__name__)

PACE = 0.35  # seconds between the deck's pieces, for a person to see them come


async def play_in_terminal(data: Path | None, seed: int | None) -> int:
    """``muse try``: the game in this terminal, or from standard input as a script.

    Returns the exit status. Raises `SetupError`.
    """
    settings = load_settings(data_dir=data)
    configure_logging(settings.muse.log_level, settings.muse.log_format, settings.secrets())
    async with _store(settings) as store:
        from adapters.console.session import Session
        from adapters.console.stage import PLATFORM, ConsoleStage
        from bot.wiring import playing
        from bot.writing.deck import DeckWriter

        scripted = not sys.stdin.isatty()
        if scripted:
            from adapters.console.script import plain_printer, play_script

            say = plain_printer(sys.stdout)
        else:
            from adapters.console.chat import chat, styled_printer

            say = styled_printer()
        clock, stage = _clock(settings), ConsoleStage(say)
        rng = Random(seed) if seed is not None else secrets.SystemRandom()
        async with playing(
            store,
            clock,
            DeckWriter(pace=0.0 if scripted else PACE),
            settings.limits,
            settings.muse.timezone,
            {PLATFORM: stage},
            lambda: rng.getrandbits(32),
            refresh_pause=0.0,
        ) as muse:
            session = Session(muse.app, clock, stage, muse.settle, say)
            if scripted:
                await muse.settle()  # what fell due while nobody was here
                return await play_script(session, sys.stdin, say)
            return await chat(session, settings.muse.data_dir / "history")


async def work(data: Path | None) -> int:
    """``muse worker``: do what is on the agenda, until it is told to stop.

    Returns the exit status. Raises `SetupError`.
    """
    settings = load_settings(data_dir=data)
    configure_logging(settings.muse.log_level, settings.muse.log_format, settings.secrets())
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _store(settings) as store:
        from bot.wiring import playing
        from bot.writing.deck import DeckWriter

        async with playing(
            store,
            _clock(settings),
            DeckWriter(),
            settings.limits,
            settings.muse.timezone,
            {},
            lambda: secrets.randbits(32),
        ):
            log.info("at work")
            await stop.wait()
            log.info("handing back what is under way")
    return 0


def _clock(settings: Settings) -> SystemClock:
    """The clock; the terminal may shift it, so that the shift is kept with the data."""
    return SystemClock(settings.muse.clock_file or settings.muse.data_dir / "clock")


@asynccontextmanager
async def _store(settings: Settings) -> AsyncIterator[Store]:
    """The store on the Redis that the settings name, or on one of Muse's own."""
    server: EmbeddedServer | None = None
    if settings.redis.url is None:
        server = EmbeddedServer(settings.muse.data_dir, settings.muse.redis_server)
        server.spawn()
    else:
        settings.muse.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        from bot.wiring import open_store  # slow to import: meanwhile the server starts

        if server is not None:
            await server.ready()
            store = await open_store(server.url)
        else:
            assert settings.redis.url is not None
            store = await open_store(settings.redis.url.get_secret_value())
        try:
            yield store
        finally:
            await store.close()
    finally:
        if server is not None:
            await server.stop()
