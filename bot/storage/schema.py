"""The version of what is kept, and the steps from each to the next.

A Muse that starts takes the data to its own version, once however many start at once. What a
newer one has written is refused: an older one would misread it. 0 is what was kept before the
version was; there and in an empty Redis there is no key.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from bot.errors import SetupError
from bot.storage import keys
from bot.storage.client import Store, script

log = logging.getLogger(__name__)

Step = Callable[[Store], Awaitable[None]]
"""Takes the data one version on. It may be begun again where it was broken off, so it must be
safe to repeat; nothing else runs on the data meanwhile.
"""


async def _name_the_version(_: Store) -> None:
    """From 0 to 1: from here on the version is kept; all else is as it was."""


#: The n-th takes version n to n + 1.
STEPS: Final[tuple[Step, ...]] = (_name_the_version,)
SCHEMA: Final = len(STEPS)

LOCK_SECONDS = 60  # that a process which dies while it migrates keeps others waiting at most
_LOOK_AGAIN = 0.2  # seconds

NEWER = (
    "This Redis holds data of a newer Muse (version {kept} of the data; this one knows {known}). "
    "Update Muse, or give it another Redis with REDIS_URL."
)
HALF = (
    "An import into this Redis was not finished, so its data are not whole. "
    "Run it again: muse import FILE --replace."
)


async def migrate(store: Store, steps: Sequence[Step] = STEPS) -> int:
    """Take the data to the version that this Muse knows; how many steps that took here.

    Raises `SetupError` where a newer Muse has been here, or an import broke off, and
    `StoreUnavailable`.
    """
    done = 0
    while True:
        kept = known_version(await store.call("GET", keys.SCHEMA), len(steps))
        if kept == len(steps):
            return done
        mine = secrets.token_hex(8)
        if await _locked(store, mine):
            try:
                # Another may have gone on between the look and the lock.
                kept = known_version(await store.call("GET", keys.SCHEMA), len(steps))
                for number in range(kept, len(steps)):
                    level = logging.INFO if number else logging.DEBUG  # 0: most often empty
                    log.log(level, "taking the data from version %d to %d", number, number + 1)
                    await _held(store, mine, steps[number])
                    await store.call("SET", keys.SCHEMA, number + 1)
                    done += 1
            finally:
                await store.run(script("lock_free"), (keys.SCHEMA_LOCK,), (mine,))
        else:
            await asyncio.sleep(_LOOK_AGAIN)


def known_version(kept: str | None, newest: int = SCHEMA) -> int:
    """The version of data that `keys.SCHEMA` holds `kept` for.

    Raises `SetupError` where they are not whole, or newer than `newest`.
    """
    if kept == keys.HALF:
        raise SetupError(HALF)
    version = int(kept or 0)
    if version > newest:
        raise SetupError(NEWER.format(kept=version, known=newest))
    return version


async def _locked(store: Store, mine: str) -> bool:
    """Whether the lock is this process's now, or is still."""
    reply = await store.run(script("lock_take"), (keys.SCHEMA_LOCK,), (mine, LOCK_SECONDS))
    return bool(reply)


async def _held(store: Store, mine: str, step: Step) -> None:
    """Do a step, however long it takes, and keep the lock meanwhile."""

    async def keep() -> None:
        while True:
            await asyncio.sleep(LOCK_SECONDS / 4)
            await _locked(store, mine)

    keeping = asyncio.create_task(keep())
    try:
        await step(store)
    finally:
        keeping.cancel()
