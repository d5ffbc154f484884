"""Muse's own entries: written when a challenge opens, before any person's can be read."""

from __future__ import annotations

import logging
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.brief import Brief
from bot.challenge import Challenge, ChallengeState, Contribution
from bot.challenge_requests import ChallengeRef
from bot.community.angles import offered
from bot.errors import TooLate, WriterFailed
from bot.game.briefing import Briefing, Scene
from bot.game.challenges.families import family_of
from bot.game.challenges.normalising import normalised
from bot.game.composing import Composer
from bot.models import Draft, Origin, RoundRef
from bot.ports import Clock
from bot.settings import LimitSettings
from bot.stats.lens_choice import choose
from bot.storage.challenges import Challenges
from bot.storage.contributions import Contributions
from bot.storage.knowledge import Knowledge
from bot.storage.memory import Memory

log = logging.getLogger(__name__)

MOST = 4  # entries of Muse's in a challenge, before any is drawn
FORM = "free"
AGAIN = timedelta(minutes=15)  # until a model that would not write anything is asked once more


@dataclass(frozen=True, slots=True)
class Writers:
    """What writes Muse's entries: `model` only where there is one, `example` the deck too."""

    model: Composer | None
    example: Composer


class Competing:
    """The agenda's work of writing Muse's entries. Begun again, it writes those still missing."""

    def __init__(
        self,
        challenges: Challenges,
        contributions: Contributions,
        briefing: Briefing,
        memory: Memory,
        knowledge: Knowledge,
        writers: Writers,
        limits: LimitSettings,
        clock: Clock,
    ) -> None:
        self._challenges = challenges
        self._contributions = contributions
        self._briefing = briefing
        self._memory = memory
        self._knowledge = knowledge
        self._writers = writers
        self._clock = clock
        self._band = range(limits.challenge_min_chars, limits.challenge_max_chars + 1)

    async def compete(self, ref: RoundRef) -> datetime | None:
        """Write what is still missing of Muse's entries; no model, none.

        Where it would write nothing at all it is asked again as long as entries are taken: it is
        told nothing of them then either.
        """
        named = ChallengeRef(ref.community, ref.round)
        challenge = await self._challenges.read(named)
        if challenge is None or challenge.state is not ChallengeState.OPEN:
            return None
        composer = self._writers.example if challenge.example else self._writers.model
        if composer is None or not challenge.plan.addresses:
            return None
        if not challenge.theme:  # it was taken back: there is nothing to write on
            return None
        try:
            await self._write(named, challenge, composer)
        except WriterFailed as failure:
            # At a level that is usually off: a line would tell how few are Muse's in a blind pool.
            # That the model fails is told by what calls it, for challenges as for anything else.
            log.debug("not every entry of Muse’s could be written: %s", failure)
            again = self._clock.now() + AGAIN
            if again < challenge.deadline and not await self._written(named):
                return again
        except TooLate:
            log.debug("challenge %s takes no entries any more", ref.round)
        return None

    async def _write(self, ref: ChallengeRef, challenge: Challenge, composer: Composer) -> None:
        own = await self._written(ref)
        written = {each.key for each in own}
        places = [f"a{n}" for n in range(1, MOST + 1) if f"a{n}" not in written]
        if not places:
            return
        lenses = await self._lenses(challenge, [each.lens for each in own], len(places))
        brief, known = await self._briefing.filled(
            Scene(ref.community, challenge.plan.addresses[0]),
            0,
            Brief(
                prompt=challenge.theme,
                form=FORM,
                lenses=lenses,
                avoid=tuple(each.text for each in own),
                seed=challenge.seed,
            ),
        )
        made = composer.begin(brief, known.context)
        try:
            async with aclosing(made.drafts()) as drafts:
                async for draft in drafts:
                    text = normalised(draft.text)
                    if not places or len(text) not in self._band:
                        continue
                    await self._contributions.write(ref, _contribution(places.pop(0), draft, text))
        finally:
            await known.purse.settle(made.outcome.usage)

    async def _written(self, ref: ChallengeRef) -> list[Contribution]:
        """What Muse has written itself, and only that: nobody else's entry is told to a model."""
        return [each for each in await self._contributions.all(ref) if not each.author]

    async def _lenses(self, challenge: Challenge, taken: list[str], count: int) -> tuple[str, ...]:
        records = await self._memory.lenses(challenge.community)
        angles = await self._knowledge.angles(challenge.community)
        names = [lens.name for lens in offered(angles) if lens.name not in taken]
        return choose(records, names, count, Random(f"challenge {challenge.seed}"))


def _contribution(key: str, draft: Draft, text: str) -> Contribution:
    family = family_of(draft.model) if draft.origin is Origin.AI else ""
    return Contribution(
        key=key,
        text=text,
        origin=draft.origin,
        model=draft.model,
        family=family,
        lens=draft.lens,
    )
