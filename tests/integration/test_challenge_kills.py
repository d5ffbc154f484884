"""A challenge whose processes are killed: after any step of any work, another one goes on and each
thing is there once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from random import Random

import pytest

from bot.cards import Card
from bot.challenge import Challenge, ChallengeState
from bot.challenge_requests import (
    CancelChallenge,
    ChallengeRef,
    Enter,
    RunChallenges,
    SetPlan,
)
from bot.game.composing import Composers
from bot.models import Address, Image, MessageRef, UserRef
from bot.ports import Stage
from bot.requests import Request
from bot.settings import LimitSettings
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.challenges import Challenges
from bot.storage.client import Arg, Reply, Script, Store
from bot.storage.contributions import Contributions
from bot.storage.plans import PlanStore
from bot.wiring import Muse, compose
from tests.support import ADDRESS, SPACE, FakeClock, MemoryStage, ScriptedWriter, Table

TEXTS = {
    "ana": "The last bus knows us all by our coughs.",
    "ben": "Nobody rings the bell twice in this street.",
    "cy": "My grandmother salted the snow before it fell.",
}


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Life:
    """What a process does with the world outside it, until it dies: before its `left`-th step is
    done, or right after.
    """

    left: int
    after: bool
    dead: bool = False

    def begins(self) -> None:
        if self.dead or (self.left == 0 and not self.after):
            self.dead = True
            raise Killed

    def ends(self) -> None:
        self.left -= 1
        if self.left < 0:
            self.dead = True
            raise Killed


class MortalStore(Store):
    """A store of a process that dies."""

    def __init__(self, store: Store, life: Life) -> None:
        self._through, self._life = store, life

    async def run(self, which: Script, keys: object = (), args: object = ()) -> Reply:
        self._life.begins()
        reply = await self._through.run(which, keys, args)  # type: ignore[arg-type]
        self._life.ends()
        return reply

    async def call(self, *command: Arg) -> Reply:
        self._life.begins()
        reply = await self._through.call(*command)
        self._life.ends()
        return reply


class MortalStage(Stage):
    """A stage of a process that dies."""

    def __init__(self, stage: MemoryStage, life: Life) -> None:
        # What it posted, others see on the platform, and do not know of besides.
        self._through = MemoryStage(stage.posts, stage.states, stage.addresses)
        self._life = life

    async def post(
        self, address: Address, card: Card, key: str, *, doubtful: bool = False
    ) -> MessageRef:
        self._life.begins()
        posted = await self._through.post(address, card, key, doubtful=doubtful)
        self._life.ends()
        return posted

    async def edit(self, message: MessageRef, card: Card) -> None:
        self._life.begins()
        await self._through.edit(message, card)
        self._life.ends()

    async def keep(self, message: MessageRef, image: Image, name: str) -> str:
        return await self._through.keep(message, image, name)

    async def display_name(self, user: UserRef) -> str:
        return user.id


def _compose(store: Store, clock: FakeClock, composers: Composers, stage: Stage) -> Muse:
    rng = Random(1)
    return compose(
        store,
        clock,
        composers,
        LimitSettings(),
        "UTC",
        {"test": stage},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
    )


class Weeks:
    """Challenges that begin by the plan, one a week, each with a process that is killed."""

    def __init__(
        self, store: Store, clock: FakeClock, stage: MemoryStage, writer: ScriptedWriter
    ) -> None:
        self.store, self.clock, self.stage = store, clock, stage
        self.composers = Composers(writer, writer, writer)
        self.table = Table(_compose(store, clock, self.composers, stage), clock, stage, writer)
        self.challenges = Challenges(store)
        self.plans = PlanStore(store)
        self.community = ""

    async def boss(self, request: Request) -> None:
        await self.table.do(request, "boss", manages=True)

    async def set_up(self) -> None:
        await self.boss(SetPlan("themes", "deck"))
        await self.boss(RunChallenges())
        self.community = (await self.table.community()).id

    async def due(self) -> None:
        """Be where the next challenge is due, and nothing was done yet."""
        plans = await self.plans.read(self.community)
        assert plans.next is not None
        self.clock.shift(plans.next - self.clock.now())

    async def work(self, item: str, muse: Muse | None = None) -> None:
        """Do one thing that is on the agenda, as whoever claimed it would."""
        verb, named = items.read(item)
        waiting = await self.store.call("ZRANGE", keys.community(self.community).agenda, 0, -1)
        assert item in waiting
        await (muse or self.table.muse).agenda._work[verb](named)

    async def killed(self, item: str, life: Life) -> bool:
        """Have a process do it that dies, and another go on; whether it did die."""
        store, stage = MortalStore(self.store, life), MortalStage(self.stage, life)
        # As claiming it would: so the next one knows that it was begun.
        await self.store.call("HINCRBY", keys.community(self.community).tries, item, 1)
        try:
            await self.work(item, _compose(store, self.clock, self.composers, stage))
        except Killed:
            return True
        return False

    async def begin(self) -> Challenge:
        await self.due()
        await self.work(items.begin(self.community))
        return await self.now()

    async def now(self) -> Challenge:
        latest = await self.challenges.latest(self.community)
        assert latest is not None
        return latest

    async def over(self) -> None:
        await self.boss(CancelChallenge("only its beginning is looked at"))

    def posted(self, step: str) -> int:
        return len([key for key in self.stage.posts if f".{step}." in key])


@pytest.fixture
async def weeks(
    store: Store, clock: FakeClock, stage: MemoryStage, writer: ScriptedWriter
) -> Weeks:
    made = Weeks(store, clock, stage, writer)
    await made.set_up()
    return made


kills = pytest.mark.parametrize("after", [False, True], ids=["before", "after"])


@kills
async def test_killed_after_any_step_of_beginning_each_week_begins_once(
    weeks: Weeks, after: bool
) -> None:
    shared = keys.community(weeks.community)
    themes: list[str] = []
    for n in count():
        await weeks.due()
        due = weeks.clock.now()
        died = await weeks.killed(items.begin(weeks.community), Life(n, after))
        await weeks.table.muse.settle()
        challenge = await weeks.now()
        assert (challenge.number, challenge.opened, challenge.running) == (n + 1, due, True)
        plans = await weeks.plans.read(weeks.community)
        assert (plans.count, plans.next) == (n + 1, due + timedelta(days=7))
        assert await weeks.store.call("ZCARD", shared.challenges) == n + 1
        assert weeks.posted("opened") == n + 1
        themes.insert(0, challenge.theme)
        assert await weeks.store.call("LRANGE", shared.themed, 0, -1) == themes[:20]
        await weeks.over()
        if not died:
            assert n > 3
            return


@kills
async def test_killed_after_any_step_of_competing_muse_has_four_entries(
    weeks: Weeks, after: bool
) -> None:
    contributions = Contributions(weeks.store)
    for n in count():
        challenge = await weeks.begin()
        ref = ChallengeRef(weeks.community, challenge.id)
        died = await weeks.killed(items.compete(ref), Life(n, after))
        before = {each.key: each for each in await contributions.all(ref)}
        await weeks.table.muse.settle()
        made = await contributions.all(ref)
        assert [each.key for each in made] == ["a1", "a2", "a3", "a4"]
        assert len({each.text for each in made}) == 4
        assert {each.key: each for each in made if each.key in before} == before, "they stay"
        await weeks.over()
        if not died:
            assert n > 7
            return


@kills
async def test_killed_after_any_step_of_telling_each_step_is_told_once(
    weeks: Weeks, after: bool
) -> None:
    told = Counter[str]()
    for n in count():
        challenge = await weeks.begin()
        ref = ChallengeRef(weeks.community, challenge.id)
        died = [await weeks.killed(items.proclaim(ref, "opened", SPACE), Life(n, after))]
        await weeks.table.muse.settle()
        for name, text in TEXTS.items():
            await weeks.table.do(Enter(text), name)
        for step in ("voting", "results"):
            current = await weeks.now()
            ends = current.deadline if step == "voting" else current.closes
            weeks.clock.shift(ends - weeks.clock.now())
            await weeks.work(items.advance(ref))
            if step == "results":
                await weeks.work(items.count(ref))
            item = items.proclaim(ref, step, SPACE)
            died.append(await weeks.killed(item, Life(n, after)))
            await weeks.table.muse.settle()
        assert (await weeks.now()).state is ChallengeState.CLOSED
        for step in ("opened", "voting", "results"):
            told[step] += 1
            assert weeks.posted(step) == told[step], step
            message = await weeks.challenges.message(ref, step, ADDRESS)
            assert message is not None
            assert message.id in weeks.stage.posts
        left = await weeks.store.call("ZRANGE", keys.community(weeks.community).agenda, 0, -1)
        assert not [item for item in left if item.startswith("proclaim@")]
        if not any(died):
            assert n > 5
            return
