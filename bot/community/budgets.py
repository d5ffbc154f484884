"""Budgets: what the model may cost a community and its members in a day.

A call is made only where the most it could cost is still free, and that much is held until it
is done: so the budget holds whatever comes at once.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cards import Card
from bot.community.context import Context, organiser_only
from bot.community.rules import Rules
from bot.community_requests import ShowUsage
from bot.listings import Spending
from bot.models import Limits
from bot.ports import Clock
from bot.present.usage import usage_card
from bot.settings import BudgetSettings
from bot.storage.spaces import Spaces
from bot.storage.usage import UsageStore
from bot.writing.calls import Usage

DAYS = 7  # on the card
MEMBERS = 5
MILLION = 1_000_000


@dataclass(slots=True)
class Purse:
    """The money for one piece of writing: asked before each call, settled after the last."""

    budgets: Budgets
    community: str
    member: int
    limits: Limits
    day: date
    renews: datetime
    most: Usage  #: what one call may use at most
    holds: list[str] = field(default_factory=list)
    refused: bool = False

    @property
    def ever(self) -> bool:
        """Whether a whole day's budget is enough for a call."""
        tokens = self.most.tokens_in + self.most.tokens_out
        return (
            not 0 < self.limits.tokens < tokens
            and not 0 < self.limits.member_tokens < tokens
            and not 0 < self.limits.cost < self.budgets.cost(self.most)
        )

    async def may_call(self) -> bool:
        """Whether a call may be made; what it may cost at most is held."""
        hold = uuid.uuid4().hex[:12]
        spent = await self.budgets.store.hold(
            self.community,
            self.day,
            hold,
            self.member,
            self.most.tokens_in + self.most.tokens_out,
            self.budgets.cost(self.most),
            self.limits,
            self.budgets.clock.now(),
        )
        self.refused = bool(spent)
        if not spent:
            self.holds.append(hold)
        return not spent

    async def settle(self, usage: Sequence[Usage]) -> None:
        """Put down what the calls really cost, by the service's own figures."""
        if not self.holds and not usage:
            return
        spending = Spending(
            calls=len(usage),
            tokens_in=sum(each.tokens_in for each in usage),
            cached=sum(each.cached for each in usage),
            tokens_out=sum(each.tokens_out for each in usage),
            cost=sum(self.budgets.cost(each) for each in usage),
        )
        holds, self.holds = self.holds, []
        await self.budgets.store.settle(self.community, self.day, self.member, spending, holds)


class Budgets:
    """Makes purses, and tells what has been used."""

    def __init__(
        self, store: UsageStore, spaces: Spaces, clock: Clock, settings: BudgetSettings
    ) -> None:
        self.store = store
        self.clock = clock
        self._spaces = spaces
        self._settings = settings

    def cost(self, usage: Usage) -> int:
        """What a call costs, in millionths of the money that prices are in; 0 without prices."""
        price_in = self._settings.price_in or 0.0
        price_cached = self._settings.price_cached
        cached = usage.cached if price_cached is not None else 0
        return round(
            (usage.tokens_in - cached) * price_in
            + cached * (price_cached or 0.0)
            + usage.tokens_out * (self._settings.price_out or 0.0)
        )

    async def purse(self, community: str, member: int, rules: Rules, chars: int) -> Purse:
        """The purse for writing from a brief of `chars` bytes, for a member; what is written for
        the community itself, member 0, is bounded by its budget alone.
        """
        day, renews = await self._today(community)
        # No token is less than a byte, and hardly any service makes more than one of two.
        most = Usage("", chars // 2, 0, self._settings.most_tokens, reported=False)
        limits = self._limits(rules)
        limits = limits if member else replace(limits, member_tokens=0)
        return Purse(self, community, member, limits, day, renews, most)

    async def show(self, context: Context, _: ShowUsage) -> Card:
        """What the model has cost here, to an organiser."""
        organiser_only(context)
        community = context.community.id
        today, renews = await self._today(community)
        days = await asyncio.gather(
            *(
                self.store.day(community, today - timedelta(days=back), MEMBERS)
                for back in range(DAYS)
            )
        )
        limits, most = self._limits(context.rules), self._settings.most_tokens
        return usage_card(days, limits, most, renews, self._settings.currency)

    def _limits(self, rules: Rules) -> Limits:
        """The operator's limits, or where it is less what the community set."""
        operator = self._settings
        return Limits(
            _least(operator.tokens_per_day, rules.tokens),
            _least(operator.member_tokens_per_day, rules.member_tokens),
            round(MILLION * (operator.money_per_day or 0.0)),
        )

    async def _today(self, community: str) -> tuple[date, datetime]:
        """The community's day, and when the next one begins, in UTC."""
        zone = ZoneInfo(await self._spaces.zone(community))
        today = self.clock.now().astimezone(zone).date()
        renews = datetime.combine(today + timedelta(days=1), time(), zone)
        return today, renews.astimezone(self.clock.now().tzinfo)


def _least(*limits: int) -> int:
    """The least of those that are limits at all."""
    return min((limit for limit in limits if limit), default=0)
