"""Budgets on a real Redis: what is spent, what is held, and what happens at the limit."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.community.budgets import Budgets
from bot.community.rules import Rules
from bot.community_requests import SetRule, ShowUsage
from bot.models import Origin
from bot.requests import Ask, Remix
from bot.storage.client import Store
from bot.storage.spaces import Spaces
from bot.storage.usage import HELD, UsageStore
from tests.integration.budget_bench import COST, Metered, budget, game
from tests.support import SPACE, FakeClock, words


async def test_usage_is_the_services_own_figure(store: Store, clock: FakeClock) -> None:
    table, _ = game(store, clock, Metered(), budget(price_in=2.0, price_cached=0.5, price_out=8.0))
    await table.do(Ask("rain"))
    told = words(await table.do(ShowUsage(), "org", manages=True))
    assert "1,000 tokens in 1 call to the model. 400 of these tokens had been sent before" in told
    # 500 at 2, 400 at ½ and 100 at 8 for a million are 2,000 millionths.
    assert "That is less than 0.01 USD." in told
    assert "1,000 tokens" in told.split("Who used most today")[1]


@pytest.mark.parametrize(
    "limit", [{"tokens_per_day": 1}, {"member_tokens_per_day": 1}, {"money_per_day": 0.000001}]
)
async def test_where_no_call_is_ever_free_the_deck_answers_and_promises_nothing(
    store: Store, clock: FakeClock, limit: dict[str, float]
) -> None:
    model = Metered()
    prices = {"price_in": 2.0, "price_out": 8.0}
    table, stage = game(store, clock, model, budget(**limit, **prices))
    await table.do(Ask("rain"))
    assert model.calls == 0
    round_ = (await table.rounds.read(await table.here())).round
    assert {entry.origin for entry in round_.entries} == {Origin.DECK}
    assert round_.renews is None
    told = words(stage.now_showing("round", await table.here()))
    assert "Too little is left of today’s budget for the model" in told
    assert "The model writes again" not in told
    usage = words(await table.do(ShowUsage(), "org", manages=True))
    assert ("the model is never called" in usage) is ("money_per_day" not in limit)


async def test_at_the_limit_the_deck_answers_until_the_day_is_over(
    store: Store, clock: FakeClock
) -> None:
    model = Metered()
    table, stage = game(store, clock, model, budget(tokens_per_day=8_000))
    for prompt in ("rain", "snow", "hail", "fog", "dew", "ice"):
        await table.do(Ask(prompt))
    spent = model.calls
    assert 0 < spent < 6
    ref = await table.here()
    round_ = (await table.rounds.read(ref)).round
    assert {entry.origin for entry in round_.entries} == {Origin.DECK}
    tomorrow = clock.now().date() + timedelta(days=1)
    assert round_.renews == datetime.combine(tomorrow, datetime.min.time(), UTC)
    told = words(stage.now_showing("round", ref))
    assert "Too little is left of today’s budget for the model" in told
    assert "The model writes again from" in told
    clock.shift(timedelta(days=1))
    await table.do(Ask("sun"))
    assert model.calls == spent + 1


async def test_the_budget_holds_whatever_comes_at_once(store: Store, clock: FakeClock) -> None:
    model = Metered()
    table, _ = game(store, clock, model, budget(tokens_per_day=30_000))
    model.gate.clear()
    await asyncio.gather(*(table.quick(Ask(f"prompt {n}"), f"m{n}") for n in range(40)))
    writing = asyncio.create_task(table.muse.settle())
    await asyncio.sleep(0.3)
    model.gate.set()
    await writing
    usage = UsageStore(store)
    day = await usage.day((await table.community()).id, clock.now().date(), 3)
    assert 0 < day.tokens <= 30_000
    assert day.spending.calls == model.calls


async def test_a_community_may_set_less_but_not_more(store: Store, clock: FakeClock) -> None:
    model = Metered()
    table, _ = game(store, clock, model, budget(tokens_per_day=100))
    await table.do(SetRule("tokens", "500000"), "org", manages=True)
    await table.do(Ask("rain"))
    assert model.calls == 0
    other, _ = game(store, clock, model, budget(tokens_per_day=1_000_000))
    await other.do(SetRule("tokens", "20000"), "org", manages=True)
    await other.do(SetRule("member-tokens", "1"), "org", manages=True)
    await other.do(Ask("snow"))
    assert model.calls == 0


async def test_a_remix_says_so_and_gives_the_chance_back(store: Store, clock: FakeClock) -> None:
    table, stage = game(store, clock, Metered(), budget(tokens_per_day=1))
    await table.do(Ask("rain"))
    await table.do(Remix(1, "in the voice of a moth"), "ben")
    told = words(stage.now_showing("round", await table.here()))
    assert "Too little is left of today’s budget" in told


async def test_what_a_dead_process_held_is_free_again(store: Store, clock: FakeClock) -> None:
    community = await Spaces(store, "UTC").community(SPACE, clock.now())
    budgets = Budgets(UsageStore(store), Spaces(store, "UTC"), clock, budget(tokens_per_day=1_000))
    held = await budgets.purse(community.id, 1, Rules(), 200)
    assert await held.may_call()
    other = await budgets.purse(community.id, 2, Rules(), 200)
    assert not await other.may_call()
    clock.shift(HELD + timedelta(seconds=1))
    assert await other.may_call()


async def test_settling_twice_counts_once(store: Store, clock: FakeClock) -> None:
    community = await Spaces(store, "UTC").community(SPACE, clock.now())
    usage = UsageStore(store)
    budgets = Budgets(usage, Spaces(store, "UTC"), clock, budget())
    purse = await budgets.purse(community.id, 1, Rules(), 200)
    assert await purse.may_call()
    await purse.settle([COST])
    await purse.settle([])
    day = await usage.day(community.id, clock.now().date(), 3)
    assert day.tokens == 1_000
