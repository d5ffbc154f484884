"""The daily prompt, and the best of its week."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.challenge_requests import (
    SetPlan,
)
from bot.community_requests import SetRule
from bot.models import Address, SpaceRef
from bot.requests import Add, Vote
from bot.storage import keys
from bot.storage.challenge_records import write_plan
from bot.storage.client import Store
from tests.support import (
    MemoryStage,
    words,
)
from tests.weeks import DAY, Week, composed


async def test_a_daily_prompt_is_a_round_for_people_and_its_week_ends_with_the_best(
    week: Week,
) -> None:
    table = week.table
    await week.boss(SetPlan("days", "Tuesday and Thursday", daily=True))
    await week.boss(SetPlan("time", "9:00", daily=True))
    await week.boss(SetPlan("running", "on", daily=True))
    tuesday = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    await week.until(tuesday)
    ref = await table.here()
    round_ = await table.round(ref)
    assert (round_.for_people, round_.asker) == (True, 0)
    assert "Today’s prompt" in table.shown(ref)
    await table.do(Add("A line of my very own.", 0, ref), "ana")
    await table.do(Vote((1,), (), ref), "ben")
    await week.until(tuesday + 2 * DAY)
    assert (await table.here()) != ref
    await table.do(Add("Another line, by somebody else."), "ben")
    assert not [k for k in table.stage.posts if k.startswith("m-week:")]
    await week.until(tuesday + 6 * DAY + timedelta(minutes=5))
    (shown,) = [card for k, card in table.stage.posts.items() if k.startswith("m-week:")]
    assert "A line of my very own." in words(shown)
    assert "Another line" not in words(shown)  # nobody voted for it
    await week.until(tuesday + 7 * DAY)
    plans = await week.plans.read(ref.community)
    assert len(plans.days) == 1


async def test_a_weeks_best_are_shown_once_where_the_prompts_have_moved_to(
    week: Week, store: Store
) -> None:
    """To another platform, which another process speaks to."""
    table, tuesday = week.table, datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    await week.boss(SetPlan("days", "Tuesday", daily=True))
    await week.boss(SetPlan("time", "9:00", daily=True))
    await week.boss(SetPlan("running", "on", daily=True))
    await week.until(tuesday)
    ref = await table.here()
    await table.do(Add("A line of my very own.", 0, ref), "ana")
    await table.do(Vote((1,), (), ref), "ben")
    daily = (await week.plans.read(ref.community)).daily
    moved = replace(daily, address=Address(SpaceRef("other", "w1"), "c1"))
    shared = keys.community(ref.community)
    await store.call("HSET", shared.plan, "daily", write_plan(moved))
    await week.until(tuesday + 6 * DAY + timedelta(minutes=5))
    assert not [k for k in table.stage.posts if k.startswith("m-week:")]
    assert await store.call("HLEN", keys.agenda_dead(keys.shard(ref.community))) == 0
    there = MemoryStage()
    other = composed(store, table.clock, week.composers, there, "other")
    await other.settle()
    ((key, shown),) = there.posts.items()
    assert key.startswith("m-week:")
    assert "A line of my very own." in words(shown)
    assert there.addresses[key] == moved.address
    assert (await week.plans.read(ref.community)).days == ()
    waiting = await store.call("ZRANGE", shared.agenda, 0, -1)
    assert not [item for item in waiting if item.startswith("weekend@")]


async def test_a_weeks_best_wait_for_what_is_still_voted_on_and_then_show_the_week_whole(
    week: Week,
) -> None:
    table = week.table
    await week.boss(SetRule("hours", "72"))
    await week.boss(SetPlan("days", "Friday, Sunday and Monday", daily=True))
    await week.boss(SetPlan("time", "9:00", daily=True))
    await week.boss(SetPlan("running", "on", daily=True))
    friday = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    await week.until(friday)
    first = await table.here()
    await table.do(Add("A line of Friday’s own.", 0, first), "ana")
    await table.do(Vote((1,), (), first), "ben")
    await week.until(friday + 2 * DAY)
    sunday = await table.here()
    assert sunday != first
    await table.do(Add("A line of Sunday’s own.", 0, sunday), "ana")
    await week.until(friday + 3 * DAY)
    await week.until(friday + 3 * DAY + timedelta(minutes=5))
    await table.do(Vote((1,), (), sunday), "ben")
    for days in (4, 5):
        await week.until(friday + days * DAY)
        assert not [k for k in table.stage.posts if k.startswith("m-week:")], "it is voted on"
    await week.until(friday + 5 * DAY + timedelta(minutes=5))
    (shown,) = [card for k, card in table.stage.posts.items() if k.startswith("m-week:")]
    assert "A line of Friday’s own." in words(shown)
    assert "A line of Sunday’s own." in words(shown)
    assert len((await week.plans.read(first.community)).days) == 1, "and this week’s goes on"


async def test_weeks_that_are_over_together_are_shown_one_by_one(week: Week) -> None:
    table = week.table
    await week.boss(SetRule("hours", "168"))
    await week.boss(SetPlan("days", "Sunday", daily=True))
    await week.boss(SetPlan("time", "9:00", daily=True))
    await week.boss(SetPlan("running", "on", daily=True))
    sunday = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
    for weeks, line in enumerate(("The first Sunday’s line.", "The second Sunday’s line.")):
        await week.until(sunday + 7 * weeks * DAY)
        ref = await table.here()
        await table.do(Add(line, 0, ref), "ana")
        await table.do(Vote((1,), (), ref), "ben")
    await week.until(sunday + 14 * DAY + timedelta(hours=1))
    await week.until(sunday + 14 * DAY + timedelta(hours=2))
    first, second = [card for k, card in table.stage.posts.items() if k.startswith("m-week:")]
    assert "The first Sunday’s line." in words(first)
    assert "The second Sunday’s line." not in words(first)
    assert "The second Sunday’s line." in words(second)
