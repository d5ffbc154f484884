"""Writing a round: the agenda's work from an empty round to one that is open."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Protocol

from bot.errors import NotFound, Refusal, TooLate, WriterFailed
from bot.game.delivery import Delivery
from bot.models import Brief, Draft, Round, RoundState
from bot.requests import RoundRef
from bot.storage.memory import Memory
from bot.storage.rounds import Rounds
from bot.writing.engine import Context, Outcome
from bot.writing.guard import Past
from bot.writing.lenses import pick
from bot.writing.similarity import distinct

log = logging.getLogger(__name__)

HALL = 100  # how many of the all-time best belong to a community's past
LITTLE_PAST = 30  # texts below which being unlike them says nothing
GENERATIONS = 5  # how far back a round asked once more keeps away from


class Composing(Protocol):
    """One round being written: its drafts, then how it went."""

    @property
    def outcome(self) -> Outcome:
        """How it went; final once the drafts are through."""
        ...

    def drafts(self) -> AsyncGenerator[Draft, None]:
        """One draft for each lens of the brief, as they come. Raises `WriterFailed`."""
        ...


class Composer(Protocol):
    """What writes rounds: `bot.writing.engine.Engine`."""

    def begin(self, brief: Brief, context: Context) -> Composing:
        """A round to be written."""
        ...


class WritingRounds:
    """Has a round written, shows each entry as it comes, and opens the round when it is whole."""

    def __init__(
        self, rounds: Rounds, memory: Memory, composer: Composer, delivery: Delivery
    ) -> None:
        self._rounds = rounds
        self._memory = memory
        self._composer = composer
        self._delivery = delivery

    async def write(self, ref: RoundRef) -> datetime | None:
        """Write what the round still lacks; begun again, it goes on where it was left."""
        try:
            round_ = (await self._rounds.read(ref)).round
        except NotFound:
            return None
        if round_.state is not RoundState.WRITING:
            return None
        await self._delivery.show_if_possible(round_)
        filled = ""
        try:
            filled = await self._fill(ref, round_)
        except WriterFailed as failure:
            log.warning("round %s was not written whole: %s", ref.round, failure)
        except TooLate:
            return None  # closed or taken back under way
        round_ = (await self._rounds.read(ref)).round
        texts = [entry.text for entry in round_.standing if entry.author == 0]
        await self._rounds.note(
            ref, RoundState.WRITING, state="open", distinct=distinct(texts), filled=filled
        )
        await self._delivery.show_or_catch_up((await self._rounds.read(ref)).round)
        return None

    async def show(self, ref: RoundRef) -> datetime | None:
        """Show a round that could not be shown when it should have been. Raises `StageFailed`."""
        try:
            await self._delivery.show((await self._rounds.read(ref)).round)
        except NotFound:
            log.debug("round %s is gone", ref.round)
        return None

    async def _fill(self, ref: RoundRef, round_: Round) -> str:
        """Write the empty places; why the deck filled some, or nothing."""
        missing = missing_places(round_)
        if not missing:
            return ""
        avoid = [entry.text for entry in round_.standing]
        avoid += await self._earlier(round_)
        texts = await self._memory.texts(ref.community, HALL)
        past = await asyncio.to_thread(Past, texts)
        brief = Brief(
            prompt=round_.prompt,
            form=round_.form,
            lenses=tuple(lens for _, lens in missing),
            avoid=tuple(avoid),
            seed=round_.seed,
        )
        places = {lens: number for number, lens in missing}
        made = self._composer.begin(brief, Context(repeats=past.repeats))
        async with aclosing(made.drafts()) as drafts:
            async for draft in drafts:
                if len(past) >= LITTLE_PAST:
                    draft = replace(draft, novelty=past.novelty(draft.text))  # noqa: PLW2901
                await self._place(ref, places[draft.lens], draft)
        return made.outcome.reason

    async def _place(self, ref: RoundRef, number: int, draft: Draft) -> None:
        try:
            await self._rounds.place(ref, number, draft)
        except TooLate:
            raise
        except Refusal:
            return  # a member has just added the very same words
        await self._delivery.show_if_possible((await self._rounds.read(ref)).round)

    async def _earlier(self, round_: Round) -> list[str]:
        """The texts of the rounds this one was asked after."""
        texts: list[str] = []
        parent = round_.parent
        for _ in range(GENERATIONS):
            if not parent:
                break
            try:
                earlier = (await self._rounds.read(RoundRef(round_.community, parent))).round
            except NotFound:
                break
            texts += [entry.text for entry in earlier.standing]
            parent = earlier.parent
        return texts


def missing_places(round_: Round) -> list[tuple[int, str]]:
    """The places still to be written, each with its lens, in the order of writing.

    Places are drawn from the round's seed: neither a lens nor coming first decides where an
    entry stands, and a round that is taken up again goes on as it was begun.
    """
    rng = Random(round_.seed)
    lenses = list(round_.lenses) or [lens.name for lens in pick(rng, round_.wanted)]
    places = list(range(1, round_.wanted + 1))
    rng.shuffle(places)
    written = {entry.number for entry in round_.entries}
    return [pair for pair in zip(places, lenses, strict=True) if pair[0] not in written]
