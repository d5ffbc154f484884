"""What a member sees after acting: to be awaited by a test."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tests.fakes.discord_interaction import Ack, Interaction
from tests.fakes.discord_message import Message
from tests.fakes.discord_modals import Field, fields
from tests.fakes.discord_rules import Json
from tests.fakes.discord_state import World

T = TypeVar("T")
#: How long a test waits for what should come, in seconds. Never reached when all is well.
PATIENCE = 15.0
GLANCE = 0.02


class NeverShown(AssertionError):
    """What a test waits for did not come."""


async def until(
    world: World, probe: Callable[[], T | None], what: str, patience: float = PATIENCE
) -> T:
    """The first answer of `probe` that is true. Raises `NeverShown`.

    It is asked again whenever anything happens here, and every `GLANCE` seconds, since it may
    look at what only the bot knows.
    """
    end = time.monotonic() + patience
    while not (found := probe()):
        if time.monotonic() > end:
            raise NeverShown(what)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(world.changed(), GLANCE)
    return found


@dataclass(eq=False)
class Modal:
    """A modal that a member has before them."""

    world: World
    interaction: Interaction
    data: Json

    @property
    def title(self) -> str:
        return str(self.data["title"])

    @property
    def fields(self) -> list[Field]:
        return fields(self.data)

    def field(self, label: str) -> Field:
        """The field whose label, or id, is that. Raises `LookupError`."""
        for each in self.fields:
            if label in (each.label, each.custom_id):
                return each
        raise LookupError(f"no field {label!r} among {[each.label for each in self.fields]}")


@dataclass(eq=False)
class Asked:
    """An interaction that was sent, and what comes of it."""

    world: World
    interaction: Interaction

    async def acknowledged(self, patience: float = PATIENCE) -> Ack:
        """How it was acknowledged. https://docs.discord.com/developers/interactions/overview."""
        return await self._until(lambda: self.interaction.ack, "no acknowledgement", patience)

    async def message(self, patience: float = PATIENCE) -> Message:
        """The first answer, public or private, once it says something."""

        def said() -> Message | None:
            first = self.interaction.original
            return first if first and self.interaction.ack and not first.loading else None

        return await self._until(said, "no message", patience)

    async def private(self, patience: float = PATIENCE) -> Message:
        """The answer, or the first one after it, that only this member sees."""

        def said() -> Message | None:
            for each in (self.interaction.original, *self.interaction.followups):
                if each and each is not self.interaction.source and each.ephemeral:
                    return None if each.loading else each
            return None

        return await self._until(said, "no private message", patience)

    async def followup(self, n: int = 0, patience: float = PATIENCE) -> Message:
        """The nth message after the answer."""

        def said() -> Message | None:
            found = self.interaction.followups
            return found[n] if len(found) > n else None

        return await self._until(said, "no followup", patience)

    async def updated(self, patience: float = PATIENCE) -> Message:
        """The message that was acted on, once it has changed since."""
        source = self.interaction.source
        assert source is not None
        edited = lambda: source if (source.edited_at or 0.0) >= self.interaction.at else None  # noqa: E731 - it closes over what mypy has narrowed
        return await self._until(edited, "the message was not edited", patience)

    async def modal(self, patience: float = PATIENCE) -> Modal:
        """The form that opened."""
        ack = await self.acknowledged(patience)
        if ack.kind != "modal":
            raise NeverShown(f"no modal, but {ack.kind}: {self._seen()}")
        return Modal(self.world, self.interaction, ack.data)

    async def choices(self, patience: float = PATIENCE) -> list[str]:
        """What an autocomplete offers, by name."""
        ack = await self.acknowledged(patience)
        return [str(each["name"]) for each in ack.data["choices"]]

    async def _until(self, probe: Callable[[], T | None], what: str, patience: float) -> T:
        try:
            return await until(self.world, probe, what, patience)
        except NeverShown as error:
            raise NeverShown(f"{what}; {self._seen()}") from error

    def _seen(self) -> str:
        held = self.interaction
        return f"ack {held.ack}, message {held.original!r}, followups {held.followups}"


@dataclass(eq=False)
class Spoken:
    """A message that a member wrote, and what the bot says to it."""

    world: World
    message: Message

    async def answer(self, patience: float = PATIENCE) -> Message:
        """The bot's first message in that channel after it."""

        def said() -> Message | None:
            for each in self.message.channel.messages.values():
                if each.id > self.message.id and each.author is self.world.bot:
                    return None if each.loading else each
            return None

        return await until(self.world, said, f"no answer to {self.message!r}", patience)
