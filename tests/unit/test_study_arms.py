"""The arms of a study, each as it asks and what it keeps."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

import pytest

from bot.brief import Brief
from bot.errors import WriterFailed
from bot.models import Draft, Origin
from bot.studying.arms import KEPT, Arm, Arms
from bot.studying.figures import figures
from bot.writing.calls import SPARE, AnswerUnusable, OnUsage, Usage, WriterRefused
from bot.writing.deck import DeckWriter
from bot.writing.engine import Engine
from tests.unit.studies import BRIEF, UNLIKE


def seconds() -> Callable[[], float]:
    """A clock that goes on by one second whenever it is looked at."""
    ticks = count()
    return lambda: float(next(ticks))


@dataclass
class Scripted:
    """Gives one list of texts a call; an error in it is raised."""

    calls: list[Sequence[str | WriterFailed]]
    asked: list[tuple[Brief, int]] = field(default_factory=list)

    async def write(
        self, brief: Brief, on_usage: OnUsage | None = None, /, *, spare: int = SPARE
    ) -> AsyncGenerator[Draft, None]:
        self.asked.append((brief, spare))
        texts = self.calls.pop(0)
        try:
            for text in texts:
                if isinstance(text, WriterFailed):
                    raise text
                yield Draft(text, "", Origin.AI, model="m-1")
        finally:
            if on_usage is not None:
                on_usage(Usage("m-1", 100, 10, 7 * len(texts), reported=True))


def arms(model: Scripted) -> Arms:
    return Arms(Engine(model, DeckWriter()), model, seconds())


async def test_one_plain_call() -> None:
    model = Scripted([[*UNLIKE]])
    run = await arms(model).run(Arm.PLAIN, BRIEF)
    assert run.texts == UNLIKE[:KEPT], "the first four of five"
    ((asked, spare),) = model.asked
    assert (len(asked.lenses) + spare, asked.prompt) == (4, "a lighthouse")
    assert (run.calls, run.first, run.last, run.failure) == (1, 1.0, 4.0, "")
    assert run.usage == (Usage("m-1", 100, 10, 35, reported=True),)
    assert run.model == "m-1"


async def test_four_plain_calls_of_which_one_fails() -> None:
    model = Scripted([[UNLIKE[0]], [AnswerUnusable("It broke off.")], [UNLIKE[0]], [UNLIKE[1]]])
    run = await arms(model).run(Arm.REPEATED, BRIEF)
    assert run.texts == (UNLIKE[0], UNLIKE[0], UNLIKE[1]), "copies are kept, to be counted"
    assert [len(asked.lenses) + spare for asked, spare in model.asked] == [1] * 4
    assert (run.calls, len(run.usage), run.failure) == (4, 4, "It broke off.")
    assert (run.first, run.last) == (1.0, 3.0)


async def test_muse_asks_again_and_what_the_deck_fills_is_kept_apart() -> None:
    model = Scripted([[UNLIKE[0], UNLIKE[0], UNLIKE[1]], [UNLIKE[1], UNLIKE[2]]])
    run = await arms(model).run(Arm.MUSE, BRIEF)
    assert sorted(run.texts) == sorted(UNLIKE[:3])
    assert len(run.filled) == 1
    assert (run.calls, len(run.usage)) == (2, 2)
    assert run.last is not None
    assert run.last == 3.0, "the deck’s piece is not timed"
    measured = figures(run)
    assert (measured.entries, measured.filled, measured.distinct) == (3, 1, 3)


@pytest.mark.parametrize("arm", Arm)
async def test_a_model_that_will_not(arm: Arm) -> None:
    model = Scripted([[WriterRefused("It would not.")] for _ in range(4)])
    run = await arms(model).run(arm, BRIEF)
    assert (run.texts, run.failure) == ((), "It would not.")
    assert (run.first, run.last) == (None, None)
    assert len(run.filled) == (4 if arm is Arm.MUSE else 0)
