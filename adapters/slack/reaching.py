"""Slack at the start: asked until it answers, so that its trouble ends nobody's game elsewhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from adapters.slack.troubles import RateLimited
from bot.errors import StageFailed

log = logging.getLogger(__name__)

FIRST_PAUSE = 2.0  # seconds before the second try; each later one waits twice as long
LONGEST_PAUSE = 60.0


async def reached(ask: Callable[[], Coroutine[Any, Any, None]], stop: asyncio.Event) -> bool:
    """Whether `ask` got through before `stop`. It is tried again, later each time, as long as it
    raises `StageFailed`; whatever else it raises is raised.
    """
    pause = FIRST_PAUSE
    stopping = asyncio.create_task(stop.wait())
    try:
        while not stop.is_set():
            asking = asyncio.create_task(ask())
            await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)
                break
            try:
                asking.result()
            except StageFailed as unreached:
                least = unreached.seconds if isinstance(unreached, RateLimited) else 0.0
                pause = max(pause, least)
                log.warning("%s It is tried again in %g s.", unreached, pause)
                await asyncio.wait({stopping}, timeout=pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                return True
        return False
    finally:
        stopping.cancel()
