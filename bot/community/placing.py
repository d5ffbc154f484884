"""Where a place that joins a community is told of its challenges."""

from __future__ import annotations

from dataclasses import replace

from bot.models import Address
from bot.storage.audit import Deed
from bot.storage.links import Move
from bot.storage.plans import Changed, Ordered, PlanStore
from bot.storage.refusals import ForeignSpace

TRIES = 5


class Placing:
    """Has the challenges of a community announced in a place that has joined it."""

    def __init__(self, plans: PlanStore) -> None:
        self._plans = plans

    async def place(self, move: Move) -> bool:
        """Announce them where the code was used, unless an organiser has chosen another channel.

        False where that is still to be chosen: the community has no challenges yet. Who joined it
        is put down with it; nothing is changed where that is not known any more.
        """
        for _ in range(TRIES):
            plans = await self._plans.read(move.to)
            plan = plans.weekly
            if plan.at(move.space) is not None:
                return True
            if not plan.addresses or move.by is None:
                return False
            here = Address(move.space, move.here.channel)
            try:
                await self._plans.put(
                    move.to,
                    plans.changes,
                    replace(plan, addresses=(*plan.addresses, here)),
                    plans.next,
                    Ordered(
                        f"place {move.number} {move.space}",
                        move.space,
                        Deed(move.at, move.by, "plan", "channel"),
                    ),
                    move.at,
                    plans.skip,
                    once=plans.once,
                )
            except Changed:
                continue
            except ForeignSpace:  # it has left again
                return False
            return True
        return False
