"""The agenda as kept: leases, heartbeats, retries and the list of what was given up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.storage import agenda_items, keys
from bot.storage.client import Store, script
from bot.storage.round_records import moment
from bot.storage.votes import milliseconds, pairs


@dataclass(frozen=True, slots=True)
class Claim:
    """An item taken under a lease. `tries` counts this beginning too; `due` is when it was due,
    or when the lease ended that it was under before, in milliseconds.
    """

    shard: int
    item: str
    tries: int
    due: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Writing:
    """How much writing may be taken: `most` in all, `share` for one community, which counts what
    it has under way already (`held`).
    """

    most: int
    share: int
    held: Mapping[str, int] = field(default_factory=dict)


_SAID = 300  # characters
UNBOUNDED = Writing(1 << 30, 1 << 30)


class AgendaStore:
    """The repository of the agenda: one sorted set a shard."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, item: str, when: datetime) -> None:
        """Put an item on the agenda of its community's shard; one that is there stays."""
        _, ref = agenda_items.read(item)
        shard = keys.shard(ref.community)
        await self._store.run(
            script("agenda_add"), (keys.agenda(shard),), (item, milliseconds(when))
        )

    async def drop(self, item: str, when: datetime) -> None:
        """Strike an item that is still due at that moment, if nobody does it already."""
        _, ref = agenda_items.read(item)
        shard = keys.shard(ref.community)
        await self._store.run(
            script("agenda_done"),
            (keys.agenda(shard), keys.agenda_tries(shard)),
            (item, milliseconds(when), ""),
        )

    async def claim(
        self,
        shard: int,
        now: datetime,
        lease_ends: datetime,
        most: int,
        able: Sequence[str],
        writing: Writing = UNBOUNDED,
    ) -> tuple[Claim, ...]:
        """Take up to `most` items of a shard that are due, under a lease.

        `able` is what may be taken: verbs, and ``verb@platform`` for what needs a platform.
        """
        held = [
            part
            for community, count in writing.held.items()
            if keys.shard(community) == shard
            for part in (community, count)
        ]
        bounds = (most, writing.most, writing.share, len(able))
        reply = await self._store.run(
            script("agenda_claim"),
            (keys.agenda(shard), keys.agenda_tries(shard)),
            (milliseconds(now), milliseconds(lease_ends), *bounds, *able, *held),
        )
        return tuple(
            Claim(shard, item, int(tries), int(due))
            for item, tries, due in zip(reply[::3], reply[1::3], reply[2::3], strict=True)
        )

    async def next(self, after: datetime) -> datetime | None:
        """The moment after this one at which something falls due next; None where nothing does."""
        ranged = (f"({milliseconds(after)}", "+inf", "WITHSCORES", "LIMIT", 0, 1)
        found = await asyncio.gather(
            *(
                self._store.call("ZRANGEBYSCORE", keys.agenda(shard), *ranged)
                for shard in range(keys.SHARDS)
            )
        )
        return min((moment(each[1]) for each in found if each), default=None)

    async def hold(self, claims: Mapping[Claim, datetime], lease_ends: datetime) -> frozenset[str]:
        """Prolong the leases of what is still being done, each from the end it has now.

        Returns the items that somebody else has taken meanwhile.
        """

        async def one(shard: int) -> list[str]:
            args: list[str | int] = [milliseconds(lease_ends)]
            for claim, ends in claims.items():
                if claim.shard == shard:
                    args += (claim.item, milliseconds(ends))
            lost: list[str] = await self._store.run(
                script("agenda_hold"), (keys.agenda(shard),), args
            )
            return lost

        shards = {claim.shard for claim in claims}
        lost = await asyncio.gather(*(one(shard) for shard in shards))
        return frozenset(item for items in lost for item in items)

    async def done(self, claim: Claim, lease_ends: datetime) -> bool:
        """Strike an item, unless it was given a new time under way; whether it was struck."""
        reply = await self._store.run(
            script("agenda_done"),
            (keys.agenda(claim.shard), keys.agenda_tries(claim.shard)),
            (claim.item, milliseconds(lease_ends), claim.tries),
        )
        return bool(reply)

    async def later(
        self, claim: Claim, lease_ends: datetime, when: datetime, *, fresh: bool = False
    ) -> None:
        """Do it at another time; `fresh` forgets how often it was begun."""
        await self._later(claim, lease_ends, str(milliseconds(when)), "", "fresh" if fresh else "")

    async def put_off(self, claim: Claim, lease_ends: datetime, when: datetime) -> None:
        """Do it at another time, as what was begun once before."""
        await self._later(claim, lease_ends, str(milliseconds(when)), "", "begun")

    async def hand_back(self, claim: Claim, lease_ends: datetime, now: datetime) -> None:
        """Leave to somebody else what was claimed and not begun: it does not count as a try."""
        await self._later(claim, lease_ends, str(milliseconds(now)), "", "unbegun")

    async def give_up(
        self, claim: Claim, lease_ends: datetime, why: str, now: datetime, said: str = ""
    ) -> None:
        """Put an item on the list of what an organiser should see; `said` is what they may read."""
        note = {"why": why, "said": said[:_SAID], "at": milliseconds(now), "tries": claim.tries}
        await self._later(claim, lease_ends, "", json.dumps(note), "")

    async def dead(self) -> dict[str, str]:
        """What was given up: item → why, as JSON."""
        found: dict[str, str] = {}
        for shard in range(keys.SHARDS):
            flat = await self._store.call("HGETALL", keys.agenda_dead(shard))
            found.update(pairs(flat))
        return found

    async def _later(
        self, claim: Claim, lease_ends: datetime, when: str, note: str, count: str
    ) -> None:
        await self._store.run(
            script("agenda_later"),
            (
                keys.agenda(claim.shard),
                keys.agenda_tries(claim.shard),
                keys.agenda_dead(claim.shard),
            ),
            (claim.item, milliseconds(lease_ends), when, note, count, claim.tries),
        )
