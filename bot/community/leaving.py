"""Muse is removed from a space: what it keeps stays for a while, then the community is erased."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.models import RoundRef, SpaceRef
from bot.ports import Clock
from bot.storage.departures import Departures

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)


class Leaving:
    """What follows when Muse is removed from a space or added again, and the agenda's work."""

    def __init__(self, departures: Departures, clock: Clock) -> None:
        self._departures = departures
        self._clock = clock

    async def left(self, space: SpaceRef) -> None:
        """Note that Muse was removed from a space, or with an organisation's installation from all
        that it came to by it; what it keeps of them and of those within goes in 30 days.
        """
        now = self._clock.now()
        for each in await self._departures.places(space):
            kept = await self._departures.left(each, now, now + KEPT)
            if not kept:  # nothing that would have to wait for its end
                await self._departures.let_go(each)
            elif each.outer is None:
                log.info("Muse was removed from a space of %s", space.platform)

    async def returned(self, space: SpaceRef) -> None:
        """Note that Muse is there (again), by the space's own installation or as an organisation:
        nothing is erased. Cheap, and safe to say often.
        """
        await self._departures.apart(space)
        await self._back(space)

    async def came_with(self, space: SpaceRef, whole: SpaceRef) -> None:
        """Note that Muse is in a space by an organisation's installation, and goes with it."""
        await self._departures.put_under(space, whole)
        await self._back(space)

    async def _back(self, space: SpaceRef) -> None:
        for each in await self._departures.places(space):
            if await self._departures.back(each) and each.outer is None:
                log.info("Muse is back in a space of %s", space.platform)

    async def erase(self, ref: RoundRef) -> datetime | None:
        """Let go what Muse has been away from long enough; when to look again."""
        now = self._clock.now()
        parting = await self._departures.part(ref.community, now, KEPT)
        if not parting.erased:
            return parting.again
        if await self._departures.erase(ref.community, now):
            log.info("community %s was erased", ref.community)
        return None
