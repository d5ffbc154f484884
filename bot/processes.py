"""What every process is made of, and ``muse try``. Each imports what it needs, late."""

from __future__ import annotations

import asyncio
import logging
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bot.clock import SystemClock
from bot.errors import SetupError
from bot.logs import configure_logging
from bot.settings import Settings, load_settings
from bot.storage.embedded import EmbeddedServer

if TYPE_CHECKING:
    from bot.game.composing import Composers
    from bot.ports import Meter
    from bot.storage.client import Store
    from bot.writing.openai_moderator import OpenAIModerator
    from bot.writing.openai_writer import OpenAIWriter
    from bot.writing.painting import Painter

log = logging.getLogger(__name__)

PACE = 0.35  # seconds between the deck's pieces, for a person to see them come


async def play_in_terminal(data: Path | None, seed: int | None) -> int:
    """``muse try``: the game in this terminal, or from standard input as a script.

    Returns the exit status. Raises `SetupError`.
    """
    settings = load_settings(data_dir=data)
    # Between the lines of a game a log is noise; who sets a level has it.
    level = settings.muse.log_level if "log_level" in settings.muse.model_fields_set else "warning"
    configure_logging(level, settings.muse.log_format, settings.secrets())
    async with store_of(settings) as store:
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
        clock, stage = clock_of(settings), ConsoleStage(say, settings.muse.data_dir / "pictures")
        rng = Random(seed) if seed is not None else secrets.SystemRandom()
        async with (
            composers_of(settings, pace=0.0 if scripted else PACE) as composers,
            playing(
                store,
                clock,
                composers,
                settings.limits,
                settings.muse.timezone,
                {PLATFORM: stage},
                lambda: rng.getrandbits(32),
                refresh_pause=0.0,
                budget=settings.budget,
            ) as muse,
        ):
            may_wait = settings.redis.url is None or settings.muse.clock_file is not None
            session = Session(muse.app, clock, stage, muse.settle, muse.due, say, may_wait=may_wait)
            if scripted:
                await muse.settle()  # what fell due while nobody was here
                return await play_script(session, sys.stdin, say)
            return await chat(session, settings.muse.data_dir / "history")


def clock_of(settings: Settings) -> SystemClock:
    """The clock. On a server of Muse's own the terminal may shift it, and the shift is kept
    with the data; a Redis of others' is shared, and only a file that all name shifts it.
    """
    if settings.muse.clock_file is None and settings.redis.url is None:
        return SystemClock(settings.muse.data_dir / "clock")
    return SystemClock(settings.muse.clock_file)


async def prepared(settings: Settings) -> None:
    """Import now what the first call to a model would: it takes seconds on a busy machine, and
    nothing could be acknowledged meanwhile.
    """
    if settings.openai.api_key is not None or settings.openai.base_url is not None:
        await asyncio.to_thread(import_module, "bot.writing.openai_errors")


@asynccontextmanager
async def composers_of(settings: Settings, pace: float = 0.0) -> AsyncIterator[Composers]:
    """What writes: the model that the settings name and the decks, or the decks alone."""
    from bot.game.composing import Composers
    from bot.writing.deck import DeckWriter
    from bot.writing.engine import Engine
    from bot.writing.invitations import InvitationDeck
    from bot.writing.judging import Judge

    seconds = settings.openai.seconds
    async with (
        model_of(settings) as model,
        _painter(settings) as painter,
        _moderator(settings) as moderator,
    ):
        yield Composers(
            rounds=Engine(model, DeckWriter(pace), seconds),
            prompts=Engine(model, InvitationDeck(), seconds, stand_in=False),
            remixes=Engine(model, None, seconds) if model is not None else None,
            painter=painter,
            judge=Judge(moderator, required=settings.muse.moderation == "on"),
        )


@asynccontextmanager
async def _painter(settings: Settings) -> AsyncIterator[Painter | None]:
    """What paints: the image model that the settings name, if they do."""
    openai = settings.openai
    if openai.image_model is None or (openai.api_key is None and openai.base_url is None):
        yield None
        return
    from bot.writing.openai_painter import OpenAIPainter

    async with OpenAIPainter(
        openai.image_model,
        api_key=openai.api_key.get_secret_value() if openai.api_key else None,
        base_url=openai.base_url,
        size=openai.image_size,
        quality=openai.image_quality,
    ) as painter:
        yield painter


@asynccontextmanager
async def _moderator(settings: Settings) -> AsyncIterator[OpenAIModerator | None]:
    """What judges texts: the moderation of the service that the settings name, unless it is off.

    Raises `SetupError` where it must be asked and no service is named.
    """
    openai, asked = settings.openai, settings.muse.moderation
    unnamed = openai.api_key is None and openai.base_url is None
    if unnamed and asked == "on":
        raise SetupError(
            "MUSE_MODERATION is on, but there is no service to ask. "
            "Set OPENAI_API_KEY or OPENAI_BASE_URL, or MUSE_MODERATION=auto."
        )
    if unnamed or asked == "off":
        yield None
        return
    from bot.writing.openai_moderator import OpenAIModerator

    async with OpenAIModerator(
        api_key=openai.api_key.get_secret_value() if openai.api_key else None,
        base_url=openai.base_url,
        model=openai.moderation_model,
    ) as moderator:
        yield moderator


@asynccontextmanager
async def model_of(settings: Settings) -> AsyncIterator[OpenAIWriter | None]:
    """The model that the settings name, or None where they name none."""
    openai = settings.openai
    if openai.api_key is None and openai.base_url is None:
        yield None
        return
    from bot.writing.calls import Sampling, Timeouts
    from bot.writing.openai_writer import OpenAIWriter

    async with OpenAIWriter(
        api_key=openai.api_key.get_secret_value() if openai.api_key else None,
        base_url=openai.base_url,
        model=openai.model,
        sampling=Sampling(openai.temperature, openai.top_p, openai.reasoning_effort),
        timeouts=Timeouts(whole=openai.seconds),
        most_tokens=settings.budget.most_tokens,
    ) as model:
        yield model


@asynccontextmanager
async def store_of(settings: Settings, meter: Meter | None = None) -> AsyncIterator[Store]:
    """The store on the Redis that the settings name, or on one of Muse's own.

    Raises `SetupError`, also in the midst of the block, once the data can't be played on any more.
    """
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
            store = await open_store(server.url, meter)
        else:
            assert settings.redis.url is not None
            store = await open_store(settings.redis.url.get_secret_value(), meter)
        try:
            from bot.storage.schema_watch import while_known

            async with while_known(store):
                yield store
        finally:
            await store.close()
    finally:
        if server is not None:
            await server.stop()
