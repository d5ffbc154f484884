"""The store and the agenda as kept, with everything that goes through them counted and timed.

Made in place of the plain ones where somebody watches; where nobody does, nothing is spent.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from bot import figures
from bot.figures import Figure
from bot.ports import Meter
from bot.storage import agenda_items
from bot.storage.agenda import UNBOUNDED, AgendaStore, Claim, Writing
from bot.storage.client import PATIENCE, Store
from bot.storage.connect import Client
from bot.storage.lanes import Ask, Lane

#: What is on record once a script has said these words. An event that comes again is counted
#: again, but for a pick.
_FACTS: Final[Mapping[str, tuple[Figure, list[str]]]] = {
    "round_open": (figures.ROUNDS_OPENED, ["ok"]),
    "round_close": (figures.ROUNDS_CLOSED, ["ok"]),
    "entry_add": (figures.ENTRIES, ["ok"]),
    "vote": (figures.VOTES, ["ok"]),
    "ballot_pick": (figures.DUELS, ["ok", "picked"]),
}


class MeteredStore(Store):
    """A store that times every pipeline, and counts what scripts put on record.

    It looks once at each pipeline, not at each command: in a crowd that is next to nothing.
    """

    def __init__(self, client: Client, meter: Meter, patience: float = PATIENCE) -> None:
        super().__init__(client, patience)
        self._meter = meter

    def _lane(self) -> Lane:
        return _MeteredLane(super()._lane(), self._meter)


class _MeteredLane(Lane):
    """A lane that times what goes over it."""

    def __init__(self, lane: Lane, meter: Meter) -> None:
        self._lane = lane
        self._meter = meter

    async def send(self, batch: list[Ask]) -> list[Ask]:
        """Send a batch, as the lane does."""
        with _noting(self._meter, batch):
            return await self._lane.send(batch)

    async def release(self) -> None:
        """Let its connections go."""
        await self._lane.release()


@contextmanager
def _noting(meter: Meter, batch: list[Ask]) -> Iterator[None]:
    """Note how long a pipeline takes, what breaks or is refused, and what is on record by it."""
    began = time.perf_counter()
    try:
        yield
    except Exception:
        meter.add(figures.STORE_FAILURES)
        raise
    finally:
        meter.took(figures.STORE_TIME, time.perf_counter() - began)
        facts: dict[Figure, int] = {}
        for ask in batch:
            future = ask.future
            if not future.done() or future.cancelled():
                continue  # it is sent again, or nobody waits for it any more
            if future.exception() is not None:
                meter.add(figures.STORE_FAILURES)
            elif ask.script is not None and ask.script.name in _FACTS:
                fact, words = _FACTS[ask.script.name]
                facts[fact] = facts.get(fact, 0) + (future.result()[: len(words)] == words)
        for fact, times in facts.items():
            meter.add(fact, by=times)


class MeteredAgendaStore(AgendaStore):
    """The agenda as kept, which notes how late work is begun, and what is given up."""

    def __init__(self, store: Store, meter: Meter) -> None:
        super().__init__(store)
        self._meter = meter

    async def claim(
        self,
        shard: int,
        now: datetime,
        lease_ends: datetime,
        most: int,
        able: Sequence[str],
        writing: Writing = UNBOUNDED,
    ) -> tuple[Claim, ...]:
        """Take what is due, as `AgendaStore.claim` does."""
        claims = await super().claim(shard, now, lease_ends, most, able, writing)
        for claim in claims:
            verb, _ = agenda_items.read(claim.item)
            late = now.timestamp() - claim.due / 1000
            self._meter.took(figures.AGENDA_LATE, late, verb)
        return claims

    async def give_up(
        self, claim: Claim, lease_ends: datetime, why: str, now: datetime, said: str = ""
    ) -> None:
        """Give an item up, as `AgendaStore.give_up` does."""
        verb, _ = agenda_items.read(claim.item)
        self._meter.add(figures.AGENDA_ITEMS, verb, "given_up")
        await super().give_up(claim, lease_ends, why, now, said)
