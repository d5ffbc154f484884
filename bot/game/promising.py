"""What is about to be shown is on the agenda until it is: whoever dies over it, another goes on.

Whatever changes a round that has a message puts its showing there, in the same script. Here it is
put off while this process is at it, and struck once the round is shown as it stands.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.game.delivery import Promises
from bot.models import RoundRef
from bot.ports import Clock
from bot.storage.showings import Showings

LATER = timedelta(seconds=13)  # by then a process that lives has shown it; longer than a lease


class ShownLater(Promises):
    """Keeps the showing of a round on the agenda until it is shown."""

    def __init__(self, showings: Showings, clock: Clock) -> None:
        self._showings = showings
        self._clock = clock

    async def make(self, ref: RoundRef) -> datetime | None:
        """Have somebody show the round in 13 s, as it stands by then."""
        when = self._clock.now() + LATER
        return when if await self._showings.showing(ref, when) else None

    async def keep(self, ref: RoundRef, when: datetime) -> bool:
        """It is shown. What is due at another time, or has changed since `make`, stays."""
        return await self._showings.shown(ref, when)

    async def leave(self, ref: RoundRef, when: datetime) -> None:
        """Have it shown now instead, by whoever can: it may be this process that can't."""
        await self._showings.unshown(ref, when, self._clock.now())
