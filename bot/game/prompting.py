"""Finding a prompt for people: the agenda's work on a round that they begin."""

from __future__ import annotations

import logging
from contextlib import aclosing
from datetime import datetime
from random import Random

from bot.brief import Brief
from bot.errors import NotFound, Refusal, WriterFailed
from bot.game.briefing import Briefing
from bot.game.composing import Composer
from bot.game.delivery import Delivery
from bot.models import Round, RoundRef, RoundState
from bot.storage.memory import Memory
from bot.storage.rounds import Rounds
from bot.writing.guard import Past
from bot.writing.invitations import INVITATION, KINDS

log = logging.getLogger(__name__)


class Prompting:
    """Has a prompt found that is not close to the last ones, and opens the round with it."""

    def __init__(
        self,
        rounds: Rounds,
        memory: Memory,
        briefing: Briefing,
        composer: Composer,
        delivery: Delivery,
    ) -> None:
        self._rounds = rounds
        self._memory = memory
        self._briefing = briefing
        self._composer = composer
        self._delivery = delivery

    async def prompt(self, ref: RoundRef) -> datetime | None:
        """Find the round's prompt; it has none yet where somebody died at it. Raises
        `WriterFailed`.
        """
        try:
            round_ = (await self._rounds.read(ref)).round
        except NotFound:
            return None
        try:
            if round_.state is RoundState.WRITING:
                await self._delivery.show_if_possible(round_)
                await self._rounds.give_prompt(ref, await self._found(round_))
            await self._delivery.show_or_catch_up((await self._rounds.read(ref)).round)
        except NotFound:
            await self._delivery.show_lost(round_)
        except Refusal as gone:
            log.debug("round %s needs no prompt any more: %s", ref.round, gone)
        return None

    async def _found(self, round_: Round) -> str:
        earlier = await self._memory.prompts(round_.community)
        kind = Random(round_.seed).choice(KINDS)
        brief = Brief(
            prompt=round_.theme,
            form=INVITATION.name,
            lenses=(kind.name,),
            avoid=tuple(earlier),
            seed=round_.seed,
            own_lenses=KINDS,
        )
        known = await self._briefing.purse(round_, round_.asker, brief, Past(earlier))
        made = self._composer.begin(brief, known.context)
        try:
            async with aclosing(made.drafts()) as drafts:
                async for draft in drafts:
                    return draft.text
        finally:
            await known.purse.settle(made.outcome.usage)
        raise WriterFailed("No prompt could be found.")
