"""Writing a round: the agenda's work from an empty round to one that is open."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from random import Random

from bot.errors import NotFound, Refusal, TooLate, WriterFailed
from bot.game.delivery import Delivery
from bot.models import Brief, Round, RoundState
from bot.ports import Writer
from bot.present.rounds import round_card
from bot.requests import RoundRef
from bot.storage.rounds import Rounds
from bot.writing.lenses import pick
from bot.writing.similarity import distinct, duplicate

log = logging.getLogger(__name__)


class WritingRounds:
    """Has a round written, shows each entry as it comes, and opens the round when it is whole."""

    def __init__(self, rounds: Rounds, writer: Writer, delivery: Delivery) -> None:
        self._rounds = rounds
        self._writer = writer
        self._delivery = delivery

    async def write(self, ref: RoundRef) -> datetime | None:
        """Write what the round still lacks; begun again, it goes on where it was left."""
        try:
            round_ = (await self._rounds.read(ref)).round
        except NotFound:
            return None
        if round_.state is not RoundState.WRITING:
            return None
        if not round_.message:
            round_ = await self._post(round_)
        try:
            await self._fill(ref, round_)
        except WriterFailed as failure:
            log.warning("round %s was not written whole: %s", ref.round, failure)
        except TooLate:
            return None  # closed or taken back under way
        round_ = (await self._rounds.read(ref)).round
        texts = [entry.text for entry in round_.standing if entry.author == 0]
        await self._rounds.note(ref, RoundState.WRITING, state="open", distinct=distinct(texts))
        await self._delivery.show((await self._rounds.read(ref)).round)
        return None

    async def _post(self, round_: Round) -> Round:
        message = await self._delivery.post(round_, round_card(round_), "round")
        if not message:
            return round_
        await self._rounds.note(RoundRef(round_.community, round_.id), message=message)
        return replace(round_, message=message)

    async def _fill(self, ref: RoundRef, round_: Round) -> None:
        missing = missing_places(round_)
        if not missing:
            return
        avoid = [entry.text for entry in round_.standing]
        avoid += await self._earlier(round_)
        brief = Brief(
            prompt=round_.prompt,
            form=round_.form,
            lenses=tuple(lens for _, lens in missing),
            avoid=tuple(avoid),
            seed=round_.seed,
        )
        places = {lens: number for number, lens in missing}
        async for draft in self._writer.write(brief):
            if any(duplicate(draft.text, text) for text in avoid):
                continue
            try:
                await self._rounds.place(ref, places[draft.lens], draft)
            except TooLate:
                raise
            except Refusal:
                continue  # a member has just added the very same words
            avoid.append(draft.text)
            await self._delivery.show((await self._rounds.read(ref)).round)

    async def _earlier(self, round_: Round) -> list[str]:
        """The texts of the rounds this one was asked after."""
        texts: list[str] = []
        parent = round_.parent
        for _ in range(_GENERATIONS):
            if not parent:
                break
            try:
                earlier = (await self._rounds.read(RoundRef(round_.community, parent))).round
            except NotFound:
                break
            texts += [entry.text for entry in earlier.standing]
            parent = earlier.parent
        return texts


_GENERATIONS = 5


def missing_places(round_: Round) -> list[tuple[int, str]]:
    """The places still to be written, each with its lens, in the order of writing.

    Both are drawn from the round's seed: neither a lens nor coming first decides where an
    entry stands, and a round that is taken up again goes on as it was begun.
    """
    rng = Random(round_.seed)
    lenses = list(round_.lenses) or [lens.name for lens in pick(rng, round_.wanted)]
    places = list(range(1, round_.wanted + 1))
    rng.shuffle(places)
    written = {entry.number for entry in round_.entries}
    return [pair for pair in zip(places, lenses, strict=True) if pair[0] not in written]
