"""Ends a process under which the data became what it must not play on.

The version is looked at when a process starts (`bot.storage.schema`), but an import, or a newer
Muse that takes the data on, may begin while it runs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bot.errors import SetupError, StoreUnavailable
from bot.storage import keys
from bot.storage.client import Store
from bot.storage.schema import known_version

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 30.0  # seconds


@asynccontextmanager
async def while_known(store: Store, every: float = LOOK_EVERY) -> AsyncIterator[None]:
    """The block is cancelled, and `SetupError` raised in its place, as soon as it is seen that
    the data are not whole any more, or are newer than this Muse knows.
    """
    within = asyncio.current_task()
    assert within is not None
    found: list[SetupError] = []

    async def look() -> None:
        while not found:
            await asyncio.sleep(every)
            try:
                known_version(await store.call("GET", keys.SCHEMA))
            except StoreUnavailable:
                pass  # whoever needs Redis says so
            except SetupError as wrong:
                log.error("the data changed under this process, which ends: %s", wrong)  # noqa: TRY400 a sentence
                found.append(wrong)
                within.cancel()

    cancelled_before = within.cancelling()
    looking = asyncio.create_task(look())
    try:
        yield
    except asyncio.CancelledError:
        # As `asyncio.timeout` does it: another's wish to end this is not swallowed.
        if found and within.uncancel() <= cancelled_before:
            raise found[0] from None
        raise
    finally:
        looking.cancel()
