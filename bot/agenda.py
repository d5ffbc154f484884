"""The loop over leased, timed work: write this round, close it, tell its result, let it go.

Each item is the state of a record that is in Redis already. It is claimed under a lease
that a heartbeat prolongs; whoever dies with it loses it when the lease ends, and somebody
else begins again. So every piece of work is idempotent.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.beginnings import PutOff, beginning
from bot.errors import OutsideError, StoreUnavailable
from bot.models import RoundRef
from bot.ports import Clock
from bot.references import known_as
from bot.storage import agenda_items, keys
from bot.storage.agenda import AgendaStore, Claim, Writing
from bot.storage.votes import milliseconds

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=12)  # a dead process's work is free again after this
HEARTBEAT = 3.0  # seconds between prolongations
POLL = 1.0  # seconds between looks at every shard
AT_ONCE = 16  # pieces of work under way in one process
WRITERS = 12  # of them that write: what is quick never waits behind those
SHARE = 8  # of the writers that one community may have: another's prompt finds one free
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=1), timedelta(minutes=5)
TRIES = 12  # then an item goes to the list of the dead

CRASHES = "it was begun so often that it may be what ends the process"

Work = Callable[[RoundRef], Awaitable[datetime | None]]
"""A piece of work: None when it is done, or a moment at which to try again. Raises `PutOff`."""


class _Crashing(Exception):
    """It was begun too often to be begun again."""


class Agenda:
    """One process's share of the agenda.

    `work` maps an item's verb to what is done; those in `staged` need a platform, and are
    done only for `platforms`, which this process speaks to.
    """

    def __init__(
        self,
        store: AgendaStore,
        clock: Clock,
        work: Mapping[str, Work],
        staged: Mapping[str, Work],
        platforms: Iterable[str],
    ) -> None:
        self._store = store
        self._clock = clock
        self._work = {**work, **staged}
        self._able = (*work, *(f"{verb}@{on}" for verb in staged for on in platforms))
        self._running: dict[Claim, asyncio.Task[None]] = {}
        self._leases: dict[Claim, datetime] = {}
        self._renewed: set[Claim] = set()
        self._nudged: set[int] = set()
        self._wake = asyncio.Event()
        self._stopping = False
        self._crowded = False  # at the last look more may have been due than was taken
        # What one look has claimed is under way before another look is answered: `settle`
        # must not find nothing left because the loop is just about to begin it.
        self._looking = asyncio.Lock()

    @property
    def able(self) -> tuple[str, ...]:
        """What this process can do: verbs, and ``verb@platform``."""
        return self._able

    @property
    def verbs(self) -> frozenset[str]:
        """All that there is to be done, here or elsewhere."""
        return frozenset(self._work)

    def nudge(self, community: str) -> None:
        """Look at a community's shard now: something has just become due."""
        self._nudged.add(keys.shard(community))
        self._wake.set()

    async def run(self) -> None:
        """Claim and do what is due, until `stop`."""
        heart = asyncio.create_task(self._beat())
        next_look = 0.0
        try:
            while not self._stopping:
                now = time.monotonic()
                shards: Iterable[int]
                if now >= next_look:
                    shards, next_look = range(keys.SHARDS), now + POLL
                    self._nudged.clear()
                elif self._crowded:  # what is free goes to whoever is next, wherever that is
                    shards = range(keys.SHARDS)
                    self._nudged.clear()
                else:
                    shards, self._nudged = self._nudged, set()
                await self._claim(shards)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(max(0.0, next_look - time.monotonic())):
                        await self._wake.wait()
                self._wake.clear()
        finally:
            heart.cancel()

    async def settle(self) -> None:
        """Do all that is due now and what becomes due by it; return when nothing is left."""
        shards: Iterable[int] = range(keys.SHARDS)
        while True:
            claimed = await self._claim(shards)
            if not claimed and not self._running:
                if isinstance(shards, range):
                    return
                shards = range(keys.SHARDS)
                continue
            await asyncio.gather(*self._running.values(), return_exceptions=True)
            # Of every shard a look takes one thing; of the few where there was any, many.
            shards, self._nudged = self._nudged or range(keys.SHARDS), set()

    async def next(self) -> datetime | None:
        """When something falls due next, here or elsewhere; None where nothing does."""
        return await self._store.next(self._clock.now())

    async def stop(self, grace: float) -> None:
        """Take nothing new, wait `grace` seconds for work in hand, hand the rest back."""
        self._stopping = True
        self._wake.set()
        if self._running:
            await asyncio.wait(self._running.values(), timeout=grace)
        left, leases = dict(self._running), dict(self._leases)
        for task in left.values():
            task.cancel()
        await asyncio.gather(*left.values(), return_exceptions=True)
        for claim, lease in leases.items():
            with contextlib.suppress(StoreUnavailable):
                await self._store.later(claim, lease, self._clock.now())

    async def _claim(self, shards: Iterable[int]) -> int:
        """Claim what is due on `shards` and begin it; how much was begun."""
        async with self._looking:
            return await self._claim_alone(shards)

    async def _claim_alone(self, shards: Iterable[int]) -> int:
        room = AT_ONCE - len(self._running)
        if room <= 0 or self._stopping:
            self._crowded = room <= 0
            return 0
        now = self._clock.now()
        lease = now + LEASE
        looked_at = tuple(shards)
        each = max(1, room // max(1, len(looked_at)))
        under_way = self._writing()
        writers = WRITERS - under_way.total()
        writing = Writing(min(each, writers), SHARE, under_way)
        try:
            found = await asyncio.gather(
                *(
                    self._store.claim(shard, now, lease, each, self._able, writing)
                    for shard in looked_at
                )
            )
        except StoreUnavailable:
            log.warning("the agenda can't be read; looking again")
            return 0
        begun, crowded = 0, writers <= 0 or any(len(claims) >= each for claims in found)
        for claim in self._fairly(under_way, [claim for claims in found for claim in claims]):
            writes = _community(claim)
            # A jump of the clock ends leases early: what is under way here goes on. Where it was
            # put on the agenda anew meanwhile, there may be more to do than when it was begun.
            held = next((held for held in self._running if held.item == claim.item), None)
            if held is not None:
                if claim.due != milliseconds(self._leases[held]):
                    self._renewed.add(held)
                self._leases[held] = lease
            elif self._stopping or begun >= room or (writes and writers <= 0):
                crowded = True  # no room now, or nobody would wait for it
                with contextlib.suppress(StoreUnavailable):
                    await self._store.hand_back(claim, lease, now)
            else:
                self._leases[claim] = lease
                self._running[claim] = asyncio.create_task(self._do(claim))
                begun += 1
                writers -= bool(writes)
        self._crowded = crowded
        return begun

    def _writing(self) -> Counter[str]:
        """How much each community has under way here that writes."""
        return Counter(filter(None, map(_community, self._running)))

    @staticmethod
    def _fairly(under_way: Counter[str], claims: Sequence[Claim]) -> Iterator[Claim]:
        """What is quick first; then always of the community that has least under way, and of
        those the oldest.
        """
        left: list[Claim] = []
        for claim in claims:
            if _community(claim):
                left.append(claim)
            else:
                yield claim
        has = under_way.copy()
        while left:
            claim = min(left, key=lambda each: (has[_community(each)], each.due))
            left.remove(claim)
            has[_community(claim)] += 1
            yield claim

    async def _do(self, claim: Claim) -> None:
        try:
            verb, ref = agenda_items.read(claim.item)
            if claim.tries > TRIES:
                raise _Crashing(CRASHES)  # noqa: TRY301 handled like any failure of it
            with known_as(claim.item), beginning(again=claim.tries > 1):
                again = await self._work[verb](ref)
            if again is None and claim in self._renewed:
                again = self._clock.now()
            if again is None:
                await self._store.done(claim, self._leases[claim])
            else:
                await self._store.later(claim, self._leases[claim], again, fresh=True)
        except PutOff as put_off:
            with contextlib.suppress(StoreUnavailable):
                await self._store.put_off(claim, self._leases[claim], put_off.when)
        except StoreUnavailable:
            # Nothing can be noted now either; the lease ends by itself.
            log.warning("%s waits for Redis", claim.item)
        except Exception as error:  # noqa: BLE001 whatever it is, the item is tried again or shown
            await self._fail(claim, error)
        finally:
            self._running.pop(claim, None)
            self._leases.pop(claim, None)
            self._renewed.discard(claim)
            # Where there was one item there may be more: a look takes few of each shard.
            self._nudged.add(claim.shard)
            self._wake.set()

    async def _fail(self, claim: Claim, error: Exception) -> None:
        now, lease = self._clock.now(), self._leases[claim]
        with contextlib.suppress(StoreUnavailable):
            if claim.tries >= TRIES:
                log.error("%s is given up after %d tries", claim.item, claim.tries, exc_info=error)
                # Of what is not Muse's own error only the kind: its text may hold anything.
                said = str(error) if isinstance(error, OutsideError) else ""
                why = CRASHES if isinstance(error, _Crashing) else type(error).__name__
                await self._store.give_up(claim, lease, why, now, said)
                return
            pause = min(FIRST_RETRY * 2 ** (claim.tries - 1), LONGEST_RETRY)
            log.error(
                "%s failed; again in %.0f s", claim.item, pause.total_seconds(), exc_info=error
            )
            await self._store.later(claim, lease, now + pause)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            held = dict(self._leases)
            if not held:
                continue
            lease = self._clock.now() + LEASE
            try:
                lost = await self._store.hold(held, lease)
                for claim in held.keys() & self._leases.keys():
                    if claim.item not in lost:
                        self._leases[claim] = lease
            except StoreUnavailable:
                log.warning("leases can't be prolonged; somebody else may begin the same work")


def _community(claim: Claim) -> str:
    """The community of a piece of work that writes; empty where it is quick."""
    verb, ref = agenda_items.read(claim.item)
    return ref.community if verb in agenda_items.WRITES else ""
