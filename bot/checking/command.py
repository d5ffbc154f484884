"""`muse check`: all checks at once, each within its time, and what they found, printed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot import __version__
from bot.checking.discord_checks import discord_checks
from bot.checking.findings import Finding, as_json, fine, hide, note, of_error, passed, table, wrong
from bot.checking.model_checks import model_checks
from bot.checking.redis_checks import redis_checks
from bot.checking.slack_checks import slack_checks
from bot.checking.web_checks import web_checks
from bot.errors import SetupError
from bot.logs import configure_logging
from bot.settings import Settings, load_settings

SECONDS = 15.0  # that all checks together may take
Check = Callable[[Settings], Awaitable[list[Finding]]]
CHECKS: tuple[tuple[str, Check], ...] = (
    ("Redis", redis_checks),
    ("Discord", discord_checks),
    ("Slack", slack_checks),
    ("model", model_checks),
    ("web server", web_checks),
)


async def check(data: Path | None, say: Callable[[str], None], *, as_object: bool = False) -> int:
    """Try everything once and print what was found; the exit status: 0 where nothing is wrong.

    `data` is what ``--data`` says, `as_object` asks for JSON.
    """
    found, secrets = await _found(data)
    shown = hide(found, secrets)
    say(as_json(shown, __version__) if as_object else table(shown))
    return 0 if passed(shown) else 1


async def _found(data: Path | None) -> tuple[list[Finding], tuple[str, ...]]:
    """All findings, and the secrets that none of them may show."""
    try:
        settings = load_settings(data_dir=data)
    except SetupError as error:
        lines = str(error).split("\n")
        return [of_error("settings", SetupError(line)) for line in lines], ()
    # What is wrong is in the table; the log is for what nobody thought of.
    level = "debug" if settings.muse.log_level == "debug" else "error"
    configure_logging(level, settings.muse.log_format, settings.secrets())
    looked = await asyncio.gather(*(_within(about, one, settings) for about, one in CHECKS))
    found = [_settled(settings), *(each for some in looked for each in some)]
    return found, settings.secrets()


def _settled(settings: Settings) -> Finding:
    platforms = (settings.discord.token, settings.slack.bot_token, settings.slack.client_id)
    if not any(platforms):
        return note("settings", "read; no platform is set up, `muse try` plays in the terminal")
    return fine("settings", "read")


async def _within(about: str, look: Check, settings: Settings) -> list[Finding]:
    try:
        async with asyncio.timeout(SECONDS):
            return await look(settings)
    except TimeoutError:
        says = f"It could not be looked at within {SECONDS:g} s."
        return [wrong(about, says, "Look whether it is up, and whether this machine reaches it.")]
