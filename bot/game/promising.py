"""What is about to be shown is on the agenda until it is: whoever dies over it, another goes on.

Whatever changes a round that has a message puts its showing there, in the same script. Here it is
put off while this process is at it, and struck once the round is shown as it stands.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.game.delivery import Promises
from bot.models import RoundRef
from bot.ports import Clock
from bot.storage.rounds import Rounds

LATER = timedelta(seconds=13)  # by then a process that lives has shown it; longer than a lease


class ShownLater(Promises):
    """Keeps the showing of a round on the agenda until it is shown."""

    def __init__(self, rounds: Rounds, clock: Clock) -> None:
        self._rounds = rounds
        self._clock = clock
        self._made: dict[RoundRef, datetime] = {}

    async def make(self, ref: RoundRef) -> None:
        """Have somebody show the round in 13 s, as it stands by then."""
        when = self._clock.now() + LATER
        self._made.pop(ref, None)
        if await self._rounds.showing(ref, when):
            self._made[ref] = when

    async def keep(self, ref: RoundRef) -> None:
        """It is shown. What is due at another time, or has changed since `make`, stays."""
        when = self._made.pop(ref, None)
        if when is not None:
            await self._rounds.shown(ref, when)
