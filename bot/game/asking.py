"""Opening rounds: a prompt, and once more for other answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from bot.cards import Card
from bot.errors import TooLate
from bot.game.context import Context, bounded, round_here
from bot.models import RoundState
from bot.present.rounds import round_card
from bot.requests import Again, Ask
from bot.settings import LimitSettings
from bot.stats.lens_choice import choose
from bot.storage.memory import Memory
from bot.storage.rounds import Opening, Rounds
from bot.wording import en
from bot.writing.forms import form
from bot.writing.lenses import LENSES


class Asking:
    """The use cases that open a round. `nudge` tells the agenda; `draw_seed` gives 32 bits."""

    def __init__(
        self,
        rounds: Rounds,
        memory: Memory,
        limits: LimitSettings,
        nudge: Callable[[str], None],
        draw_seed: Callable[[], int],
    ) -> None:
        self._rounds = rounds
        self._memory = memory
        self._limits = limits
        self._nudge = nudge
        self._draw_seed = draw_seed

    async def ask(self, context: Context, request: Ask) -> Card:
        """Open a round on a prompt."""
        return await self._open(context, request.prompt, request.form, "")

    async def again(self, context: Context, request: Again) -> Card:
        """Open a child of a round, on the same prompt, unlike it."""
        ref = await round_here(context, self._rounds, request.round)
        earlier = (await self._rounds.read(ref, context.command.space)).round
        if earlier.state is RoundState.WITHDRAWN:
            raise TooLate(en.ROUND_IS_WITHDRAWN)
        return await self._open(context, earlier.prompt, request.form or earlier.form, earlier.id)

    async def _open(self, context: Context, prompt: str, form_name: str, parent: str) -> Card:
        clean = bounded(prompt, self._limits.max_prompt_chars, "prompt", en.EMPTY_PROMPT)
        command = context.command
        seed = self._draw_seed()
        opening = Opening(
            prompt=" ".join(clean.split()),
            form=form(form_name).name,
            wanted=self._limits.entries_per_round,
            seed=seed,
            closes=context.now + timedelta(hours=self._limits.round_hours),
            parent=parent,
            lenses=choose(
                await self._memory.lenses(context.community.id),
                [lens.name for lens in LENSES],
                self._limits.entries_per_round,
                Random(seed),
            ),
        )
        ref = await self._rounds.open(
            context.community.id,
            command.event,
            command.user,
            command.address,
            opening,
            context.now,
        )
        self._nudge(ref.community)
        round_ = (await self._rounds.read(ref)).round
        return round_card(round_)
