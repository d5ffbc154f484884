"""Which theme is next: the winner's, one drawn by members' votes, one that is written.

Never one close to the last that were had.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from random import Random

from bot.brief import Brief
from bot.challenge import Plan, Proposal, ThemeSource
from bot.community.moderation import Moderation
from bot.errors import WriterFailed
from bot.game.briefing import Briefing, Scene
from bot.game.challenges.likeness import close_to
from bot.game.composing import Composer
from bot.storage.themes import Themes
from bot.writing.engine import Context
from bot.writing.invitations import INVITATION, KINDS

log = logging.getLogger(__name__)

THEME = 120  # characters of a theme that a member proposes
WRITTEN = 3  # themes that a model is asked for, of which the first that is new is taken
DECK_TRIES = 12  # kinds of theme that the deck is asked for, until one is new
NAMED = "next"  # what stands for the winner's own theme where proposals have numbers


@dataclass(frozen=True, slots=True)
class Drawn:
    """A theme: by which member, 0 for Muse, and of which proposal."""

    theme: str
    proposer: int = 0
    proposal: str = ""


def draw(themes: Themes, rng: Random) -> Drawn | None:
    """The winner's theme, else one of those proposed: each as likely as it has votes, none with
    none. None where there is nothing new to draw.
    """
    named = themes.named
    if named is not None and not close_to(named.theme, themes.before):
        return Drawn(named.theme, named.member, NAMED)
    able: list[Proposal] = [
        each for each in themes.proposals if each.votes and not close_to(each.theme, themes.before)
    ]
    if not able:
        return None
    (chosen,) = rng.choices(able, weights=[len(each.votes) for each in able])
    return Drawn(chosen.theme, chosen.member, chosen.id)


class Theming:
    """Finds themes where members have none: written by the model, else from the deck."""

    def __init__(
        self,
        briefing: Briefing,
        moderation: Moderation,
        written: Composer,
        deck: Composer,
        draw_seed: Callable[[], int],
    ) -> None:
        """`written` writes invitations with the model there is, `deck` with none."""
        self._briefing = briefing
        self._moderation = moderation
        self._written = written
        self._deck = deck
        self._draw_seed = draw_seed

    def drawn(self, plan: Plan, themes: Themes) -> Drawn | None:
        """What members have, where the plan wants that. The winner's own theme always counts."""
        rng = Random(self._draw_seed())
        if plan.themes is ThemeSource.MEMBERS:
            return draw(themes, rng)
        return draw(Themes((), themes.named, themes.before), rng)

    async def find(self, community: str, plan: Plan, themes: Themes) -> Drawn:
        """A theme as the plan has them, each source before the next. Raises `WriterFailed`."""
        if (drawn := self.drawn(plan, themes)) is not None:
            return drawn
        if plan.themes is not ThemeSource.DECK and plan.addresses:
            try:
                return Drawn(await self._write(community, plan, themes))
            except WriterFailed as failure:
                log.warning("a theme comes from the deck: %s", failure)
        return await self.from_deck(community, themes)

    async def from_deck(self, community: str, themes: Themes) -> Drawn:
        """A theme of Muse's own list, at once. Raises `WriterFailed`."""
        repeats = _repeats(themes)
        context = Context(repeats, partial(self._moderation.allows, community))
        for _ in range(DECK_TRIES):
            made = self._deck.begin(self._brief(themes, 1), context)
            try:
                async with aclosing(made.drafts()) as drafts:
                    async for draft in drafts:
                        if not repeats(draft.text):
                            return Drawn(draft.text)
            except WriterFailed as failure:
                log.debug("another kind of theme is tried: %s", failure)
        raise WriterFailed("No theme could be found.")

    async def _write(self, community: str, plan: Plan, themes: Themes) -> str:
        """A theme from what the community knows and what won before."""
        brief, known = await self._briefing.filled(
            Scene(community, plan.addresses[0]), 0, self._brief(themes, WRITTEN)
        )
        repeats = _repeats(themes)
        context = Context(repeats, known.context.allowed, known.context.may_call)
        made = self._written.begin(brief, context)
        try:
            async with aclosing(made.drafts()) as drafts:
                async for draft in drafts:
                    if not await asyncio.to_thread(repeats, draft.text):
                        return draft.text
        finally:
            await known.purse.settle(made.outcome.usage)
        raise WriterFailed("Every theme that was written is close to an earlier one.")

    def _brief(self, themes: Themes, count: int) -> Brief:
        rng = Random(self._draw_seed())
        kinds = tuple(rng.sample(KINDS, count))
        return Brief(
            prompt="",
            form=INVITATION.name,
            lenses=tuple(kind.name for kind in kinds),
            avoid=themes.before,
            seed=rng.getrandbits(32),
            own_lenses=KINDS,
        )


def _repeats(themes: Themes) -> Callable[[str], bool]:
    return partial(close_to, before=themes.before)
