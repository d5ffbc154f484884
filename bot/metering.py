"""The game's parts with a meter around them: the door, the writers, the platforms, the work.

Composed around the plain parts where somebody watches, so that they need know nothing of it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from bot import errors, figures
from bot.agenda import Work
from bot.app import App
from bot.beginnings import PutOff
from bot.brief import Brief
from bot.cards import Card, Reply
from bot.errors import StageFailed, StoreUnavailable
from bot.game.composing import Composer, Composers, Composing
from bot.models import Address, Draft, Image, MessageRef, RoundRef, UserRef
from bot.ports import Meter, Stage
from bot.requests import Command
from bot.writing.engine import Context
from bot.writing.outcomes import Outcome

_T = TypeVar("_T")
DONE = "done"


class MeteredApp(App):
    """The door to the game, which counts each command by what came of it."""

    def __init__(self, meter: Meter, *parts: Any, **named: Any) -> None:
        """All but `meter` is `App`'s own."""
        super().__init__(*parts, **named)
        self._meter = meter

    async def handle(self, command: Command) -> Reply:
        """Serve a command, as `App.handle` does."""
        began, outcome = time.perf_counter(), DONE
        request = _words(type(command.request).__name__)
        try:
            with self._meter.span("command", request):
                return await super().handle(command)
        except BaseException as error:
            outcome = kind_of(error)
            raise
        finally:
            took = time.perf_counter() - began
            self._meter.add(figures.COMMANDS, request, outcome)
            self._meter.took(figures.COMMAND_TIME, took, command.space.platform)


def kind_of(error: BaseException) -> str:
    """An error in a word or two: its nearest kind in Muse's own tree, where it is of that."""
    if isinstance(error, asyncio.CancelledError):
        return "stopped"
    for kind in type(error).__mro__:
        if kind.__module__ == errors.__name__:
            return _words(kind.__name__)
    return "unexpected"


@cache
def _words(name: str) -> str:
    """`SetRule` as ``set_rule``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class MeteredStage(Stage):
    """A platform, with what it does counted: by the kind of error where it would not."""

    def __init__(self, platform: str, stage: Stage, meter: Meter) -> None:
        self._platform = platform
        self._stage = stage
        self._meter = meter

    async def post(
        self, address: Address, card: Card, key: str, *, doubtful: bool = False
    ) -> MessageRef:
        """Post, as the stage does."""
        return await self._noted("post", self._stage.post(address, card, key, doubtful=doubtful))

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Edit, as the stage does."""
        await self._noted("edit", self._stage.edit(message, card))

    async def keep(self, message: MessageRef, image: Image, name: str) -> str:
        """Keep a picture, as the stage does."""
        return await self._noted("keep", self._stage.keep(message, image, name))

    async def display_name(self, user: UserRef) -> str:
        """A member's name, as the stage has it; mostly out of its memory, so not timed."""
        return await self._stage.display_name(user)

    async def _noted(self, call: str, doing: Awaitable[_T]) -> _T:
        began, outcome = time.perf_counter(), DONE
        try:
            with self._meter.span(call, self._platform):
                return await doing
        except StageFailed as failure:
            outcome = _words(type(failure).__name__)  # an adapter's own kind: rate_limited, …
            raise
        except BaseException as error:
            outcome = kind_of(error)
            raise
        finally:
            self._meter.add(figures.PLATFORM_CALLS, self._platform, call, outcome)
            self._meter.took(figures.PLATFORM_TIME, time.perf_counter() - began, self._platform)


def metered_stages(stages: Mapping[str, Stage], meter: Meter) -> dict[str, Stage]:
    """Every platform's stage with the meter around it."""
    return {name: MeteredStage(name, stage, meter) for name, stage in stages.items()}


def metered_composers(composers: Composers, meter: Meter) -> Composers:
    """What writes, with the meter around it."""
    remixes = composers.remixes
    return replace(
        composers,
        rounds=_MeteredComposer("rounds", composers.rounds, meter),
        prompts=_MeteredComposer("prompts", composers.prompts, meter),
        remixes=_MeteredComposer("remixes", remixes, meter) if remixes is not None else None,
    )


class _MeteredComposer(Composer):
    """A composer whose compositions are timed and counted under `what`."""

    def __init__(self, what: str, composer: Composer, meter: Meter) -> None:
        self._what = what
        self._composer = composer
        self._meter = meter

    def begin(self, brief: Brief, context: Context) -> Composing:
        """Begin, as the composer does."""
        return _MeteredComposing(self._what, self._composer.begin(brief, context), self._meter)


class _MeteredComposing(Composing):
    """Something being written, timed from here to its first entry and its last."""

    def __init__(self, what: str, composing: Composing, meter: Meter) -> None:
        self._what = what
        self._composing = composing
        self._meter = meter

    @property
    def outcome(self) -> Outcome:
        """How it went."""
        return self._composing.outcome

    async def drafts(self) -> AsyncGenerator[Draft, None]:
        """The drafts, as they come."""
        began = last = time.perf_counter()
        given, failed = 0, ""
        try:
            async with aclosing(self._composing.drafts()) as drafts:
                async for draft in drafts:
                    last = time.perf_counter()
                    if not given:
                        self._meter.took(figures.FIRST_ENTRY, last - began, self._what)
                    given += 1
                    yield draft
        except GeneratorExit:  # who reads has what it wants
            raise
        except BaseException as error:
            failed = kind_of(error)
            raise
        finally:
            if given:
                self._meter.took(figures.LAST_ENTRY, last - began, self._what)
            self._note(failed)

    def _note(self, failed: str) -> None:
        outcome = self.outcome
        how = failed or str(outcome.reason) or "whole"
        self._meter.add(figures.WRITTEN, self._what, "whole" if how == "none" else how)
        for used in outcome.usage:
            self._meter.add(figures.TOKENS, used.model, "in", by=used.tokens_in)
            self._meter.add(figures.TOKENS, used.model, "cached", by=used.cached)
            self._meter.add(figures.TOKENS, used.model, "out", by=used.tokens_out)


def metered_work(work: Mapping[str, Work], meter: Meter) -> dict[str, Work]:
    """The agenda's work by verb, each piece counted by what came of it."""
    return {verb: _metered(verb, one, meter) for verb, one in work.items()}


def _metered(verb: str, work: Work, meter: Meter) -> Callable[[RoundRef], Awaitable[Any]]:
    async def metered(ref: RoundRef) -> datetime | None:
        outcome = DONE
        try:
            with meter.span("work", verb):
                again = await work(ref)
        except PutOff:
            outcome = "again"
            raise
        except StoreUnavailable:
            outcome = "store_unavailable"
            raise
        except asyncio.CancelledError:
            outcome = "stopped"
            raise
        except Exception:
            outcome = "failed"
            raise
        else:
            outcome = "again" if again is not None else DONE
            return again
        finally:
            meter.add(figures.AGENDA_ITEMS, verb, outcome)

    return metered
