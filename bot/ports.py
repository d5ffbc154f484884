"""What the core asks of the world. Owned here, implemented elsewhere, each by name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Protocol

from bot.brief import Brief
from bot.cards import Card
from bot.figures import Figure
from bot.models import Address, Draft, Image, MessageRef, SpaceRef, UserRef


class Clock(Protocol):
    """The one source of time."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...


class Writer(Protocol):
    """Turns a brief into drafts, given one by one as each is whole."""

    def write(self, brief: Brief) -> AsyncIterator[Draft]:
        """Yield up to `len(brief.lenses)` drafts; raise `WriterFailed` where none can be had."""
        ...


class Stage(Protocol):
    """A platform, outbound."""

    async def post(
        self, address: Address, card: Card, key: str, *, doubtful: bool = False
    ) -> MessageRef:
        """Post `card`, once for each `key`; raise `StageFailed` where it can't be.

        `doubtful`: another process may have posted it, so that it is to be looked for first.
        """
        ...

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Make `message` show `card`; raise `StageFailed` where it can't be."""
        ...

    async def keep(self, message: MessageRef, image: Image, name: str) -> str:
        """Keep a picture with a message, once for each `name` (a file's name without ending).

        Returns what a card's `Picture` names it by; raise `StageFailed` where it can't be kept.
        """
        ...

    async def display_name(self, user: UserRef) -> str:
        """What to call a member where the platform does not draw the name itself."""
        ...


class KeptForDiscord(Protocol):
    """What Discord's adapter keeps between two starts."""

    async def commands(self, scope: str) -> str:
        """What was noted of the commands last registered in a scope; '' where nothing was."""
        ...

    async def note_commands(self, scope: str, note: str) -> None:
        """Keep a note of the commands that are registered in a scope."""
        ...


class Installations(Protocol):
    """The places that installed Muse, each with what it needs there. Tokens are kept encrypted."""

    async def save(self, space: SpaceRef, held: Mapping[str, str]) -> None:
        """Keep what is held of an installation, in place of what was."""
        ...

    async def find(self, space: SpaceRef) -> Mapping[str, str] | None:
        """What is held of an installation; None where there is none, or nobody can read it."""
        ...

    async def erase(self, space: SpaceRef) -> None:
        """Keep nothing of an installation."""
        ...


class InstallStates(Protocol):
    """The states of installations under way: each works once, and for a while."""

    async def issue(self, seconds: int) -> str:
        """A new state that nobody can guess, good for so many seconds."""
        ...

    async def consume(self, state: str) -> bool:
        """Whether a state is one that was issued, still good and not used before; it is now."""
        ...


class Meter(Protocol):
    """Counts and times what happens, for whoever watches over Muse. Quick; never raises.

    Labels are a figure's, in its order: words that the code knows, never an id, a name or a text.
    """

    def add(self, figure: Figure, *labels: str, by: float = 1) -> None:
        """Count something that happened."""
        ...

    def took(self, figure: Figure, seconds: float, *labels: str) -> None:
        """Note how long something took."""
        ...

    def span(self, part: str, word: str) -> AbstractContextManager[None]:
        """Around a part of the work, for who traces it; `word` says which of its kind."""
        ...


class Unmetered(Meter):
    """Nobody watches: nothing is counted."""

    def add(self, figure: Figure, *labels: str, by: float = 1) -> None:
        """Nothing."""

    def took(self, figure: Figure, seconds: float, *labels: str) -> None:
        """Nothing."""

    def span(self, part: str, word: str) -> AbstractContextManager[None]:
        """Nothing."""
        del part, word
        return nullcontext()


class Ready(Protocol):
    """Something that Muse can't play without, and whether it is there."""

    name: str  #: what it is, in one word

    async def ready(self) -> str:
        """Nothing, or in a few words what is missing. Safe to show to anybody."""
        ...
