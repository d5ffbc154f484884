"""What `make faults` has a row for is all that there is to be killed at."""

from __future__ import annotations

from bot.clock import SystemClock
from bot.game.composing import Composers
from bot.settings import LimitSettings
from bot.storage.client import Store
from bot.storage.connect import make_client
from bot.wiring import compose
from bot.writing.deck import DeckWriter
from bot.writing.engine import Engine
from tests.faults.faults import FAULTS
from tests.faults.steps import OCCASIONS


async def test_muse_is_killed_at_every_step_of_the_agenda() -> None:
    store = Store(make_client("redis://127.0.0.1:1/0"))  # nothing is asked of it
    composers = Composers.by(Engine(None, DeckWriter()))
    muse = compose(store, SystemClock(), composers, LimitSettings(), "UTC", {}, lambda: 1)
    assert muse.agenda.verbs == set(OCCASIONS)
    assert {f"kill-{verb}" for verb in muse.agenda.verbs} <= set(FAULTS)
    await store.close()
