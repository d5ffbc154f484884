"""What is hidden, removed, restored or remixed is shown as it stands, though the process that did
it dies before it begins to show it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.community_requests import HideEntry
from bot.models import Draft, Origin, RoundRef, Twist, UserRef
from bot.requests import Ask, Vote
from bot.storage import agenda_items, keys
from bot.storage.audit import Deed
from bot.storage.client import Store
from bot.storage.remixes import Remixes
from bot.storage.report_values import Decision, Outcome
from bot.storage.reports import Reports
from bot.storage.votes import Turn, Votes
from tests.support import SPACE, Table

BO = UserRef("test", "bo")
TWIST = Twist("e1", 1, BO, 1, "with gulls")


class Scene:
    """A round that is open and shown, and a process that does something and nothing besides."""

    def __init__(self, table: Table, ref: RoundRef) -> None:
        self.table, self.ref, self.clock = table, ref, table.clock
        self.reports = Reports(table.muse.store, table.rounds)
        self.remixes = Remixes(table.muse.store, table.rounds)

    @classmethod
    async def of(cls, table: Table) -> Scene:
        await table.do(Ask("what was before"))
        await table.do(Vote((1,)), "bo")  # who is of standing by tomorrow
        table.clock.shift(timedelta(hours=25))
        await table.muse.settle()
        await table.do(Ask("a lighthouse afraid of the dark"))
        return cls(table, await table.here())

    async def waits(self) -> bool:
        """Whether somebody is to show the round."""
        item, shard = agenda_items.show(self.ref, "test"), keys.shard(self.ref.community)
        return await self.table.muse.store.call("ZSCORE", keys.agenda(shard), item) is not None

    async def decide(self, decision: Decision) -> None:
        deed = Deed(self.clock.now(), UserRef("test", "boss"), decision, "1")
        assert await self.reports.decide(self.ref, SPACE, 1, decision, deed)

    async def report(self) -> None:
        now = self.clock.now()
        done = await self.reports.report(self.ref, SPACE, BO, 1, "", now, 1)
        assert done is Outcome.HIDDEN

    async def remove(self) -> None:
        now = self.clock.now()
        deed = Deed(now, UserRef("test", "boss"), "delete-round", self.ref.round)
        assert await self.reports.delete_round(self.ref, SPACE, now + timedelta(days=90), deed)

    async def remix(self) -> None:
        draft = Draft("The gulls kept it.", "letter", Origin.AI, "m")
        await self.remixes.place(self.ref, SPACE, TWIST, 1, draft, 20, self.clock.now())

    async def fail_to_remix(self) -> None:
        await self.remixes.strike(self.ref, TWIST, self.clock.now(), "the model is tired")


async def hidden(scene: Scene) -> None:
    """One that was hidden, and is shown so."""
    await scene.table.do(HideEntry(1, round=scene.ref), "boss", manages=True)


async def asked(scene: Scene) -> None:
    """One of which a remix was asked for, which is shown so; it is not to be written by others."""
    now, agenda = scene.clock.now(), keys.agenda(keys.shard(scene.ref.community))
    await scene.remixes.ask(scene.ref, "e1", SPACE, BO, 1, "with gulls", (5, 20), now)
    await scene.table.muse.store.call("ZREM", agenda, agenda_items.twist(scene.ref))
    await scene.table.muse.delivery.show(await scene.table.round(scene.ref))


async def plain(_: Scene) -> None:
    """One in which nothing has happened."""


Step = Callable[[Scene], Awaitable[None]]
DEEDS: dict[str, tuple[Step, Step]] = {
    "hidden": (plain, lambda scene: scene.decide(Decision.HIDE)),
    "disqualified": (plain, lambda scene: scene.decide(Decision.DISQUALIFY)),
    "restored": (hidden, lambda scene: scene.decide(Decision.RESTORE)),
    "hidden by reports": (plain, Scene.report),
    "removed": (plain, Scene.remove),
    "remixed": (asked, Scene.remix),
    "not remixed": (asked, Scene.fail_to_remix),
}


@pytest.mark.parametrize("deed", DEEDS)
async def test_what_was_done_is_shown_by_another(table: Table, store: Store, deed: str) -> None:
    scene = await Scene.of(table)
    before, does = DEEDS[deed]
    await before(scene)
    shown = table.shown(scene.ref)
    assert not await scene.waits()
    await does(scene)
    assert table.shown(scene.ref) == shown
    table.clock.shift(timedelta(seconds=14))
    await table.muse.settle()
    assert table.shown(scene.ref) != shown
    assert not await scene.waits()
    if deed != "removed":  # the next change is promised anew
        await Votes(store).turn(scene.ref, "e9", SPACE, BO, [3], Turn.ON, (), table.clock.now())
        assert await scene.waits()


async def test_what_changes_nothing_has_nothing_shown(table: Table) -> None:
    scene = await Scene.of(table)
    deed = Deed(table.clock.now(), UserRef("test", "boss"), "keep", "1")
    await scene.reports.decide(scene.ref, SPACE, 1, Decision.RESTORE, deed)
    assert not await scene.waits()
