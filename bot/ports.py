"""What the core asks of the world. Owned here, implemented elsewhere, each by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from bot.cards import Card
from bot.models import Address, Brief, Draft, MessageRef, UserRef


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

    async def post(self, address: Address, card: Card, key: str) -> MessageRef:
        """Post `card`, once for each `key`; raise `StageFailed` where it can't be."""
        ...

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Make `message` show `card`; raise `StageFailed` where it can't be."""
        ...

    async def display_name(self, user: UserRef) -> str:
        """What to call a member where the platform does not draw the name itself."""
        ...
