"""How a community's challenges and daily prompts run, and what is next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.challenge import DailyPlan, Plan
from bot.models import SpaceRef
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.audit import Deed
from bot.storage.challenge_records import read_daily, read_plan, write_plan
from bot.storage.client import Arg, Store, script
from bot.storage.refusals import refuse
from bot.storage.round_records import moment
from bot.storage.votes import REMEMBERED, milliseconds, pairs


class Changed(Exception):
    """What was decided on was read before somebody changed it: read it anew."""


@dataclass(frozen=True, slots=True)
class Plans:
    """How a community's challenges and daily prompts run, and what is next."""

    weekly: Plan = field(default_factory=Plan)
    daily: DailyPlan = field(default_factory=DailyPlan)
    next: datetime | None = None
    daily_next: datetime | None = None
    skip: datetime | None = None  #: none begins until this, the end of a day
    count: int = 0
    current: str = ""
    last: str = ""  #: the latest that is no example
    days: tuple[str, ...] = ()  #: the rounds of the week's daily prompts
    changes: int = 0
    once: bool = False  #: whether the next begins even where none begins each week


@dataclass(frozen=True, slots=True)
class Ordered:
    """Which organiser has something done, in which space, with what is put down of it."""

    event: str
    space: SpaceRef
    deed: Deed = field(repr=False)


class PlanStore:
    """The repository of plans."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self, community: str) -> Plans:
        """How a community's challenges and daily prompts run."""
        flat = await self._store.call("HGETALL", keys.community(community).plan)
        kept = flat if isinstance(flat, dict) else pairs(flat)

        def when(name: str) -> datetime | None:
            return moment(kept[name]) if kept.get(name) else None

        return Plans(
            weekly=read_plan(kept.get("weekly", "")),
            daily=read_daily(kept.get("daily", "")),
            next=when("next"),
            daily_next=when("dnext"),
            skip=when("skip"),
            count=int(kept.get("count") or 0),
            current=kept.get("current", ""),
            last=kept.get("last", ""),
            days=tuple(json.loads(kept["days"])) if kept.get("days") else (),
            changes=int(kept.get("rev") or 0),
            once=kept.get("once") == "1",
        )

    async def put(
        self,
        community: str,
        changes: int,
        plan: Plan | DailyPlan,
        following: datetime | None,
        by: Ordered,
        now: datetime,
        skip: datetime | None = None,
        *,
        once: bool = False,
    ) -> None:
        """Change how challenges or daily prompts run; `following` is when the next begins, with
        `once` even where none begins each week.

        Raises `Changed`, `ForeignSpace`.
        """
        shared, daily = keys.community(community), isinstance(plan, DailyPlan)
        due = str(milliseconds(following)) if following else ""
        fields: list[Arg] = ["daily" if daily else "weekly", write_plan(plan)]
        fields += ["dnext" if daily else "next", due]
        if not daily:
            fields += ["skip", str(milliseconds(skip)) if skip else "", "once", "1" if once else ""]
        reply = await self._store.run(
            script("plan_set"),
            (shared.plan, shared.spaces, shared.agenda, shared.seen, *by.deed.keys(community)),
            (
                *(str(by.space), by.event, changes),
                *(items.begin(community, "daily" if daily else "weekly"), due),
                *(milliseconds(now), milliseconds(now - REMEMBERED)),
                *(len(fields), *fields, *by.deed.args()),
            ),
        )
        settled(reply)

    async def put_off(
        self,
        community: str,
        due: datetime,
        following: datetime,
        *,
        daily: bool = False,
        days: Sequence[str] | None = None,
    ) -> bool:
        """Note that the next begins at another moment than `due`; False where that was changed.

        `days` are the rounds of the week's daily prompts.
        """
        shared = keys.community(community)
        besides = ("", "") if days is None else ("days", json.dumps(list(days)))
        reply = await self._store.run(
            script("plan_next"),
            (shared.plan, shared.agenda),
            (
                *("dnext" if daily else "next", milliseconds(due), milliseconds(following)),
                items.begin(community, "daily" if daily else "weekly"),
                *besides,
            ),
        )
        return bool(reply[0] == "ok")

    async def let_days_go(self, community: str, rounds: Sequence[str]) -> None:
        """Let go rounds of a week of daily prompts, which were shown or are gone."""
        if rounds:
            plan = keys.community(community).plan
            await self._store.run(script("plan_days"), (plan,), tuple(rounds))


def settled(reply: Sequence[str]) -> None:
    """Raise `Changed`, or what else a script refused, by its reply."""
    if reply[0] == "changed":
        raise Changed
    if reply[0] != "ok":
        refuse(("challenge over", *reply[1:]) if reply[0] == "state" else reply)
