"""The daily prompt: given at its time as an ordinary round, and a week's best answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from bot.beginnings import begun_before
from bot.challenge import DailyPlan
from bot.community.rules import Rules, channel_of, effective
from bot.errors import LimitReached, NotFound, StageFailed
from bot.game.challenges.scheduling import next_prompt, week_of, week_shown
from bot.models import Address, Round, RoundRef
from bot.ports import Clock, Stage
from bot.present.challenges.daily import Best, week_card
from bot.storage import agenda_items as items
from bot.storage.agenda import AgendaStore
from bot.storage.challenges import Challenges
from bot.storage.charters import Charters
from bot.storage.plans import PlanStore
from bot.storage.refusals import ForeignSpace
from bot.storage.rounds import Opening, Rounds, round_id
from bot.storage.votes import milliseconds

log = logging.getLogger(__name__)

BEST = 5  # answers that a week's end shows
MISSED = timedelta(hours=6)  # a prompt later than that is left out
AGAIN = timedelta(minutes=5)


class Daily:
    """The agenda's work of daily prompts."""

    def __init__(
        self,
        challenges: Challenges,
        plans: PlanStore,
        rounds: Rounds,
        agenda: AgendaStore,
        charters: Charters,
        defaults: Rules,
        stages: Mapping[str, Stage],
        clock: Clock,
        nudge: Callable[[str], None],
        draw_seed: Callable[[], int],
    ) -> None:
        self._challenges = challenges
        self._plans = plans
        self._rounds = rounds
        self._agenda = agenda
        self._charters = charters
        self._defaults = defaults
        self._stages = stages
        self._clock = clock
        self._nudge = nudge
        self._draw_seed = draw_seed

    async def give(self, community: str) -> datetime | None:
        """Give the prompt that is due, once; else when it is."""
        plans, now = await self._plans.read(community), self._clock.now()
        plan, due = plans.daily, plans.daily_next
        if due is None or not plan.running or plan.address is None:
            return None
        if now < due:
            return due
        days = plans.days
        if now - due <= MISSED and plan.address.space in await self._challenges.spaces(community):
            try:
                days = (*days, await self._open(community, plan, due, now))
            except LimitReached as pause:
                log.info("a daily prompt waits: %s", pause)
                return now + AGAIN
            except ForeignSpace:
                log.info("a daily prompt’s place is no longer of %s", community)
            shown = week_shown(plan, due)
            item = items.week_end(community, plan.address.space.platform)
            await self._agenda.add(item, shown)
        following = next_prompt(plan, now)
        await self._plans.put_off(
            community, due, following, daily=True, days=tuple(dict.fromkeys(days))
        )
        self._nudge(community)
        return None

    async def week_end(self, ref: RoundRef) -> datetime | None:
        """Show the best answers of a week that is over, once nothing of it is voted on any more.
        Raises `StageFailed`.

        Where the prompts have moved to another platform meanwhile, that is left to whoever speaks
        to it.
        """
        plans, now = await self._plans.read(ref.community), self._clock.now()
        address = plans.daily.address
        if address is not None and address.space.platform != ref.round:
            item = items.week_end(ref.community, address.space.platform)
            await self._agenda.add(item, now)
            self._nudge(ref.community)
            return None
        found = await asyncio.gather(*(self._round(ref.community, each) for each in plans.days))
        rounds = sorted((each for each in found if each is not None), key=lambda each: each.opened)
        this_week = week_of(plans.daily, now)
        gone, left = set(plans.days) - {each.id for each in rounds}, list[datetime]()
        for week, group in groupby(rounds, lambda each: week_of(plans.daily, each.opened)):
            given = list(group)
            if week == this_week:
                left.append(week_shown(plans.daily, given[-1].opened))
            elif again := still_open(given, now):
                left.append(again)
            else:
                await self._show(ref.community, address, given)
                gone |= {each.id for each in given}
        await self._plans.let_days_go(ref.community, [each for each in plans.days if each in gone])
        return min(left, default=None)

    async def _show(self, community: str, address: Address | None, week: Sequence[Round]) -> None:
        best = best_of([each for each in week if not each.taking])
        if not best or address is None:
            return
        platform = address.space.platform
        stage = self._stages.get(platform)
        if stage is None:
            raise StageFailed(f"this process does not speak to {platform}")
        key = f"week:{community}:{milliseconds(week[0].opened)}"
        await stage.post(address, week_card(best), key, doubtful=begun_before())

    async def _open(self, community: str, plan: DailyPlan, due: datetime, now: datetime) -> str:
        assert plan.address is not None
        charter = await self._charters.of(community)
        rules = effective(charter.rules, self._defaults, channel_of(plan.address))
        event = f"daily {community} {milliseconds(due)}"
        opening = Opening(
            prompt="",
            form=plan.form,
            wanted=0,
            seed=self._draw_seed(),
            closes=now + timedelta(hours=rules.hours),
            for_people=True,
            tallies_for=rules.tallies,
            language=rules.language,
        )
        await self._rounds.open(community, event, None, plan.address, opening, now)
        return round_id(event)

    async def _round(self, community: str, ident: str) -> Round | None:
        try:
            return (await self._rounds.read(RoundRef(community, ident))).round
        except NotFound:
            return None


def still_open(week: Sequence[Round], now: datetime) -> datetime | None:
    """When to look again at a week of which votes are still taken; None where none are.

    What should have closed long ago keeps the others waiting no more.
    """
    closing = [each.closes for each in week if each.taking and now < each.closes + MISSED]
    return max(*closing, now) + AGAIN if closing else None


def best_of(rounds: list[Round]) -> list[Best]:
    """The answers with most votes, by people; with equal votes they share a place."""
    answers = [
        (round_.tallies[entry.number].approvals, round_, entry)
        for round_ in rounds
        for entry in round_.standing
        if entry.author and entry.text and entry.number in round_.tallies
    ]
    answers = [each for each in answers if each[0]]
    answers.sort(key=lambda each: (-each[0], each[1].opened, each[2].number))
    return [
        Best(
            rank=1 + sum(other[0] > votes for other in answers),
            prompt=round_.prompt,
            text=entry.text,
            author=round_.people.get(entry.author),
            votes=votes,
        )
        for votes, round_, entry in answers[:BEST]
    ]
