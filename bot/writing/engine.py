"""The writing engine: a model, the guard and the deck, composed into one writer.

One call to the model; where that leaves places empty, one more with what there is to avoid;
what is empty then, the deck fills, and the outcome says why.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import cast

from bot.brief import Brief, Lens
from bot.errors import WriterFailed
from bot.models import Draft
from bot.ports import Writer
from bot.writing.calls import SPARE, AnswerUnusable, Model, Usage, WriterLate, WriterRefused
from bot.writing.lenses import LENSES
from bot.writing.outcomes import Outcome, Reason, reason_of
from bot.writing.selection import Selection

#: Calls to the model a round may cost.
CALLS = 2
#: Seeds the deck is tried with for a text that is not of the past.
DECK_TRIES = 4


def _never(_: str) -> bool:
    return False


async def _always(_: Draft) -> bool:
    return True


async def _granted() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Context:
    """What the engine needs to know of the community, and is not told to any model.

    `repeats`: whether a text is one of its past again (`guard.Past.repeats`). `allowed`: whether
    moderation lets a draft stand. `may_call`: asked before each call, whether the budget allows it.
    """

    repeats: Callable[[str], bool] = _never
    allowed: Callable[[Draft], Awaitable[bool]] = _always
    may_call: Callable[[], Awaitable[bool]] = _granted


class Engine(Writer):
    """Writes rounds. Holds nothing of any round: one serves a process.

    `seconds` is how long the model may take for one round, all its calls together. Without a
    `deck`, what the model leaves empty stays empty.
    """

    def __init__(
        self,
        model: Model | None,
        deck: Writer | None,
        seconds: float | None = None,
        *,
        stand_in: bool = True,
    ) -> None:
        """`stand_in`: another of the deck's lenses stands in for one of the community's own,
        which it does not know.
        """
        self._model = model
        self._deck = deck
        self._seconds = seconds
        self._stand_in = stand_in

    def begin(self, brief: Brief, context: Context | None = None) -> Composition:
        """A round to be written: iterate over it for its drafts, then ask its `outcome`."""
        return Composition(
            self._model,
            self._deck,
            brief,
            context or Context(),
            self._seconds,
            stand_in=self._stand_in,
        )

    async def write(self, brief: Brief) -> AsyncGenerator[Draft, None]:
        """The drafts of `brief` in a context of nothing; see `Composition`."""
        async with aclosing(self.begin(brief).drafts()) as drafts:
            async for draft in drafts:
                yield draft


class Composition:
    """One round being written. Iterate over it once."""

    def __init__(
        self,
        model: Model | None,
        deck: Writer | None,
        brief: Brief,
        context: Context,
        seconds: float | None = None,
        *,
        stand_in: bool = True,
    ) -> None:
        self._model = model
        self._deck = deck
        self._brief = brief
        self._context = context
        self._seconds = seconds
        self._stand_in = stand_in
        self._until: float | None = None
        self._places = Selection(brief, context.repeats)
        self._usage: list[Usage] = []
        self._offered = 0
        self._failed: WriterFailed | None = None
        self._outcome = Outcome()

    @property
    def outcome(self) -> Outcome:
        """How it went so far; final once the drafts are through."""
        return replace(self._outcome, usage=tuple(self._usage))

    def __aiter__(self) -> AsyncIterator[Draft]:
        return self.drafts()

    async def drafts(self) -> AsyncGenerator[Draft, None]:
        """Yield one draft for each of the brief's lenses, each lens once, as they come.

        Raises `WriterFailed` only where there is nothing at all, not even from the deck, and
        `BadInput` for an unknown form or lens.
        """
        reason = Reason.DULL
        if self._seconds is not None:
            self._until = _now() + self._seconds
        for number in range(CALLS):
            if not self._places.free or (number and not self._worth_another()):
                break
            if self._model is None:
                reason = Reason.NO_MODEL
                break
            if not await self._context.may_call():
                reason = Reason.BUDGET
                break
            async with aclosing(self._call(self._model)) as drafts:
                async for draft in drafts:
                    yield draft
            reason = self._reason()
        if self._places.free and self._deck is not None:
            async with aclosing(self._fill(self._deck, reason)) as filled:
                async for draft in filled:
                    yield draft
        self._end(reason)

    def _end(self, reason: Reason) -> None:
        """Note why places are still empty; raises `WriterFailed` where all of them are."""
        if self._places.free:
            self._outcome = replace(self._outcome, reason=reason)
        if not self._places.kept:
            raise self._failed or WriterFailed("Nothing could be written for this prompt.")

    def _worth_another(self) -> bool:
        """A service that is down or a model that refuses is not asked again in the same round."""
        if self._until is not None and _now() >= self._until:
            return False
        if self._failed is None or isinstance(self._failed, AnswerUnusable):
            return True
        return self._offered > 0 and not isinstance(self._failed, WriterRefused)

    def _reason(self) -> Reason:
        return Reason.DULL if self._failed is None else reason_of(self._failed)

    async def _call(self, model: Model) -> AsyncGenerator[Draft, None]:
        places, brief = self._places, self._brief
        earlier = tuple(each.text for each in places.kept)
        asked = replace(brief, lenses=tuple(places.free), avoid=earlier + brief.avoid)
        # The further call asks for as many as the first: what was dull once is dull again.
        spare = SPARE + len(brief.lenses) - len(asked.lenses)
        self._count(calls=1)
        self._failed = None
        try:
            # Any writer's iterator is a generator: leaving early must end the call too.
            written = model.write(asked, self._usage.append, spare=spare)
            written = cast("AsyncGenerator[Draft, None]", written)
            async with aclosing(written) as drafts:
                while (draft := await self._next(drafts)) is not None:
                    self._offered += 1
                    text = places.judged(draft.text) if places.free else None
                    if text is None:
                        continue
                    draft = replace(draft, text=text)
                    if not await self._context.allowed(draft):
                        continue
                    if shown := places.offer(draft):
                        self._count(model=1)
                        yield shown
        except WriterFailed as failure:
            self._failed = failure
            self._outcome = replace(self._outcome, failure=str(failure))
        if shown := places.last():
            self._count(model=1)
            yield shown

    async def _next(self, drafts: AsyncGenerator[Draft, None]) -> Draft | None:
        """The model's next draft, or None after the last. Who reads them may take their time."""
        try:
            async with asyncio.timeout_at(self._until):
                return await anext(drafts)
        except StopAsyncIteration:
            return None
        except TimeoutError as error:
            raise WriterLate from error

    async def _fill(self, deck: Writer, reason: Reason) -> AsyncGenerator[Draft, None]:
        for lens in tuple(self._places.free):
            try:
                draft = await self._from_deck(deck, lens)
            except WriterFailed as failure:
                self._failed = self._failed or failure
                continue
            if draft is not None:
                self._count(deck=1)
                self._outcome = replace(self._outcome, reason=reason)
                yield self._places.place(replace(draft, lens=lens))

    async def _from_deck(self, deck: Writer, lens: str) -> Draft | None:
        """The deck's text for a place: not of the past if that can be had, always allowed, and
        without what was to be left out.
        """
        earlier = tuple(each.text for each in self._places.kept)
        # The deck knows nothing of a community's own lenses; another one of its decks stands in.
        own = {each.name for each in self._brief.own_lenses}
        written_as = self._spare_lens().name if self._stand_in and lens in own else lens
        found: Draft | None = None
        for step in range(DECK_TRIES * (2 if self._brief.without else 1)):
            brief = replace(
                self._brief,
                lenses=(written_as,),
                avoid=earlier + self._brief.avoid,
                seed=self._brief.seed + step,
            )
            async for draft in deck.write(brief):
                if not await self._context.allowed(draft):
                    continue
                if self._places.judged(draft.text) is not None:
                    return draft
                if not self._places.unwanted(draft.text):
                    found = found or draft
        return found

    def _spare_lens(self) -> Lens:
        others = [each for each in LENSES if each.name not in self._brief.lenses]
        at = self._brief.seed + len(self._places.kept)
        return (others or list(LENSES))[at % len(others or LENSES)]

    def _count(self, *, model: int = 0, deck: int = 0, calls: int = 0) -> None:
        so_far = self._outcome
        self._outcome = replace(
            so_far,
            model=so_far.model + model,
            deck=so_far.deck + deck,
            calls=so_far.calls + calls,
        )


def _now() -> float:
    return asyncio.get_running_loop().time()
