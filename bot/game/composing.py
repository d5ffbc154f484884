"""What the game asks of the writing engine, and the engines it is given."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Protocol

from bot.brief import Brief
from bot.models import Draft
from bot.writing.engine import Context
from bot.writing.judging import Judge
from bot.writing.outcomes import Outcome
from bot.writing.painting import Painter


class Composing(Protocol):
    """Something being written: its drafts, then how it went."""

    @property
    def outcome(self) -> Outcome:
        """How it went; final once the drafts are through."""
        ...

    def drafts(self) -> AsyncGenerator[Draft, None]:
        """One draft for each lens of the brief, as they come. Raises `WriterFailed`."""
        ...


class Composer(Protocol):
    """What writes: `bot.writing.engine.Engine`."""

    def begin(self, brief: Brief, context: Context) -> Composing:
        """Something to be written."""
        ...


@dataclass(frozen=True, slots=True)
class Composers:
    """What writes rounds; prompts for people; remixes and pictures, which need a model each.

    `judge` asks the model's moderation of every text, where there is one.
    """

    rounds: Composer
    prompts: Composer
    remixes: Composer | None = None
    painter: Painter | None = None
    judge: Judge = field(default_factory=Judge)

    @classmethod
    def by(cls, composer: Composer) -> Composers:
        """One that writes rounds and prompts alike, and no remixes."""
        return cls(composer, composer)
