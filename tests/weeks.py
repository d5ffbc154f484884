"""Challenges at a table, and quick ways to play them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from bot.cards import Card
from bot.challenge import Challenge
from bot.challenge_requests import (
    ChallengeRef,
    Enter,
    StartChallenge,
)
from bot.game.composing import Composers
from bot.requests import Request
from bot.settings import LimitSettings
from bot.storage.challenges import Challenges
from bot.storage.client import Store
from bot.storage.contributions import Contributions
from bot.storage.plans import PlanStore
from bot.wiring import Muse, compose
from tests.support import (
    FakeClock,
    MemoryStage,
    ScriptedWriter,
    Table,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEXTS = {
    "ana": "The last bus knows us all by our coughs.",
    "ben": "Nobody rings the bell twice in this street.",
    "cy": "My grandmother salted the snow before it fell.",
    "dee": "I keep a drawer for keys that fit nothing yet.",
}


def composed(
    store: Store,
    clock: FakeClock,
    composers: Composers,
    stage: MemoryStage,
    platform: str = "test",
) -> Muse:
    """A process, with what `composers` has."""
    rng = Random(1)
    return compose(
        store,
        clock,
        composers,
        LimitSettings(),
        "UTC",
        {platform: stage},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
    )


class Week:
    """Challenges at a table, and quick ways to play them."""

    def __init__(
        self,
        store: Store,
        clock: FakeClock,
        stage: MemoryStage,
        writer: ScriptedWriter,
        composers: Composers | None = None,
    ) -> None:
        """With a model, unlike elsewhere, unless `composers` have none."""
        self.composers = composers or Composers(writer, writer, writer)
        muse = composed(store, clock, self.composers, stage)
        self.table = table = Table(muse, clock, stage, writer)
        self.challenges = Challenges(table.muse.store)
        self.plans = PlanStore(table.muse.store)
        self.contributions = Contributions(table.muse.store)

    async def boss(self, request: Request) -> Card:
        return await self.table.do(request, "boss", manages=True)

    async def now(self) -> Challenge:
        latest = await self.challenges.latest((await self.table.community()).id)
        assert latest is not None
        return latest

    async def ref(self) -> ChallengeRef:
        challenge = await self.now()
        return ChallengeRef(challenge.community, challenge.id)

    async def begin(self, theme: str = "what the rain keeps") -> Challenge:
        await self.boss(StartChallenge(theme))
        return await self.now()

    async def enter(self, *names: str) -> None:
        for name in names:
            await self.table.do(Enter(TEXTS[name]), name)

    async def until(self, when: datetime) -> None:
        self.table.clock.shift(when - self.table.clock.now())
        await self.table.muse.settle()

    def posted(self, step: str) -> list[Card]:
        keyed = {k: v for k, v in self.table.stage.posts.items() if f".{step}." in k}
        return list(keyed.values())
