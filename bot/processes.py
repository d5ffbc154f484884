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
from bot.errors import SetupError
from bot.logs import configure_logging
from bot.settings import Settings, load_settings
from bot.storage.embedded import EmbeddedServer

if TYPE_CHECKING:
    from bot.storage.client import Store
    from bot.writing.engine import Engine

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

        scripted = not sys.stdin.isatty()
        if scripted:
            from adapters.console.script import open_script, plain_printer, play_script

            say = plain_printer(open_script(sys.stdin, sys.stdout))
        else:
            from adapters.console.chat import chat, styled_printer

            say = styled_printer()
        clock, stage = _clock(settings), ConsoleStage(say)
        rng = Random(seed) if seed is not None else secrets.SystemRandom()
        async with (
            _engine(settings, pace=0.0 if scripted else PACE) as engine,
            playing(
                store,
                clock,
                engine,
                settings.limits,
                settings.muse.timezone,
                {PLATFORM: stage},
                lambda: rng.getrandbits(32),
                refresh_pause=0.0,
            ) as muse,
        ):
            may_wait = settings.redis.url is None or settings.muse.clock_file is not None
            session = Session(muse.app, clock, stage, muse.settle, say, may_wait=may_wait)
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

        async with (
            _engine(settings) as engine,
            playing(
                store,
                _clock(settings),
                engine,
                settings.limits,
                settings.muse.timezone,
                {},
                lambda: secrets.randbits(32),
            ),
        ):
            log.info("at work")
            await stop.wait()
            log.info("handing back what is under way")
    return 0


def _clock(settings: Settings) -> SystemClock:
    """The clock. On a server of Muse's own the terminal may shift it, and the shift is kept
    with the data; a Redis of others' is shared, and only a file that all name shifts it.
    """
    if settings.muse.clock_file is None and settings.redis.url is None:
        return SystemClock(settings.muse.data_dir / "clock")
    return SystemClock(settings.muse.clock_file)


@asynccontextmanager
async def _engine(settings: Settings, pace: float = 0.0) -> AsyncIterator[Engine]:
    """What writes rounds: the model that the settings name, or the deck alone."""
    from bot.writing.calls import Sampling, Timeouts
    from bot.writing.deck import DeckWriter
    from bot.writing.engine import Engine

    deck, openai = DeckWriter(pace), settings.openai
    if openai.api_key is None and openai.base_url is None:
        yield Engine(None, deck)
        return
    from bot.writing.openai_writer import OpenAIWriter

    async with OpenAIWriter(
        api_key=openai.api_key.get_secret_value() if openai.api_key else None,
        base_url=openai.base_url,
        model=openai.model,
        sampling=Sampling(openai.temperature, openai.top_p, openai.reasoning_effort),
        timeouts=Timeouts(whole=openai.seconds),
    ) as model:
        yield Engine(model, deck, openai.seconds)


@asynccontextmanager
async def _store(settings: Settings) -> AsyncIterator[Store]:
    """The store on the Redis that the settings name, or on one of Muse's own."""
    server: EmbeddedServer | None = None
    if settings.redis.url is None:
        server = EmbeddedServer(settings.muse.data_dir, settings.muse.redis_server)
        server.spawn()
    else:
        try:
            settings.muse.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as wrong:
            raise SetupError(
                f"{settings.muse.data_dir} can't be used as Muse's folder ({wrong.strerror}). "
                "Choose another with --data or MUSE_DATA_DIR."
            ) from wrong
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
