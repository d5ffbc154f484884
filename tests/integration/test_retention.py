"""Rounds go after 90 days, and nothing of them stays but the hall of fame: however much is played,
what is kept of it is bounded.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random

from bot.requests import Add, Ask, Close, Vote
from bot.storage import keys
from bot.storage.client import Store
from tests.support import Table, member

ROUNDS = 24  # of a cohort; their pieces are more than the hall holds
VOTERS = 6
LONG = timedelta(days=150)  # the rounds’ ninety, and the rest of the periods that they closed in


async def weighed(store: Store) -> tuple[set[str], int]:
    """The keys that there are, and the bytes that all of them take."""
    names = set(await store.call("KEYS", "*"))
    sizes = [int(await store.call("MEMORY", "USAGE", name, "SAMPLES", 0)) for name in names]
    return names, sum(sizes)


async def season(table: Table, rng: Random, name: str) -> None:
    """A cohort of rounds, all of them voted on and closed."""
    for n in range(ROUNDS):
        who = f"asker{n % 9}"
        await table.do(Ask(f"{name} prompt {n}"), who)
        ref = await table.here()
        await table.do(Add(f"{name} said {n} times", round=ref), "bo")
        votes = (
            table.quick(Vote((rng.randint(1, 4),), (), ref), f"voter{v}") for v in range(VOTERS)
        )
        await asyncio.gather(*votes)
        await table.do(Close(ref), who)
        table.clock.shift(timedelta(hours=4))
    table.clock.shift(LONG)
    await table.muse.settle()
    # What is trimmed with the next event of its kind is so with one more round, which goes too.
    await table.do(Ask("one more"))
    ref = await table.here()
    await table.do(Vote((1,), (), ref), "bo")
    await table.do(Close(ref))
    table.clock.shift(LONG)
    await table.muse.settle()


async def test_what_is_kept_of_rounds_is_bounded(table: Table, store: Store) -> None:
    rng = Random(1)
    for turn in (1, 2):  # the first fills the hall of fame
        await season(table, rng, f"season {turn}")
    before, bytes_before = await weighed(store)
    for turn in (3, 4):
        await season(table, rng, f"season {turn}")
    later, bytes_later = await weighed(store)

    community = keys.community((await table.community()).id)
    assert not [name for name in later if ":r:" in name]
    assert await store.call("ZCARD", community.rounds) == 0
    assert await store.call("LLEN", community.past) == 0
    assert await store.call("HLEN", community.channels) == 0
    assert await store.call("ZCARD", community.agenda) == 0
    assert await store.call("HLEN", community.pieces) == 100  # the hall of fame
    assert await store.call("SCARD", community.hall) == 100
    assert await store.call("ZCARD", community.board("entries", "all")) == 100
    assert later == before
    assert bytes_later < bytes_before * 1.05
    assert await store.call("HGET", community.ids, str(member("voter1")))  # people are known on
