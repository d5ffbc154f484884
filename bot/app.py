"""The one way into the game: a command in, a reply out. Dispatch only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.cards import Answer, Card, FormCard, Reply
from bot.errors import MuseError
from bot.game.context import Context
from bot.ports import Clock
from bot.present.problems import problem_card, unexpected_card
from bot.requests import Again, Ask, Command
from bot.storage.refusals import ForeignSpace
from bot.storage.spaces import Spaces

Handler = Callable[[Context, Any], Awaitable[Card | FormCard]]
"""Serves one kind of request; `App` pairs each with the type it takes."""

FOLLOWED = (Ask, Again)  # their card is a round's message, which the stage posts and goes on with


class App:
    """Knows which use case serves which request, and nothing else."""

    def __init__(self, spaces: Spaces, clock: Clock, handlers: Mapping[type[Any], Handler]) -> None:
        self._spaces = spaces
        self._clock = clock
        self._handlers = handlers

    async def handle(self, command: Command) -> Reply:
        """Serve a command. Raises the tree's errors, whose text is safe to show."""
        try:
            card = await self._serve(command)
        except ForeignSpace:
            # What was cached of the space may be stale: it may have joined another.
            self._spaces.forget(command.space)
            card = await self._serve(command)
        return Reply(command.answer, card, follows=isinstance(command.request, FOLLOWED))

    async def _serve(self, command: Command) -> Card | FormCard:
        now = self._clock.now()
        community = await self._spaces.community(command.space, now)
        handler = self._handlers[type(command.request)]
        return await handler(Context(command, community, now), command.request)


def refusal(error: MuseError) -> Reply:
    """What a member is told of an error of the tree."""
    return Reply(Answer.PRIVATE, problem_card(error), refused=True)


def breakdown(reference: str) -> Reply:
    """What a member is told of any other error; `reference` finds it in the log."""
    return Reply(Answer.PRIVATE, unexpected_card(reference), refused=True)
