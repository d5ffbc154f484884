"""The store and the agenda as kept, with everything that goes through them counted and timed.

Made in place of the plain ones where somebody watches; where nobody does, nothing is spent.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from bot import figures
from bot.figures import Figure
from bot.ports import Meter
from bot.storage import agenda_items
from bot.storage.agenda import AgendaStore, Claim
from bot.storage.client import PATIENCE, Arg, Reply, Script, Store
from bot.storage.connect import Client

#: What is on record once a script has said ok. An event that comes again is counted again.
_FACTS: Final[Mapping[str, Figure]] = {
    "round_open": figures.ROUNDS_OPENED,
    "round_close": figures.ROUNDS_CLOSED,
    "entry_add": figures.ENTRIES,
    "vote": figures.VOTES,
}


class MeteredStore(Store):
    """A store that times every round trip, and counts what scripts put on record."""

    def __init__(self, client: Client, meter: Meter, patience: float = PATIENCE) -> None:
        super().__init__(client, patience)
        self._meter = meter

    def run(self, which: Script, keys: Sequence[str], args: Sequence[Arg]) -> Awaitable[Reply]:
        """Run a script, as `Store.run` does."""
        return self._timed(super().run(which, keys, args), _FACTS.get(which.name))

    def call(self, *command: Arg) -> Awaitable[Reply]:
        """Run one plain command, as `Store.call` does."""
        return self._timed(super().call(*command), None)

    def _timed(self, asked: Awaitable[Reply], fact: Figure | None) -> Awaitable[Reply]:
        future: asyncio.Future[Reply] = asyncio.ensure_future(asked)
        future.add_done_callback(self._noting(time.perf_counter(), fact))
        return future

    def _noting(self, began: float, fact: Figure | None) -> Callable[[asyncio.Future[Reply]], None]:
        def note(future: asyncio.Future[Reply]) -> None:
            if future.cancelled():
                return
            self._meter.took(figures.STORE_TIME, time.perf_counter() - began)
            if future.exception() is not None:
                self._meter.add(figures.STORE_FAILURES)
            elif fact is not None and future.result()[:1] == ["ok"]:
                self._meter.add(fact)

        return note


class MeteredAgendaStore(AgendaStore):
    """The agenda as kept, which notes how late work is begun, and what is given up."""

    def __init__(self, store: Store, meter: Meter) -> None:
        super().__init__(store)
        self._meter = meter

    async def claim(
        self, shard: int, now: datetime, lease_ends: datetime, most: int, able: Sequence[str]
    ) -> tuple[Claim, ...]:
        """Take what is due, as `AgendaStore.claim` does."""
        claims = await super().claim(shard, now, lease_ends, most, able)
        for claim in claims:
            verb, _ = agenda_items.read(claim.item)
            late = now.timestamp() - claim.due / 1000
            self._meter.took(figures.AGENDA_LATE, late, verb)
        return claims

    async def give_up(self, claim: Claim, lease_ends: datetime, why: str, now: datetime) -> None:
        """Give an item up, as `AgendaStore.give_up` does."""
        verb, _ = agenda_items.read(claim.item)
        self._meter.add(figures.AGENDA_ITEMS, verb, "given_up")
        await super().give_up(claim, lease_ends, why, now)
