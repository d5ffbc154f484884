"""Remixes: a person's twist on an entry, written by Muse, made together and credited to all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import aclosing
from datetime import datetime

from bot.cards import Card
from bot.community.context import Context, bounded, round_here
from bot.community.gates import through_gate
from bot.community.moderation import Moderation
from bot.errors import LimitReached, NotFound, Refusal, TooLate, WriterFailed
from bot.game.briefing import Briefing
from bot.game.composing import Composer
from bot.game.delivery import Delivery
from bot.game.entering import Entering
from bot.models import Draft, Round, RoundRef, Twist
from bot.ports import Clock
from bot.present.receipts import twist_taken
from bot.requests import Add, Remix
from bot.settings import LimitSettings
from bot.storage.remixes import Remixes
from bot.storage.rounds import Rounds
from bot.wording import en
from bot.writing.briefs import TWIST_CHARS

log = logging.getLogger(__name__)

VERSIONS = 3  # that are asked for; those that are too alike fall out


class Remixing:
    """The use case of a remix, and the agenda's work of writing it."""

    def __init__(
        self,
        rounds: Rounds,
        remixes: Remixes,
        briefing: Briefing,
        composer: Composer | None,
        entering: Entering,
        delivery: Delivery,
        moderation: Moderation,
        limits: LimitSettings,
        clock: Clock,
        nudge: Callable[[str], None],
    ) -> None:
        self._rounds = rounds
        self._remixes = remixes
        self._briefing = briefing
        self._composer = composer
        self._entering = entering
        self._delivery = delivery
        self._moderation = moderation
        self._limits = limits
        self._clock = clock
        self._nudge = nudge

    async def remix(self, context: Context, request: Remix) -> Card:
        """Have versions of an entry written; without a model the member's words are the entry.

        Raises `NotAllowed` at a closed gate.
        """
        through_gate(context)
        if self._composer is None:
            own = Add(request.twist, request.piece, request.round)
            return await self._entering.add(context, own, unaided=True)
        text = bounded(request.twist, TWIST_CHARS, "twist", en.EMPTY_TWIST)
        await self._moderation.check(context, text, "twist")
        ref = await round_here(context, self._rounds, request.round)
        command = context.command
        await self._remixes.ask(
            ref,
            context.event,
            command.space,
            command.user,
            request.piece,
            " ".join(text.split()),
            (context.rules.entries, self._limits.max_entries),
            context.now,
        )
        self._nudge(ref.community)
        view = await self._rounds.read(ref, command.space, command.user)
        return twist_taken(view, request.piece)

    async def write(self, ref: RoundRef) -> datetime | None:
        """Write every remix that was asked for in the round, also those asked for meanwhile."""
        struck: set[str] = set()
        while True:
            try:
                round_ = (await self._rounds.read(ref)).round
            except NotFound:
                return None
            twist = next((each for each in round_.twists if each.key not in struck), None)
            if twist is None:
                return None
            failure = await self._written(ref, round_, twist) if round_.taking else ""
            await self._remixes.strike(ref, twist, self._clock.now(), failure)
            struck.add(twist.key)
            self._delivery.refresh(ref)

    async def _written(self, ref: RoundRef, round_: Round, twist: Twist) -> str:
        """Write one remix and put its versions into the round; why there is none, if so."""
        parent = next((e for e in round_.standing if e.number == twist.entry), None)
        if parent is None:
            return en.PARENT_GONE
        if self._composer is None:
            return en.REMIX_NEEDS_MODEL
        brief, known = await self._briefing.remix(round_, parent, twist, VERSIONS)
        made = self._composer.begin(brief, known.context)
        given, placed = 0, 0
        try:
            async with aclosing(made.drafts()) as drafts:
                async for draft in drafts:
                    given += 1
                    placed += await self._placed(ref, round_, twist, given, draft)
        except WriterFailed as failure:
            log.info("a remix in round %s was not written whole: %s", ref.round, failure)
        except NotFound:
            return "" if placed else en.PARENT_GONE
        except (LimitReached, TooLate) as failure:
            return "" if placed else str(failure)
        finally:
            await known.purse.settle(made.outcome.usage)
        if placed:
            return ""
        return en.REMIX_SPENT if known.purse.refused else en.REMIX_FAILED

    async def _placed(
        self, ref: RoundRef, round_: Round, twist: Twist, number: int, draft: Draft
    ) -> int:
        """Put a version into the round; 1, or 0 where the very same words are there."""
        home, most, now = round_.address.space, self._limits.max_entries, self._clock.now()
        try:
            await self._remixes.place(ref, home, twist, number, draft, most, now)
        except (LimitReached, NotFound, TooLate):
            raise
        except Refusal:
            return 0
        self._delivery.refresh(ref)
        return 1
