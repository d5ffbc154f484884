"""The three ways in which a study has a prompt answered, each timed.

Muse is asked as a round is written, with the duplicate guard, a second call where places stay
empty, and the deck after that. What the deck wrote is kept apart: it is no work of the model's.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast

from bot.brief import Brief
from bot.errors import WriterFailed
from bot.models import Draft, Origin
from bot.writing.calls import Model, Usage
from bot.writing.engine import Engine

#: Answers kept of each arm: the first so many.
KEPT = 4


class Arm(StrEnum):
    """A way of asking."""

    PLAIN = "plain"  #: one plain call that asks for four answers
    REPEATED = "repeated"  #: the plain call for one answer, four times, one after another
    MUSE = "muse"  #: Muse's engine


@dataclass(frozen=True, slots=True)
class Run:
    """What one arm made of one prompt.

    `texts` are the model's, `filled` the deck's, in order. `first` and `last` are the seconds
    from the beginning until the model's first and last text were whole. `calls` are those the
    arm made, tries anew by the client aside. `failure` is the last thing that went wrong, safe
    to show.
    """

    arm: Arm
    texts: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    model: str = ""
    usage: tuple[Usage, ...] = ()
    calls: int = 0
    first: float | None = None
    last: float | None = None
    failure: str = ""


class Arms:
    """Has prompts answered, one call at a time, so that times are the service's own."""

    def __init__(self, muse: Engine, plain: Model, seconds: Callable[[], float]) -> None:
        """`seconds` is a clock that only goes forward."""
        self._muse = muse
        self._plain = plain
        self._seconds = seconds

    async def run(self, arm: Arm, brief: Brief) -> Run:
        """Have `brief`, which names `KEPT` lenses, answered in this way. Never fails."""
        taken = _Taking(arm, self._seconds)
        if arm is Arm.MUSE:
            await self._ask_muse(brief, taken)
        else:
            parts = 1 if arm is Arm.PLAIN else len(brief.lenses)
            each = len(brief.lenses) // parts
            for at in range(parts):
                lenses = brief.lenses[at * each : (at + 1) * each]
                await self._ask_plainly(
                    Brief(prompt=brief.prompt, form=brief.form, lenses=lenses), taken
                )
        return taken.run()

    async def _ask_plainly(self, brief: Brief, taken: _Taking) -> None:
        taken.calls += 1
        asked = self._plain.write(brief, taken.usage.append, spare=0)
        try:
            # Any writer's iterator is a generator: leaving early must end the call too.
            async with aclosing(cast("AsyncGenerator[Draft, None]", asked)) as drafts:
                async for draft in drafts:
                    taken.take(draft)
        except WriterFailed as failure:
            taken.failure = str(failure)

    async def _ask_muse(self, brief: Brief, taken: _Taking) -> None:
        composition = self._muse.begin(brief)
        try:
            async with aclosing(composition.drafts()) as drafts:
                async for draft in drafts:
                    taken.take(draft)
        except WriterFailed as failure:
            taken.failure = str(failure)
        outcome = composition.outcome
        taken.calls = outcome.calls
        taken.usage.extend(outcome.usage)
        taken.failure = outcome.failure or taken.failure


@dataclass(slots=True)
class _Taking:
    """A run in the making."""

    arm: Arm
    seconds: Callable[[], float]
    began: float = field(init=False)
    texts: list[str] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)
    usage: list[Usage] = field(default_factory=list)
    model: str = ""
    calls: int = 0
    first: float | None = None
    last: float | None = None
    failure: str = ""

    def __post_init__(self) -> None:
        self.began = self.seconds()

    def take(self, draft: Draft) -> None:
        """Keep a draft, unless there are enough: some models give more than they are asked."""
        if draft.origin is Origin.DECK:
            self.filled.append(draft.text)
        elif len(self.texts) < KEPT:
            self.last = self.seconds() - self.began
            self.first = self.last if self.first is None else self.first
            self.texts.append(draft.text)
            self.model = draft.model

    def run(self) -> Run:
        return Run(
            self.arm,
            tuple(self.texts),
            tuple(self.filled),
            self.model,
            tuple(self.usage),
            self.calls,
            self.first,
            self.last,
            self.failure,
        )
