"""Organisers in the course of a challenge: one begun now, an example, more time, the end of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.cards import Card
from bot.challenge import Challenge, ChallengeState, Plan
from bot.challenge_requests import CancelChallenge, ChallengeRef, ExtendChallenge, StartChallenge
from bot.community.context import Context, bounded, organiser_only
from bot.community.moderation import Moderation
from bot.errors import NotFound, Refusal, TooLate
from bot.game.challenges.likeness import close_to, long_enough
from bot.game.challenges.plan_values import announced_at, known_zone
from bot.game.challenges.scheduling import Span, example_span, span
from bot.game.challenges.theming import THEME, Drawn, Theming
from bot.models import SpaceRef
from bot.present.challenges.plan import started_card
from bot.present.receipts import said
from bot.storage import agenda_items as items
from bot.storage.challenges import Beginning, Challenges
from bot.storage.plans import Changed, Ordered, Plans, PlanStore
from bot.storage.themes import Themes, ThemeStore
from bot.storage.votes import milliseconds
from bot.wording import en

TRIES = 5
MOST_HOURS = 336  # two weeks
WHY = 200  # characters


class Steering:
    """The use cases of an organiser while a challenge runs, or to have one run."""

    def __init__(
        self,
        challenges: Challenges,
        plans: PlanStore,
        themes: ThemeStore,
        theming: Theming,
        moderation: Moderation,
        nudge: Callable[[str], None],
        draw_seed: Callable[[], int],
    ) -> None:
        self._challenges = challenges
        self._plans = plans
        self._themes = themes
        self._theming = theming
        self._moderation = moderation
        self._nudge = nudge
        self._draw_seed = draw_seed

    async def start(self, context: Context, request: StartChallenge) -> Card:
        """Begin a challenge now. Where a theme has to be written first, it begins with that."""
        organiser_only(context)
        community = context.community.id
        themes = await self._themes.read(community)
        given = await self._given(context, request.theme, themes)
        for _ in range(TRIES):
            plans = await self._plans.read(community)
            if plans.current:
                raise Refusal(en.CHALLENGE_RUNS)
            drawn = given
            if drawn is None and request.example:
                drawn = await self._theming.from_deck(community, themes)
            elif drawn is None:
                drawn = self._theming.drawn(plans.weekly, themes)
            try:
                if drawn is None:
                    await self._soon(context, plans)
                    self._nudge(community)
                    return said(en.CHALLENGE_SOON)
                challenge = await self._begin(context, plans, drawn, example=request.example)
            except Changed:
                continue
            self._nudge(community)
            return started_card(challenge)
        raise Refusal(en.PLAN_CHANGED)

    async def extend(self, context: Context, request: ExtendChallenge) -> Card:
        """Give the running challenge more hours in its stage."""
        organiser_only(context)
        if not 1 <= request.hours <= MOST_HOURS:
            raise Refusal(en.too_many_hours(MOST_HOURS))
        challenge = await self._running(context)
        more = timedelta(hours=request.hours)
        is_open = challenge.state is ChallengeState.OPEN
        if context.now >= (challenge.deadline if is_open else challenge.closes):
            raise TooLate(en.CHALLENGE_OVER)
        closes = challenge.closes + more
        deadline = challenge.deadline + more if is_open else challenge.deadline
        ref = ChallengeRef(challenge.community, challenge.id)
        ends = milliseconds(deadline if is_open else closes)
        tell = [
            items.proclaim(ref, f"longer-{ends:x}", space) for space in await self._spaces(context)
        ]
        try:
            await self._challenges.extend(
                challenge,
                deadline,
                closes,
                context.now,
                self._ordered(context, "challenge-extend", str(challenge.number)),
                tell,
            )
        except Changed:
            raise Refusal(en.PLAN_CHANGED) from None
        self._nudge(challenge.community)
        return said(en.CHALLENGE_LONGER)

    async def cancel(self, context: Context, request: CancelChallenge) -> Card:
        """End the running challenge without results; everybody is told why."""
        organiser_only(context)
        why = " ".join(bounded(request.why, WHY, "reason", en.EMPTY_WHY).split())
        await self._moderation.check(context, why, "reason")
        challenge = await self._running(context)
        ref = ChallengeRef(challenge.community, challenge.id)
        tell = [items.proclaim(ref, "cancelled", space) for space in await self._spaces(context)]
        by = self._ordered(context, "challenge-cancel", str(challenge.number), why)
        await self._challenges.end(challenge, "cancelled", context.now, tell, by=by, why=why)
        self._nudge(challenge.community)
        return said(en.CHALLENGE_CANCELLED)

    async def _given(self, context: Context, theme: str, themes: Themes) -> Drawn | None:
        """An organiser's own theme. Raises `Refusal` where it is close to an earlier one."""
        if not theme.strip():
            return None
        clean = " ".join(bounded(theme, THEME, "theme", en.EMPTY_THEME).split())
        if not long_enough(clean):
            raise Refusal(en.THEME_SHORT)
        await self._moderation.check(context, clean, "theme")
        if close_to(clean, themes.before):
            raise Refusal(en.THEME_HAD)
        return Drawn(clean)

    async def _begin(
        self, context: Context, plans: Plans, drawn: Drawn, *, example: bool
    ) -> Challenge:
        command, now = context.command, context.now
        plan = self._plan(context, plans, example=example)
        ends: Span = example_span(now) if example else span(plan, now)
        begun = Beginning(
            event=context.event,
            number=plans.count + 1,
            theme=drawn.theme,
            deadline=ends.deadline,
            closes=ends.closes,
            plan=plan,
            seed=self._draw_seed(),
            tell=[command.space] if example else await self._spaces(context),
            example=example,
            proposer=drawn.proposer,
            proposal=drawn.proposal,
            space=command.space,
            deed=context.deed(
                "challenge-example" if example else "challenge-now", str(plans.count + 1)
            ),
        )
        ref = await self._challenges.open(context.community.id, begun, now)
        challenge = await self._challenges.read(ref) if ref else None
        if challenge is None:
            raise NotFound(en.NO_CHALLENGE)
        return challenge

    async def _soon(self, context: Context, plans: Plans) -> None:
        """Have one begin as soon as a theme is written for it."""
        plan = self._plan(context, plans, example=False)
        by = self._ordered(context, "challenge-now", str(plans.count + 1))
        await self._plans.put(
            context.community.id,
            plans.changes,
            plan,
            context.now,
            by,
            context.now,
            plans.skip,
            once=True,
        )

    @staticmethod
    def _plan(context: Context, plans: Plans, *, example: bool) -> Plan:
        address, plan = context.command.address, plans.weekly
        if not plan.addresses:
            plan = replace(
                plan, zone=known_zone(context.command.standing.zone) or context.community.zone
            )
        if example:
            here = announced_at((), address)
            return replace(
                plan, addresses=here, mention="", winner_role="", event=False, running=False
            )
        if plan.at(address.space) is None:
            plan = replace(plan, addresses=announced_at(plan.addresses, address))
        return plan

    async def _running(self, context: Context) -> Challenge:
        challenge = await self._challenges.latest(context.community.id)
        if challenge is None or not challenge.running:
            raise NotFound(en.NO_CHALLENGE_RUNS)
        return challenge

    async def _spaces(self, context: Context) -> tuple[SpaceRef, ...]:
        return await self._challenges.spaces(context.community.id)

    @staticmethod
    def _ordered(context: Context, deed: str, of: str, why: str = "") -> Ordered:
        command = context.command
        return Ordered(context.event, command.space, context.deed(deed, of, why))
