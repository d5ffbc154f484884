"""The end of a round: at its deadline or early, told once, and let go in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.cards import Card
from bot.community.context import Context, round_here
from bot.errors import NotFound, TooLate
from bot.game.delivery import Delivery
from bot.game.periods import month_of, week_of
from bot.models import RoundRef, RoundState
from bot.ports import Clock
from bot.present.receipts import said
from bot.present.results import result_card
from bot.requests import Close
from bot.settings import LimitSettings
from bot.storage.boards import Boards, Closer
from bot.storage.rounds import Rounds
from bot.storage.spaces import Spaces
from bot.wording import en

HALL = 100  # how many of the all-time board stay when their rounds are gone


class Closing:
    """The use case of closing, and the agenda's work on a round's end."""

    def __init__(
        self,
        rounds: Rounds,
        boards: Boards,
        spaces: Spaces,
        delivery: Delivery,
        limits: LimitSettings,
        clock: Clock,
        nudge: Callable[[str], None],
    ) -> None:
        self._rounds = rounds
        self._boards = boards
        self._spaces = spaces
        self._delivery = delivery
        self._limits = limits
        self._clock = clock
        self._nudge = nudge

    async def close(self, context: Context, request: Close) -> Card:
        """End a round early, for who asked for it or an organiser."""
        ref = await round_here(context, self._rounds, request.round)
        command = context.command
        by = Closer(context.event, command.space, command.user, context.organiser)
        await self._close(ref, by)
        return said(en.CLOSED_BY_YOU)

    async def at_deadline(self, ref: RoundRef) -> datetime | None:
        """End a round whose time has come; the moment to try again where it has not."""
        try:
            return await self._close(ref, None)
        except (NotFound, TooLate):
            return None

    async def announce(self, ref: RoundRef) -> datetime | None:
        """Show the round as closed and tell its result, once. Raises `StageFailed`."""
        try:
            round_ = (await self._rounds.read(ref)).round
            await self._delivery.show_if_possible(round_)
            if not round_.result and round_.state is RoundState.CLOSED:  # else it was removed
                await self._delivery.post(round_, result_card(round_), "result")
        except NotFound:  # it went, maybe while it was being told, after months down
            return None
        return None

    async def expire(self, ref: RoundRef) -> datetime | None:
        """Let a round go with its places on the boards."""
        try:
            periods = (await self._rounds.read(ref)).round.periods
        except NotFound:
            return None
        keep, now = timedelta(days=self._limits.keep_days), self._clock.now()
        if month_of(now, await self._spaces.zone(ref.community)) in periods:
            return now + timedelta(days=1)  # its boards of people and angles are still running
        return await self._rounds.expire(ref, periods, HALL, keep, now)

    async def _close(self, ref: RoundRef, by: Closer | None) -> datetime | None:
        now = self._clock.now()
        zone = await self._spaces.zone(ref.community)
        early = await self._boards.close(
            ref,
            by,
            month_of(now, zone),
            week_of(now, zone),
            now,
            now + timedelta(days=self._limits.keep_days),
        )
        self._nudge(ref.community)
        return early
