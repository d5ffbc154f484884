"""What the model has cost a community and its members, day by day, and what is held for calls
under way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.listings import Spending, UsageDay
from bot.models import Limits
from bot.storage import keys
from bot.storage.client import Store, script
from bot.storage.identities import person
from bot.storage.votes import milliseconds, pairs

KEPT = 32  # days
HELD = timedelta(minutes=15)  # a call takes less; who held it and died loses it then


class UsageStore:
    """The repository of usage."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def hold(
        self,
        community: str,
        day: date,
        hold: str,
        member: int,
        tokens: int,
        cost: int,
        limits: Limits,
        now: datetime,
    ) -> str:
        """Hold what a call may cost at most; '' where it may be made, else whose budget is
        spent: ``community``, ``member`` or ``money``.
        """
        shared = keys.community(community)
        reply = await self._store.run(
            script("usage_hold"),
            (
                shared.usage(str(day)),
                shared.holds,
                shared.usage(str(day - timedelta(days=KEPT))),
            ),
            (
                milliseconds(now),
                hold,
                tokens,
                cost,
                member,
                milliseconds(now + HELD),
                limits.tokens,
                limits.member_tokens,
                limits.cost,
            ),
        )
        return "" if reply[0] == "ok" else str(reply[1])

    async def settle(
        self, community: str, day: date, member: int, spending: Spending, holds: Sequence[str]
    ) -> None:
        """Put down what calls cost, and let go what was held for them."""
        shared = keys.community(community)
        await self._store.run(
            script("usage_settle"),
            (shared.usage(str(day)), shared.holds),
            (
                member,
                spending.calls,
                spending.tokens_in,
                spending.cached,
                spending.tokens_out,
                spending.cost,
                *holds,
            ),
        )

    async def day(self, community: str, day: date, members: int) -> UsageDay:
        """What a day has cost, with the `members` who used most."""
        shared = keys.community(community)
        flat = await self._store.call("HGETALL", shared.usage(str(day)))
        kept = pairs(flat)
        by_member = sorted(
            ((int(count), name[1:]) for name, count in kept.items() if name[1:].isdigit()),
            reverse=True,
        )[:members]
        identities = [await self._store.call("HGET", shared.people, m) for _, m in by_member]
        return UsageDay(
            day,
            Spending(
                int(kept.get("calls", 0)),
                int(kept.get("in", 0)),
                int(kept.get("cached", 0)),
                int(kept.get("out", 0)),
                int(kept.get("cost", 0)),
            ),
            tuple(
                (person(identity), count)
                for (count, _), identity in zip(by_member, identities, strict=True)
            ),
        )
