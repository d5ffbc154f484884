"""discord.py's errors as Muse's own: one clear sentence each. The only translation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from adapters.discord import words
from bot.errors import SetupError, StageFailed

#: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes
ALREADY_ANSWERED, UNKNOWN_INTERACTION = 40060, 10062
TOO_MANY = 429  # of HTTP
_SAID = {
    10003: words.CHANNEL_GONE,
    10004: words.CHANNEL_GONE,
    10008: words.MESSAGE_GONE,
    10011: words.ROLE_GONE,
    30003: words.PINS_FULL,
    30038: words.EVENTS_FULL,
    50001: words.NO_PERMISSION,
    50005: words.MESSAGE_GONE,
    50007: words.NO_DM,
    50013: words.NO_PERMISSION,
    50083: words.THREAD_ARCHIVED,
}
_OUTSIDE = (OSError, TimeoutError, aiohttp.ClientError)


class OutcomeUnknown(StageFailed):
    """Discord may have taken it, or not."""


class RateLimited(StageFailed):
    """Discord asks Muse to wait."""


class NotPermitted(StageFailed):
    """Muse may not do that there."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise discord.py's errors as `StageFailed`, each with one sentence for people."""
    try:
        yield
    except discord.RateLimited as error:
        raise RateLimited(words.TOO_FAST) from error
    except discord.DiscordServerError as error:
        raise OutcomeUnknown(words.UNREACHED) from error
    except discord.Forbidden as error:
        raise NotPermitted(_sentence(error)) from error
    except discord.HTTPException as error:
        if error.status == TOO_MANY:  # which the library has waited for and tried again already
            raise RateLimited(words.TOO_FAST) from error
        raise StageFailed(_sentence(error)) from error
    except _OUTSIDE as error:
        raise OutcomeUnknown(words.UNREACHED) from error


def _sentence(error: discord.HTTPException) -> str:
    said = _SAID.get(error.code)
    if said is None and error.status == 404:
        said = words.CHANNEL_GONE
    return said or words.NOT_TAKEN.format(status=error.status, code=error.code)


@contextmanager
def signing_in() -> Iterator[None]:
    """Raise what goes wrong with a token as `SetupError`, and the rest as `StageFailed`."""
    try:
        with translated():
            yield
    except discord.LoginFailure as error:
        raise SetupError(words.SIGN_IN_REFUSED) from error
