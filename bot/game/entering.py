"""People's entries: adding one, remixing one, taking one (or a round) back."""

from __future__ import annotations

from datetime import timedelta

from bot.cards import Card, FormCard
from bot.community.angles import INSTRUCTION, NAME
from bot.community.context import Context, bounded, organiser_only, round_here
from bot.community.gates import through_gate
from bot.community.lore import LINE
from bot.community.moderation import Moderation
from bot.community.reporting import REASON
from bot.game.challenges.theming import THEME
from bot.game.delivery import Delivery
from bot.present.blanks import entry_form, refine_form
from bot.present.challenges.themes import theme_form
from bot.present.guarding import remove_form, strike_form
from bot.present.knowing import angle_form, lore_form
from bot.present.lines import words
from bot.present.receipts import added, said
from bot.requests import Add, Blank, Compose, Withdraw
from bot.settings import LimitSettings
from bot.storage.rounds import Rounds
from bot.wording import en
from bot.writing.briefs import TWIST_CHARS

_ORGANISERS = (Blank.LORE, Blank.ANGLE, Blank.STRIKE, Blank.REMOVE)


class Entering:
    """The use cases of a member's own texts."""

    def __init__(
        self,
        rounds: Rounds,
        delivery: Delivery,
        moderation: Moderation,
        limits: LimitSettings,
        *,
        twists: bool = False,
    ) -> None:
        """`twists`: whether a model is there to write remixes."""
        self._rounds = rounds
        self._delivery = delivery
        self._moderation = moderation
        self._limits = limits
        self._twists = twists

    async def compose(self, context: Context, request: Compose) -> FormCard:
        """Open a form; nothing is read, since a form can't wait."""
        if request.blank in _ORGANISERS:
            organiser_only(context)
            return _organisers_form(request)
        if request.blank is Blank.REFINE:
            return refine_form(request.round, TWIST_CHARS)
        if request.blank is Blank.THEME:
            return theme_form(THEME)
        limit = self._limits.max_entry_chars
        return entry_form(request.round, request.parent, limit, twists=self._twists)

    async def add(self, context: Context, request: Add, *, unaided: bool = False) -> Card:
        """Put a member's text into a round, as a remix where it names a parent.

        `unaided`: Muse was to write it, and can't. Raises `NotAllowed` at a closed gate.
        """
        through_gate(context)
        text = bounded(request.text, self._limits.max_entry_chars, "piece", en.EMPTY_ENTRY)
        await self._moderation.check(context, text, "piece")
        ref = await round_here(context, self._rounds, request.round)
        command = context.command
        place = await self._rounds.add(
            ref,
            context.event,
            command.space,
            command.user,
            text,
            request.parent,
            self._limits.max_entries,
            context.rules.entries,
            now=context.now,
        )
        self._delivery.refresh(ref)
        view = await self._rounds.read(ref, command.space, command.user)
        return added(view, place.number, unaided=unaided)

    async def withdraw(self, context: Context, request: Withdraw) -> Card:
        """Take back one's entry, or the round one asked for."""
        ref = await round_here(context, self._rounds, request.round)
        command = context.command
        if request.entry:
            await self._rounds.withdraw_entry(
                ref, command.space, command.user, request.entry, context.now
            )
            text = words(en.WITHDRAWN_PIECE, number=request.entry)
        else:
            expires = context.now + timedelta(days=self._limits.keep_days)
            await self._rounds.withdraw(ref, command.space, command.user, expires, context.now)
            text = en.WITHDRAWN_ROUND
        self._delivery.refresh(ref)
        return said(text)


def _organisers_form(request: Compose) -> FormCard:
    match request.blank:
        case Blank.LORE:
            return lore_form(LINE)
        case Blank.ANGLE:
            return angle_form(NAME, INSTRUCTION)
        case Blank.STRIKE:
            return strike_form(request.round, request.parent, REASON)
        case _:
            return remove_form(request.round, REASON)
