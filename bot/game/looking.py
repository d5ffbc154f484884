"""Looking at things: a round, a board, the help. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards import Card
from bot.commands import BOARDS, PERIODS
from bot.community.context import Context, round_here
from bot.errors import NotFound
from bot.game.periods import period_key
from bot.present.boards import entries_board, lenses_board, people_board
from bot.present.help import command_help, help_card
from bot.present.receipts import shown, sparked
from bot.requests import Help, Show, Spark, Top
from bot.settings import LimitSettings
from bot.stats.approval import prior
from bot.storage.boards import Boards
from bot.storage.memory import Memory
from bot.storage.rounds import Rounds
from bot.wording import en
from bot.writing.plain import blank
from bot.writing.sparks import sparks

THEME = 200  # characters


class Looking:
    """The use cases that only read."""

    def __init__(
        self,
        rounds: Rounds,
        boards: Boards,
        memory: Memory,
        limits: LimitSettings,
        draw_seed: Callable[[], int],
    ) -> None:
        self._rounds = rounds
        self._boards = boards
        self._memory = memory
        self._limits = limits
        self._draw_seed = draw_seed

    async def show(self, context: Context, request: Show) -> Card:
        """A round as it stands, with the member's own votes and what they may do."""
        command = context.command
        ref = await round_here(context, self._rounds, request.round)
        view = await self._rounds.read(ref, command.space, command.user)
        seen_by = view.round.tallies_for
        tallies = seen_by == "always" or (seen_by == "vote" and bool(view.choices))
        may_close = context.organiser or (view.reader > 0 and view.reader == view.round.asker)
        return shown(view, tallies=tallies, may_close=may_close)

    async def top(self, context: Context, request: Top) -> Card:
        """A page of a board. Raises `NotFound` for a board or a time there is none of."""
        if request.board not in BOARDS or request.period not in PERIODS or request.page < 1:
            raise NotFound(en.UNKNOWN_BOARD)
        period = period_key(request.period, context.now, context.community.zone)
        size = self._limits.page_size
        first = (request.page - 1) * size
        return await self._board(context, request, period, first, size)

    async def _board(
        self, context: Context, request: Top, period: str, first: int, size: int
    ) -> Card:
        community, there = context.community.id, context.command.space.platform
        if request.board == "entries":
            entries = await self._boards.entries(community, period, first, size, there)
            return entries_board(entries, request.period, first, size)
        if request.board == "people":
            people = await self._boards.people(community, period, first, size, there)
            return people_board(people, request.period, first, size)
        lenses = await self._boards.lenses(community, period)
        mean = prior(sum(row.approvals for row in lenses), sum(row.chances for row in lenses))
        records = await self._memory.lenses(community)
        return lenses_board(lenses, mean, request.period, first, size, records)

    async def spark(self, _: Context, request: Spark) -> Card:
        """Three questions; Muse writes nothing itself."""
        theme = "" if blank(request.theme) else " ".join(request.theme.split())[:THEME]
        seed = request.seed or self._draw_seed()
        questions = sparks(theme, seed, request.page - 1)
        return sparked(questions, theme, seed, request.page)

    async def help(self, _: Context, request: Help) -> Card:
        """What can be typed. Raises `NotFound` for a command there is none of."""
        return command_help(request.command) if request.command else help_card()
