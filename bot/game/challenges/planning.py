"""Organisers' use cases: setting up challenges and the daily prompt, and taking part in their
course. Each deed is put down with what it does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from bot.cards import Card
from bot.challenge import Plan
from bot.challenge_requests import (
    PlanPreset,
    RunChallenges,
    SetPlan,
    ShowPlan,
    SkipChallenge,
)
from bot.community.context import Context, organiser_only
from bot.errors import BadInput, Refusal
from bot.game.challenges.beginning import following
from bot.game.challenges.plan_values import (
    Wish,
    announced_at,
    changed,
    daily_changed,
    known_zone,
    preset,
)
from bot.game.challenges.scheduling import day_over, next_prompt
from bot.models import Address
from bot.present.challenges.daily import daily_card
from bot.present.challenges.plan import given_way, part_of, plan_card
from bot.storage.plans import Changed, Ordered, Plans, PlanStore
from bot.wording import en

TRIES = 5


class Planning:
    """The use cases of the set-up."""

    def __init__(self, plans: PlanStore, nudge: Callable[[str], None]) -> None:
        self._plans = plans
        self._nudge = nudge

    async def show(self, context: Context, request: ShowPlan) -> Card:
        """How challenges, or the daily prompt, run here."""
        organiser_only(context)
        plans = await self._standing(context)
        return self._card(context, plans, request.part, daily=request.daily)

    async def set_plan(self, context: Context, request: SetPlan) -> Card:
        """Set one thing; what runs already keeps what it began with."""
        organiser_only(context)
        names = tuple(en.DAILY if request.daily else en.PLAN)
        if request.what not in names:
            raise BadInput(en.unknown_plan(request.what, names))
        wish = Wish(request.value, context.command.address)
        if request.daily:
            plans, aside = await self._change_daily(context, request.what, wish), ""
        else:
            before: list[Plan] = []

            def change(plan: Plan) -> Plan:
                before[:] = [plan]
                return changed(plan, request.what, wish)

            plans = await self._change(context, change, "plan", request.what)
            aside = given_way(before[-1], plans.weekly, request.what)
        label = (en.DAILY if request.daily else en.PLAN)[request.what][0]
        done = " ".join(filter(None, (en.PLAN_SET.format(label=label), aside)))
        part = part_of(request.what)
        return self._card(context, plans, part, daily=request.daily, done=done)

    async def preset(self, context: Context, request: PlanPreset) -> Card:
        """Set up challenges as a preset has it."""
        organiser_only(context)
        plans = await self._change(
            context, lambda plan: preset(plan, request.preset), "plan-preset", request.preset
        )
        return self._card(context, plans, "when", done=en.PLAN_IS_SET)

    async def run(self, context: Context, request: RunChallenges) -> Card:
        """Have one begin each week, or none until further notice."""
        organiser_only(context)
        plans = await self._change(
            context,
            lambda plan: replace(plan, running=request.on),
            "plan-resume" if request.on else "plan-pause",
            "",
        )
        done = en.PLAN_RUNS if request.on else en.PLAN_PAUSED
        return self._card(context, plans, "when", done=done)

    async def skip(self, context: Context, _: SkipChallenge) -> Card:
        """Leave out the next one."""
        organiser_only(context)

        def skipped(plans: Plans) -> datetime | None:
            if not plans.weekly.running or plans.next is None:
                raise Refusal(en.NOTHING_TO_SKIP)
            if plans.once:
                return plans.next  # it was wanted now: the day's own is another
            return day_over(plans.next, plans.weekly.zone)

        plans = await self._change(context, lambda plan: plan, "challenge-skip", "", skipped)
        return self._card(context, plans, "when", done=en.CHALLENGE_SKIPPED)

    async def _standing(self, context: Context) -> Plans:
        """The plans as they stand; what was never set up is meant for here."""
        plans = await self._plans.read(context.community.id)
        weekly, daily = plans.weekly, plans.daily
        if not weekly.addresses and plans.changes == 0:
            weekly = replace(weekly, zone=_zone(context))
            daily = replace(daily, zone=_zone(context))
        return replace(plans, weekly=weekly, daily=daily)

    async def _change(
        self,
        context: Context,
        change: Callable[[Plan], Plan],
        deed: str,
        of: str,
        skipped: Callable[[Plans], datetime | None] | None = None,
    ) -> Plans:
        """Change the weekly plan, whoever else does, and schedule the next by it."""

        async def once(plans: Plans) -> None:
            before, weekly = plans, change(_placed(plans.weekly, context))
            skip = skipped(plans) if skipped else _still_skipped(plans, weekly)
            plans = replace(plans, weekly=weekly, skip=skip)
            after = following(plans, context.now) if weekly.running else None
            # One that was wanted now, or is due, and waits for its theme or for another to be
            # over, is not lost with a change.
            kept = deed not in ("plan-pause", "challenge-skip")
            soon = plans.once and kept
            waits = kept and weekly.running and _waits(before, weekly, context.now)
            await self._plans.put(
                context.community.id,
                plans.changes,
                weekly,
                plans.next if soon or waits else after,
                self._ordered(context, deed, of),
                context.now,
                skip,
                once=soon,
            )

        return await self._until_done(context, once)

    async def _change_daily(self, context: Context, what: str, wish: Wish) -> Plans:
        async def once(plans: Plans) -> None:
            daily = plans.daily
            if daily.address is None:
                daily = replace(daily, address=_bare(context.command.address))
            daily = daily_changed(daily, what, wish)
            after = next_prompt(daily, context.now) if daily.running else None
            await self._plans.put(
                context.community.id,
                plans.changes,
                daily,
                after,
                self._ordered(context, "daily", what),
                context.now,
            )

        return await self._until_done(context, once)

    async def _until_done(
        self, context: Context, once: Callable[[Plans], Awaitable[None]]
    ) -> Plans:
        for left in reversed(range(TRIES)):
            try:
                await once(await self._standing(context))
                break
            except Changed:
                if not left:
                    raise Refusal(en.PLAN_CHANGED) from None
        self._nudge(context.community.id)
        return await self._standing(context)

    @staticmethod
    def _ordered(context: Context, deed: str, of: str) -> Ordered:
        command = context.command
        return Ordered(context.event, command.space, context.deed(deed, of))

    @staticmethod
    def _card(
        context: Context, plans: Plans, part: str, *, daily: bool = False, done: str = ""
    ) -> Card:
        if daily:
            return daily_card(plans.daily, plans.daily_next, done)
        space = context.command.space
        return plan_card(plans.weekly, plans.next, plans.current, space, part, done)


def _waits(plans: Plans, weekly: Plan, now: datetime) -> bool:
    """Whether one is due, and still is where the plan is changed to another."""
    had = plans.weekly
    same = (had.weekday, had.minute, had.zone) == (weekly.weekday, weekly.minute, weekly.zone)
    return same and plans.next is not None and plans.next <= now


def _still_skipped(plans: Plans, weekly: Plan) -> datetime | None:
    """Until when none begins: where the clocks are others now, to the end of the day by both."""
    if plans.skip is None or weekly.zone == plans.weekly.zone:
        return plans.skip
    return max(plans.skip, day_over(plans.skip, plans.weekly.zone, weekly.zone))


def _placed(plan: Plan, context: Context) -> Plan:
    """A plan that is announced in the space of who sets it up, at least where they are."""
    address = context.command.address
    if plan.at(address.space) is not None:
        return plan
    return replace(plan, addresses=announced_at(plan.addresses, address))


def _bare(address: Address) -> Address:
    return Address(address.space, address.channel)


def _zone(context: Context) -> str:
    """The zone to begin with: the member's own where their platform tells it."""
    return known_zone(context.command.standing.zone) or context.community.zone
