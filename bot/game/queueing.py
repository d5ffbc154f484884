"""How long a new round would wait to be written, where more is asked for than can be written."""

from __future__ import annotations

from datetime import timedelta

from bot.ports import Clock
from bot.storage.writing_line import WritingLine

WRITTEN_IN = 10  # seconds that a round takes to be written, about
SOON = timedelta(seconds=2)  # what has been due for less is about to be begun
LONGEST_LEASE = timedelta(seconds=13)
STEP = 10  # seconds: nobody is told anything finer


class Queue:
    """Looks at what is under way and what waits, everywhere."""

    def __init__(self, line: WritingLine, clock: Clock) -> None:
        self._line = line
        self._clock = clock

    async def wait(self, community: str) -> int:
        """About how many seconds a round of the community would wait; 0 where it would not.

        Its own rounds are written one after the other, in its share of the writers; with others
        it takes turns.
        """
        now = self._clock.now()
        ahead = await self._line.ahead(community, now - SOON, now + LONGEST_LEASE)
        turns = max(
            ahead.own_waiting / max(1, ahead.own_running),
            ahead.communities / max(1, ahead.running),
        )
        return int(turns * WRITTEN_IN / STEP + 0.5) * STEP
