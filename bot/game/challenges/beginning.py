"""The agenda's work of beginning: the next challenge when its moment has come."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.challenge import Challenge
from bot.errors import Refusal
from bot.game.challenges.scheduling import (
    SOON,
    could_begin,
    counts_from,
    next_begin,
    span,
    too_late,
)
from bot.game.challenges.theming import Theming
from bot.models import RoundRef
from bot.ports import Clock
from bot.storage.challenges import Beginning, Challenges
from bot.storage.plans import Changed, Plans, PlanStore
from bot.storage.themes import ThemeStore
from bot.storage.votes import milliseconds

log = logging.getLogger(__name__)

TRIES = 5  # others change the plan while a theme is found
AGAIN = timedelta(seconds=5)  # until one that is about to be over is


class Beginnings:
    """Begins challenges by the plan, each moment once."""

    def __init__(
        self,
        challenges: Challenges,
        plans: PlanStore,
        themes: ThemeStore,
        theming: Theming,
        clock: Clock,
        nudge: Callable[[str], None],
        draw_seed: Callable[[], int],
        give_prompt: Callable[[str], Awaitable[datetime | None]],
    ) -> None:
        """`give_prompt` gives a community its daily prompt, which is begun the same way."""
        self._challenges = challenges
        self._plans = plans
        self._themes = themes
        self._theming = theming
        self._clock = clock
        self._nudge = nudge
        self._draw_seed = draw_seed
        self._give_prompt = give_prompt

    async def begin(self, ref: RoundRef) -> datetime | None:
        """Begin what is due, or say when it is. Raises `WriterFailed` where no theme is found."""
        if ref.round == "daily":
            return await self._give_prompt(ref.community)
        for _ in range(TRIES):
            try:
                return await self._begin(ref.community)
            except Changed:
                continue
        return self._clock.now() + AGAIN

    async def _begin(self, community: str) -> datetime | None:
        plans, now = await self._plans.read(community), self._clock.now()
        plan, due = plans.weekly, plans.next
        if due is None or not (plan.running or plans.once) or not plan.addresses:
            return None
        if now < due:
            return due
        latest = await self._challenges.latest(community)
        if plans.current and latest is not None and latest.running:
            return await self._behind(community, plans, latest, due)
        could = could_begin(due, latest)
        if not plans.once and too_late(plan, could, now):
            log.info("a challenge of %s is left out: its time was missed", community)
            await self._put_off(community, plans, due, now)
            return None
        begun = now if plans.once else counts_from(plan, due, could)
        return await self._open(community, plans, due, begun)

    async def _open(
        self, community: str, plans: Plans, due: datetime, counted: datetime
    ) -> datetime | None:
        plan, now = plans.weekly, self._clock.now()
        themes = await self._themes.read(community)
        found = await self._theming.find(community, plan, themes)
        ends = span(plan, counted)
        begun = Beginning(
            event=f"plan {milliseconds(due)} {plans.count + 1}",
            number=plans.count + 1,
            theme=found.theme,
            deadline=ends.deadline,
            closes=ends.closes,
            plan=plan,
            seed=self._draw_seed(),
            tell=await self._challenges.spaces(community),
            proposer=found.proposer,
            proposal=found.proposal,
            due=due,
            following=following(plans, now) if plan.running else None,
        )
        try:
            opened = await self._challenges.open(community, begun, now)
        except Refusal:  # somebody began another one just now
            return now + AGAIN
        if opened is not None:
            log.info("challenge %s of %s has begun", opened.challenge, community)
            self._nudge(community)
        return None

    async def _behind(
        self, community: str, plans: Plans, running: Challenge, due: datetime
    ) -> datetime | None:
        """When to look again, where another challenge still runs; it is put off a week where that
        takes long yet.
        """
        now = self._clock.now()
        if waits(plans, running, max(now, due)):
            return max(running.closes, now) + AGAIN
        await self._put_off(community, plans, due, running.closes - timedelta(milliseconds=1))
        return None

    async def _put_off(self, community: str, plans: Plans, due: datetime, after: datetime) -> None:
        then = following(plans, after)
        if not await self._plans.put_off(community, due, then):
            raise Changed


def waits(plans: Plans, running: Challenge, at: datetime) -> bool:
    """Whether the next waits for a running challenge, at a moment when it is due; else it is put
    off a week.
    """
    return plans.once or running.closes <= at + SOON


def possible(plans: Plans, latest: Challenge | None, now: datetime) -> datetime | None:
    """When the next can begin, as it looks now; None where none is planned."""
    due = plans.next if plans.weekly.running or plans.once else None
    if due is None or latest is None or not latest.running or latest.closes <= due:
        return due
    if waits(plans, latest, max(due, now)):
        return latest.closes
    return following(plans, latest.closes - timedelta(milliseconds=1))


def following(plans: Plans, after: datetime) -> datetime:
    """When the next begins by the plan, after a moment and after what is to be left out."""
    return next_begin(plans.weekly, max(after, plans.skip) if plans.skip else after)
