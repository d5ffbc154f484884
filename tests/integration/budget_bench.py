"""A game on a model that reports what it used, with a budget of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from random import Random

from bot.brief import Brief
from bot.game.composing import Composers
from bot.models import Draft, Origin
from bot.ports import Writer
from bot.settings import BudgetSettings, LimitSettings
from bot.storage.client import Store
from bot.wiring import compose
from bot.writing.calls import OnUsage, Usage
from bot.writing.deck import DeckWriter
from bot.writing.engine import Engine
from tests.support import FakeClock, MemoryStage, ScriptedWriter, Table

COST = Usage("m", 900, 400, 100, reported=True)


class Metered:
    """A model that writes one plain line a lens and reports what it used."""

    def __init__(self) -> None:
        self.calls = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def write(
        self,
        brief: Brief,
        on_usage: OnUsage | None = None,
        /,
        *,
        spare: int = 2,  # noqa: ARG002 the port's
    ) -> AsyncGenerator[Draft, None]:
        self.calls += 1
        mark = self.calls
        try:
            await self.gate.wait()
            for number, lens in enumerate(brief.lenses):
                text = " ".join(f"{mark}w{number}x{word}" for word in range(9))
                yield Draft(text, lens, Origin.AI, "m")
        finally:
            if on_usage is not None:
                on_usage(COST)


class PlainDeck(Writer):
    """A deck that writes a line like no other at once, where what the real one writes, which takes
    its time for it, is not what is looked at.
    """

    def __init__(self) -> None:
        self._written = 0

    async def write(self, brief: Brief) -> AsyncIterator[Draft]:
        for lens in brief.lenses:
            self._written += 1
            text = " ".join(f"deck{self._written}x{word}" for word in range(9))
            yield Draft(text, lens, Origin.DECK)


def budget(**values: object) -> BudgetSettings:
    plain = {"tokens_per_day": 0, "member_tokens_per_day": 0, "most_tokens": 500}
    return BudgetSettings.model_validate({**plain, **values})


def game(
    store: Store,
    clock: FakeClock,
    model: Metered,
    settings: BudgetSettings,
    deck: Writer | None = None,
) -> tuple[Table, MemoryStage]:
    stage, rng = MemoryStage(), Random(1)
    engine = Engine(model, deck or DeckWriter())
    muse = compose(
        store,
        clock,
        Composers(engine, engine, Engine(model, None)),
        LimitSettings(),
        "UTC",
        {"test": stage},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
        budget=settings,
    )
    return Table(muse, clock, stage, ScriptedWriter()), stage
