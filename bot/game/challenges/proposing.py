"""Themes by members: proposed, voted up, and named by who won."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.cards import Card, Line, Literal, Strong
from bot.challenge import Challenge
from bot.challenge_requests import (
    ChallengeRef,
    NominateTheme,
    ProposeTheme,
    RemoveTheme,
    ShowThemes,
    VoteTheme,
    WithdrawTheme,
)
from bot.community.context import Context, bounded, organiser_only
from bot.community.gates import through_gate
from bot.community.moderation import Moderation
from bot.errors import NotAllowed, Refusal
from bot.game.challenges.likeness import close_to, long_enough
from bot.game.challenges.theming import THEME
from bot.present.challenges.themes import Listed, themes_card
from bot.present.lines import fill, words
from bot.storage.challenges import Challenges
from bot.storage.plans import PlanStore
from bot.storage.themes import Themes, ThemeStore
from bot.wording import en
from bot.writing.similarity import words as spoken

WHY = 200  # characters of an organiser's reason
Placed = Callable[[ChallengeRef], Awaitable[Sequence[int]]]
"""The numbers of who won a counted challenge."""


class Proposing:
    """The use cases of themes."""

    def __init__(
        self,
        challenges: Challenges,
        plans: PlanStore,
        themes: ThemeStore,
        moderation: Moderation,
        winners: Placed,
    ) -> None:
        self._challenges = challenges
        self._plans = plans
        self._themes = themes
        self._moderation = moderation
        self._winners = winners

    async def propose(self, context: Context, request: ProposeTheme) -> Card:
        """Put a theme on the list; without one, see the list."""
        if not request.theme.strip():
            return await self._card(context)
        theme = await self._checked(context, request.theme)
        command = context.command
        # The script takes no theme twice, but knows nothing of commas and exclamation marks.
        listed = (await self._themes.read(context.community.id)).proposals
        same = next((e.theme for e in listed if spoken(e.theme) == spoken(theme)), theme)
        number, gave_way = await self._themes.put(
            context.community.id, command.space, command.user, same, context.now
        )
        told = (Strong(en.theme_proposed(number, gave_way)),)
        return await self._card(context, told, at=number)

    async def show(self, context: Context, request: ShowThemes) -> Card:
        """A page of the list."""
        return await self._card(context, page=request.page)

    async def withdraw(self, context: Context, request: WithdrawTheme) -> Card:
        """Take a theme of one's own off the list."""
        command = context.command
        await self._themes.withdraw(
            context.community.id, command.space, command.user, request.proposal
        )
        return await self._off(context, request.proposal)

    async def remove(self, context: Context, request: RemoveTheme) -> Card:
        """Take anybody's theme off the list, for a reason that the log has."""
        organiser_only(context)
        why = " ".join(bounded(request.why, WHY, "reason", en.EMPTY_WHY).split())
        await self._themes.remove(
            context.community.id,
            context.command.space,
            request.proposal,
            context.deed("theme-remove", request.proposal, why),
        )
        return await self._off(context, request.proposal)

    async def vote(self, context: Context, request: VoteTheme) -> Card:
        """Vote a theme up, or no more."""
        through_gate(context)
        command = context.command
        await self._themes.vote(
            context.community.id,
            command.space,
            command.user,
            request.proposal,
            context.now,
            on=request.on,
        )
        said = en.THEME_VOTED if request.on else en.THEME_UNVOTED
        told = (Strong(words(said, number=request.proposal)),)
        return await self._card(context, told, at=request.proposal)

    async def nominate(self, context: Context, request: NominateTheme) -> Card:
        """Name the next theme, as a winner of the latest challenge may."""
        won = await self._last(context)
        if won is None or not won.counted:
            raise NotAllowed(en.NOT_WON)
        theme = await self._checked(context, request.theme)
        winners = await self._winners(ChallengeRef(won.community, won.id))
        command = context.command
        await self._themes.name(won, command.space, command.user, theme, winners)
        return await self._card(context, fill(en.THEME_NAMED, theme=Literal(theme)))

    async def _last(self, context: Context) -> Challenge | None:
        community = context.community.id
        plans = await self._plans.read(community)
        return await self._challenges.read(ChallengeRef(community, plans.last))

    async def _checked(self, context: Context, theme: str) -> str:
        """A member's theme, once it may be shown. Raises `Refusal`."""
        through_gate(context)
        clean = " ".join(bounded(theme, THEME, "theme", en.EMPTY_THEME).split())
        if not long_enough(clean):
            raise Refusal(en.THEME_SHORT)
        await self._moderation.check(context, clean, "theme")
        themes = await self._themes.read(context.community.id)
        if close_to(clean, themes.before):
            raise Refusal(en.THEME_HAD)
        return clean

    async def _off(self, context: Context, proposal: str) -> Card:
        return await self._card(context, (Strong(words(en.THEME_OFF, number=proposal)),))

    async def _card(
        self, context: Context, done: Line = (), *, page: int = 1, at: str = ""
    ) -> Card:
        community = context.community.id
        themes: Themes = await self._themes.read(community)
        reader = await self._challenges.number(community, context.command.user)
        had = {e.id for e in themes.proposals if close_to(e.theme, themes.before)}
        named = themes.named is not None and not close_to(themes.named.theme, themes.before)
        listed = Listed(themes.proposals, reader, frozenset(had), named, context.organiser)
        return themes_card(listed, page, at=at, done=done)
