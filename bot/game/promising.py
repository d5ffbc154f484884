"""What is about to be shown is on the agenda until it is: whoever dies over it, another goes on."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.game.delivery import Promises
from bot.models import Round
from bot.ports import Clock
from bot.requests import RoundRef
from bot.storage import agenda_items as items
from bot.storage.agenda import AgendaStore

LATER = timedelta(seconds=10)  # by then a process that lives has shown it


class ShownLater(Promises):
    """Puts the showing of a round on the agenda, and strikes it once it is shown."""

    def __init__(self, agenda: AgendaStore, clock: Clock) -> None:
        self._agenda = agenda
        self._clock = clock
        self._made: dict[RoundRef, datetime] = {}

    async def make(self, round_: Round) -> None:
        """Have somebody show the round in ten seconds; what was promised before is put off."""
        ref = RoundRef(round_.community, round_.id)
        item = items.show(ref, round_.address.space.platform)
        before, when = self._made.get(ref), self._clock.now() + LATER
        self._made[ref] = when
        if before is not None:
            await self._agenda.drop(item, before)
        await self._agenda.add(item, when)

    async def keep(self, round_: Round) -> None:
        """It is shown. An item that was there before, or is being done, stays."""
        ref = RoundRef(round_.community, round_.id)
        when = self._made.pop(ref, None)
        if when is not None:
            await self._agenda.drop(items.show(ref, round_.address.space.platform), when)
