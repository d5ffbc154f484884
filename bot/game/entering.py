"""People's entries: adding one, remixing one, taking one (or a round) back."""

from __future__ import annotations

from datetime import timedelta

from bot.cards import Card, FormCard
from bot.game.context import Context, bounded, round_here
from bot.game.delivery import Delivery
from bot.present.lines import words
from bot.present.receipts import added, entry_form, said
from bot.requests import Add, Compose, Withdraw
from bot.settings import LimitSettings
from bot.storage.rounds import Rounds
from bot.wording import en


class Entering:
    """The use cases of a member's own texts."""

    def __init__(self, rounds: Rounds, delivery: Delivery, limits: LimitSettings) -> None:
        self._rounds = rounds
        self._delivery = delivery
        self._limits = limits

    async def compose(self, _: Context, request: Compose) -> FormCard:
        """Open the form; nothing is read, since a form can't wait."""
        return entry_form(request.round, request.parent, self._limits.max_entry_chars)

    async def add(self, context: Context, request: Add) -> Card:
        """Put a member's text into a round, as a remix where it names a parent."""
        text = bounded(request.text, self._limits.max_entry_chars, "piece", en.EMPTY_ENTRY)
        ref = await round_here(context, self._rounds, request.round)
        command = context.command
        place = await self._rounds.add(
            ref,
            command.event,
            command.space,
            command.user,
            text,
            request.parent,
            self._limits.max_entries,
            self._limits.entries_per_member,
        )
        self._delivery.refresh(ref)
        view = await self._rounds.read(ref, command.space, command.user)
        return added(view, place.number)

    async def withdraw(self, context: Context, request: Withdraw) -> Card:
        """Take back one's entry, or the round one asked for."""
        ref = await round_here(context, self._rounds, request.round)
        command = context.command
        if request.entry:
            await self._rounds.withdraw_entry(ref, command.space, command.user, request.entry)
            text = words(en.WITHDRAWN_PIECE, number=request.entry)
        else:
            expires = context.now + timedelta(days=self._limits.keep_days)
            await self._rounds.withdraw(ref, command.space, command.user, expires)
            text = en.WITHDRAWN_ROUND
        self._delivery.refresh(ref)
        return said(text)
