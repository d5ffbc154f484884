"""A raid: 500 accounts made that day prompt, enter, vote and report, all at once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from statistics import median

from bot.cards import Reply
from bot.community_requests import Report, SetPreset, SetRule, ShowReports
from bot.errors import LimitReached, MuseError, NotAllowed
from bot.models import RoundRef, Tenure
from bot.requests import Add, Ask, Remix, Request, Vote
from bot.storage import keys
from bot.storage.client import Store
from bot.storage.usage import UsageStore
from bot.wording import en
from tests.integration.budget_bench import COST, Metered, PlainDeck, budget, game
from tests.support import FakeClock, Table, command, words

RAIDERS = 500
PROMPTED = 150  # all of whom get an answer: each is a whole round's writing
MEMBERS = 40  # honest ones, who vote meanwhile
HONEST = "Somebody had to say it kindly."


async def seconds_of_votes(
    table: Table, ref: RoundRef, entry: int, names: Iterable[str]
) -> list[float]:
    """The time that each honest vote takes, one after another, in seconds, the longest last."""
    taken = []
    for name in names:
        begun = time.perf_counter()
        await table.quick(Vote((entry,), (), ref), name)
        taken.append(time.perf_counter() - begun)
    return sorted(taken)


async def outcome(table: Table, request: Request, who: str, tenure: Tenure) -> Reply | MuseError:
    try:
        return await table.muse.app.handle(command(request, who, standing=tenure))
    except MuseError as refused:
        return refused


async def test_a_raid_of_fresh_accounts(
    table: Table, record_property: Callable[[str, object], None]
) -> None:
    members = [f"member{n}" for n in range(MEMBERS)]
    await table.do(Ask("a quiet evening"), "ana")
    for name in members[: MEMBERS // 2]:
        await table.do(Vote((1,)), name)
    table.clock.shift(timedelta(days=2))
    await table.muse.settle()
    await table.do(SetPreset("busy"), "boss", manages=True)
    await table.do(SetRule("account-days", "7"), "boss", manages=True)
    await table.do(Ask("a lighthouse"), "ana")
    ref = await table.here()
    await table.do(Add(HONEST, 0, ref), "bo")
    alone = await seconds_of_votes(table, ref, 1, members)

    fresh = Tenure(table.clock.now(), table.clock.now())
    asked: list[tuple[Request, str]] = []
    for n in range(RAIDERS):
        who = f"raider{n}"
        asked += [
            (Ask(f"the worst of {n}"), who),
            (Add(f"rubbish number {n}", 0, ref), who),
            (Remix(5, f"more rubbish {n}", ref), who),
            (Vote((2,), (), ref), who),
            (Report(5, "down with it", ref), who),
        ]
    raid = asyncio.gather(*(outcome(table, request, who, fresh) for request, who in asked))
    raided = await seconds_of_votes(table, ref, 5, members)
    said = await raid
    await table.muse.settle()

    came = Counter(
        (type(request).__name__, type(answer).__name__)
        for (request, _), answer in zip(asked, said, strict=True)
    )
    for kind in ("Add", "Remix", "Vote"):
        assert came[kind, NotAllowed.__name__] == RAIDERS, "a closed gate says so"
    assert came["Report", Reply.__name__] == RAIDERS, "a report is taken, whoever makes it"
    assert came["Ask", LimitReached.__name__] == RAIDERS, "the channel has its pause"

    round_ = (await table.rounds.read(ref)).round
    assert [entry.number for entry in round_.entries] == [1, 2, 3, 4, 5]
    assert 2 not in round_.tallies or round_.tallies[2].approvals == 0
    assert round_.tallies[5].approvals == MEMBERS
    assert round_.voters == MEMBERS
    assert HONEST in words(table.stage.now_showing("round", ref))
    queue = words(await table.do(ShowReports(), "boss", manages=True))
    assert f"{RAIDERS} reports, 0 by members of standing" in queue
    assert en.REPORTS_HIDDEN not in queue

    # Members of standing are still heard.
    for name in members[:5]:
        await table.do(Report(5, "", ref), name)
    assert HONEST not in words(table.stage.now_showing("round", ref))
    # `benchmarks/raid.py` measures it at votes' own moments, against an ordinary day.
    usual, meanwhile = median(alone), median(raided)
    record_property("a vote alone, ms", round(1000 * usual, 2))
    record_property("how much longer it took in the raid, in the median", meanwhile / usual)
    record_property("the longest vote in the raid, ms", round(1000 * raided[-1], 1))


async def test_the_budget_of_a_raid_holds_to_the_token(store: Store, clock: FakeClock) -> None:
    """Where nothing holds the prompts back, the model still costs no more than the day's budget."""
    model, most = Metered(), 10_000
    limits = budget(tokens_per_day=most, member_tokens_per_day=5_000)
    table, _ = game(store, clock, model, limits, PlainDeck())
    asked = (
        outcome(table, Ask(f"the worst of {n}"), f"raider{n}", Tenure()) for n in range(PROMPTED)
    )
    came = Counter(type(answer).__name__ for answer in await asyncio.gather(*asked))
    assert came == {"Reply": PROMPTED}
    await table.muse.settle()
    community = (await table.community()).id
    spent = await UsageStore(store).day(community, clock.now().date(), 5)
    assert spent.tokens == model.calls * (COST.tokens_in + COST.tokens_out) <= most
    assert model.calls > 0
    # Nobody is left without an answer: the deck wrote the others.
    refs = await store.call("ZRANGE", keys.community(community).rounds, 0, -1)
    rounds = [(await table.rounds.read(RoundRef(community, ident))).round for ident in refs]
    assert len(rounds) == PROMPTED
    assert all(len(round_.standing) == 4 for round_ in rounds)
    assert sum(round_.filled == "budget" for round_ in rounds) == PROMPTED - model.calls
