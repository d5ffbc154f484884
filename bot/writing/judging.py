"""Judging texts by a model: what is asked of a moderator, and what its failures mean here.

A text is judged once a minute at most. Where the moderator is only welcome, not required, a
text passes when it fails, and it is left alone for a while; where the service has none, it is
not asked again.
"""

from __future__ import annotations

import asyncio
import logging
from enum import StrEnum
from typing import Protocol

from bot.errors import OutsideError
from bot.turns import outside

log = logging.getLogger(__name__)

KEPT = 60.0  # seconds a text's verdict is remembered
REST = 30.0  # seconds a moderator that failed is left alone, where it is not required
_REMEMBERED = 5_000  # texts


class ModerationFailed(OutsideError):
    """The moderator gave no verdict."""


class ModerationMissing(ModerationFailed):
    """The service has no moderation at all."""


class Moderator(Protocol):
    """Says of a text whether it may not stand: `bot.writing.openai_moderator`."""

    async def objects(self, text: str) -> bool:
        """Whether it objects to `text`. Raises `ModerationFailed`."""
        ...


class Verdict(StrEnum):
    """What is known of a text."""

    FINE = "fine"
    OBJECTED = "objected"
    UNKNOWN = "unknown"  #: it had to be judged, and could not be


class Judge:
    """Asks the moderator, as far as there is one and it answers."""

    def __init__(self, moderator: Moderator | None = None, *, required: bool = False) -> None:
        """`required`: a text that could not be judged is not to pass."""
        self._moderator = moderator
        self._required = required
        self._known: dict[str, tuple[float, Verdict]] = {}
        self._rests_until = 0.0
        self._failing = False

    async def verdict(self, text: str) -> Verdict:
        """What the moderator says of `text`; nothing raises."""
        if self._moderator is None:
            return Verdict.FINE
        now = asyncio.get_running_loop().time()
        known = self._known.get(text)
        if known is not None and now < known[0]:
            return known[1]
        if now < self._rests_until:
            return Verdict.FINE
        try:
            async with outside():
                objected = await self._moderator.objects(text)
        except ModerationFailed as failure:
            return self._failed(failure, now)
        self._failing = False
        verdict = Verdict.OBJECTED if objected else Verdict.FINE
        self._known.pop(text, None)  # so that the oldest is the first again
        if len(self._known) >= _REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[text] = (now + KEPT, verdict)
        return verdict

    def _failed(self, failure: ModerationFailed, now: float) -> Verdict:
        if self._required:
            log.warning("a text was refused because it could not be moderated: %s", failure)
            return Verdict.UNKNOWN
        if isinstance(failure, ModerationMissing):
            log.info("the model's service has no moderation; a community's own rules hold")
            self._moderator = None
        else:
            if not self._failing:
                log.warning("texts are not moderated by the model now: %s", failure)
            self._failing = True
            self._rests_until = now + REST
        return Verdict.FINE
