"""From one stage to the next, each once, whichever process is first and however late it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from bot.challenge import Challenge, ChallengeState, Contender, Contribution
from bot.challenge_requests import ChallengeRef
from bot.game.challenges.pooling import FEWEST, drawn, people_of, pool_of, together
from bot.game.challenges.scheduling import quiet_span, voting_ends
from bot.models import RoundRef
from bot.ports import Clock
from bot.storage import agenda_items as items
from bot.storage.challenges import Challenges
from bot.storage.contributions import Contributions
from bot.storage.outputs import Outputs
from bot.storage.plans import Changed
from bot.storage.results import ResultStore

log = logging.getLogger(__name__)

TRIES = 20  # members forget themselves while the pool is made
FEWEST_OF_EXAMPLE = 2  # entries at all: an organiser may be alone


@dataclass(frozen=True, slots=True)
class Chance:
    """What is drawn: 32 bits, and a salt that nobody can guess."""

    seed: Callable[[], int]
    salt: Callable[[], str]


class Advancing:
    """The agenda's work at the deadline and at the close."""

    def __init__(
        self,
        challenges: Challenges,
        contributions: Contributions,
        outputs: Outputs,
        results: ResultStore,
        clock: Clock,
        nudge: Callable[[str], None],
        chance: Chance,
    ) -> None:
        self._challenges = challenges
        self._contributions = contributions
        self._outputs = outputs
        self._results = results
        self._clock = clock
        self._nudge = nudge
        self._chance = chance

    async def advance(self, ref: RoundRef) -> datetime | None:
        """Take a challenge on, where it is time; else when it is."""
        named = ChallengeRef(ref.community, ref.round)
        for _ in range(TRIES):
            challenge = await self._challenges.read(named)
            if challenge is None or not challenge.running:
                return None
            try:
                again = await self._advanced(named, challenge)
            except Changed:
                continue
            self._nudge(ref.community)
            return again
        raise RuntimeError("what was put in changes all the time")

    async def _advanced(self, ref: ChallengeRef, challenge: Challenge) -> datetime | None:
        now = self._clock.now()
        if challenge.state is ChallengeState.VOTING:
            if now < challenge.closes:
                return challenge.closes
            return await self._challenges.end(challenge, "closed", now, [items.count(ref)])
        if now < challenge.deadline:
            return challenge.deadline
        put_in = await self._contributions.all(ref)
        people = len(people_of(put_in))
        if challenge.example:
            if len(put_in) < FEWEST_OF_EXAMPLE:
                return await self._challenges.end(challenge, "quiet", now, [items.count(ref)])
        elif people < FEWEST:
            return await self._quiet(ref, challenge, now)
        pool = await self._pool(challenge, put_in, people)
        closes = voting_ends(challenge, now)
        tell = await self._tell(ref, "voting")
        if (early := await self._challenges.freeze(challenge, pool, closes, now, tell)) is None:
            log.info("voting has begun in challenge %s of %s", ref.challenge, ref.community)
        return early or closes

    async def _quiet(
        self, ref: ChallengeRef, challenge: Challenge, now: datetime
    ) -> datetime | None:
        """Too few take part: longer once, then over, with what there is shown."""
        ends = quiet_span(challenge)
        if challenge.extended or ends.deadline <= now:
            return await self._challenges.end(challenge, "quiet", now, [items.count(ref)])
        tell = await self._tell(ref, "extended")
        await self._challenges.extend(challenge, ends.deadline, ends.closes, now, tell=tell)
        return ends.deadline

    async def _pool(
        self, challenge: Challenge, put_in: tuple[Contribution, ...], people: int
    ) -> list[Contender]:
        # Aliases are seen before the close, and 32 bits can be tried through.
        rng = Random(f"{self._chance.seed()} {self._chance.salt()}")
        outputs = await self._outputs.latest(challenge.community)
        counted = await asyncio.to_thread(together, put_in, outputs)
        own = drawn(put_in, 3 * len(put_in) if challenge.example else people, rng)
        secret = await self._results.secret(challenge.community, self._chance.salt())
        return pool_of([*counted, *own], rng, secret, self._chance.salt)

    async def _tell(self, ref: ChallengeRef, step: str) -> list[str]:
        spaces = await self._challenges.spaces(ref.community)
        return [items.proclaim(ref, step, space) for space in spaces]
