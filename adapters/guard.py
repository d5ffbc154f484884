"""The one place where an error becomes a card, for every platform."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable

from bot import references
from bot.app import breakdown, refusal
from bot.cards import Reply
from bot.errors import MuseError, OutsideError

log = logging.getLogger(__name__)


async def guarded(serve: Callable[[], Awaitable[Reply]]) -> Reply:
    """What `serve` replies, or the card that says what went wrong. Raises nothing but
    cancellation: whoever asked is always answered.
    """
    try:
        return await serve()
    except OutsideError as error:
        log.warning("a command failed: %s", error)
        return refusal(error)
    except MuseError as error:
        return refusal(error)
    except Exception:
        reference = references.reference() or secrets.token_hex(4)
        log.exception("unexpected, reference %s", reference)
        return breakdown(reference)
