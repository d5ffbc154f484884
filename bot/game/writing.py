"""Writing a round: the agenda's work from an empty round to one that is open."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from random import Random

from bot.errors import NotFound, Refusal, TooLate, WriterFailed
from bot.game.briefing import Briefing
from bot.game.composing import Composer
from bot.game.delivery import Delivery
from bot.game.painting import Painting
from bot.models import Draft, Round, RoundRef, RoundState
from bot.storage.rounds import Rounds
from bot.storage.votes import milliseconds
from bot.writing.calls import Usage
from bot.writing.forms import form
from bot.writing.lenses import pick
from bot.writing.outcomes import Outcome, Reason, reason_of
from bot.writing.similarity import distinct

log = logging.getLogger(__name__)

#: Failures that whoever runs Muse should hear of; the rest is in the game's own course.
TO_BE_TOLD = (Reason.FAILED, Reason.BUSY, Reason.LATE, Reason.UNREADY)
LITTLE_PAST = 30  # texts below which being unlike them says nothing


class WritingRounds:
    """Has a round written, shows each entry as it comes, and opens the round when it is whole."""

    def __init__(
        self,
        rounds: Rounds,
        briefing: Briefing,
        composer: Composer,
        painting: Painting,
        delivery: Delivery,
    ) -> None:
        self._rounds = rounds
        self._briefing = briefing
        self._composer = composer
        self._painting = painting
        self._delivery = delivery

    async def write(self, ref: RoundRef) -> datetime | None:
        """Write what the round still lacks; begun again, it goes on where it was left."""
        try:
            round_ = (await self._rounds.read(ref)).round
        except NotFound:
            return None
        if round_.state is RoundState.OPEN:  # somebody wrote it, and died before they showed it
            await self._delivery.show_or_catch_up(round_)
        if round_.state is RoundState.WRITING:
            try:
                await self._write(ref, round_)
            except NotFound:
                await self._delivery.show_lost(round_)
        return None

    async def _write(self, ref: RoundRef, round_: Round) -> None:
        await self._delivery.show_if_possible(round_)
        if form(round_.form).painted:  # they are kept with the message that was just posted
            round_ = (await self._rounds.read(ref)).round
        try:
            outcome, renews = await self._fill(ref, round_)
        except TooLate:
            return  # closed or taken back under way
        if outcome.reason in TO_BE_TOLD:
            log.warning(
                "round %s: the model wrote %d, the deck %d (%s): %s",
                *(ref.round, outcome.model, outcome.deck, outcome.reason, outcome.failure),
            )
        round_ = (await self._rounds.read(ref)).round
        texts = [entry.text for entry in round_.standing if entry.author == 0]
        await self._rounds.note(
            ref,
            RoundState.WRITING,
            state="open",
            distinct=distinct(texts),
            filled=outcome.reason,
            calls=outcome.calls,
            tokens_in=sum(each.tokens_in for each in outcome.usage),
            tokens_out=sum(each.tokens_out for each in outcome.usage),
            renews=milliseconds(renews) if renews else "",
        )
        await self._delivery.show_or_catch_up((await self._rounds.read(ref)).round)

    async def show(self, ref: RoundRef) -> datetime | None:
        """Show a round that could not be shown when it should have been. Raises `StageFailed`."""
        try:
            await self._rounds.note(ref, stale="")  # what changes it from here on is shown again
            await self._delivery.show((await self._rounds.read(ref)).round)
        except NotFound:
            log.debug("round %s is gone", ref.round)
        return None

    async def _fill(self, ref: RoundRef, round_: Round) -> tuple[Outcome, datetime | None]:
        """Write the empty places; how it went, and when a budget that was spent renews."""
        missing = missing_places(round_)
        if not missing:
            return Outcome(), None
        brief, known = await self._briefing.of(round_, [lens for _, lens in missing])
        places = {lens: number for number, lens in missing}
        made = self._composer.begin(brief, known.context)
        at_once: list[asyncio.Task[None]] = []
        painted: list[Usage] = []
        unpainted: list[WriterFailed] = []
        try:
            async with aclosing(made.drafts()) as drafts:
                async for draft in drafts:
                    if len(known.past) >= LITTLE_PAST:
                        novelty = known.past.novelty(draft.text)
                        draft = replace(draft, novelty=novelty)  # noqa: PLW2901
                    number = places[draft.lens]
                    if form(round_.form).painted:  # it takes long, and the next need not wait
                        work = self._paint(ref, round_, number, draft, painted, unpainted)
                        at_once.append(asyncio.create_task(work))
                    else:
                        await self._put(ref, number, draft)
        except WriterFailed as failure:
            log.debug("round %s: nothing was written: %s", ref.round, failure)
        finally:  # what is being painted is paid for, so it is kept whatever the others did
            results = await asyncio.gather(*at_once, return_exceptions=True)
            await known.purse.settle((*made.outcome.usage, *painted))
        for failed in results:
            if isinstance(failed, BaseException):
                raise failed
        outcome = replace(made.outcome, usage=made.outcome.usage + tuple(painted))
        if unpainted:
            first = unpainted[0]
            outcome = replace(outcome, reason=reason_of(first), failure=str(first))
        spent = outcome.reason is Reason.BUDGET and known.purse.ever
        return outcome, known.purse.renews if spent else None

    async def _paint(
        self,
        ref: RoundRef,
        round_: Round,
        number: int,
        draft: Draft,
        used: list[Usage],
        failed: list[WriterFailed],
    ) -> None:
        """Put a draft's picture into its place, which stays empty where it can't be painted."""
        try:
            painted = await self._painting.painted(round_, number, draft, used.append)
        except WriterFailed as failure:
            failed.append(failure)
            return
        await self._put(ref, number, painted)

    async def _put(self, ref: RoundRef, number: int, draft: Draft) -> None:
        """Put a draft into its place, and show it."""
        try:
            await self._rounds.place(ref, number, draft)
        except (TooLate, NotFound):
            raise
        except Refusal:
            return  # a member has just added the very same words
        await self._delivery.show_if_possible((await self._rounds.read(ref)).round)


def missing_places(round_: Round) -> list[tuple[int, str]]:
    """The places still to be written, each with its lens, in the order of writing.

    Places are drawn from the round's seed: neither a lens nor coming first decides where an
    entry stands, and a round that is taken up again goes on as it was begun.
    """
    rng = Random(round_.seed)
    lenses = list(round_.lenses) or [lens.name for lens in pick(rng, round_.wanted)]
    places = list(range(round_.first, round_.first + round_.wanted))
    rng.shuffle(places)
    written = {entry.number for entry in round_.entries}
    return [pair for pair in zip(places, lenses, strict=True) if pair[0] not in written]
