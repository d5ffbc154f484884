"""What became of what people in the city were told."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

from bot.models import Round, RoundRef, RoundState
from bot.storage import keys
from bot.storage.rounds import Rounds
from bot.storage.spaces import first_community_id
from tests.faults.ledger import Town, judge
from tests.faults.places import Place, tells_result
from tests.soak.city import City
from tests.soak.life import Life

SETTLED = 120.0  # seconds after which what has not come to its end is left waiting
ROOM = 10  # pieces with a button that a message on Discord has room for
SOON = 40.0  # seconds: the last challenges are still at their ballots


@dataclass
class Judged:
    """Of all communities together, by kind."""

    told: Counter[str] = field(default_factory=Counter)
    there: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    twice: Counter[str] = field(default_factory=Counter)
    waiting: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    silent: int = 0
    late: int = 0
    refused: int = 0

    @property
    def good(self) -> bool:
        """Nothing was lost, nothing done twice, and everything came to its end."""
        done_once = not (self.lost.total() or self.twice.total())
        return done_once and not (self.waiting or self.wrong) and bool(self.told.total())


async def judged(city: City, life: Life) -> Judged:
    """Wait until everything has come to its end, and compare."""
    left = await _quiet(city)
    seen = Judged()
    seen.waiting += [f"on the agenda: {item}" for item in left]
    for number, ledger in life.ledgers.items():
        place = city.places[number]
        community = first_community_id(place.space)
        rounds = await _rounds(city, community)
        verdict = await judge(
            Town(city.store, community, rounds, place.said(), ledger), _waiting(place, rounds)
        )
        for mine, all_of_them in (
            (verdict.told, seen.told),
            (verdict.there, seen.there),
            (verdict.lost, seen.lost),
            (verdict.twice, seen.twice),
        ):
            all_of_them.update(mine)
        seen.waiting += verdict.waiting
        seen.missing += [f"{place.space} {each}" for each in verdict.missing]
        seen.wrong += [f"{place.space} {each}" for each in verdict.wrong]
        seen.silent += verdict.silent
        seen.late += verdict.late
        seen.refused += verdict.refused
    for shard in range(keys.SHARDS):
        dead = await city.store.call("HKEYS", keys.agenda_dead(shard))
        seen.waiting += [f"given up: {item}" for item in dead]
    return seen


async def _quiet(city: City) -> list[str]:
    """Wait until nothing is due, long enough that the last challenges have closed; what is due
    all the same.
    """
    end = time.monotonic() + SOON + SETTLED
    await asyncio.sleep(SOON)
    while True:
        soon = int((time.time() + 15) * 1000)
        due = [
            item
            for shard in range(keys.SHARDS)
            for item in await city.store.call("ZRANGEBYSCORE", keys.agenda(shard), "-inf", soon)
        ]
        if not due or time.monotonic() > end:
            return due
        await asyncio.sleep(1)


async def _rounds(city: City, community: str) -> list[Round]:
    ids = await city.store.call("ZRANGE", keys.community(community).rounds, 0, -1)
    kept = Rounds(city.store)
    return [(await kept.read(RoundRef(community, each))).round for each in ids]


def _waiting(place: Place, rounds: list[Round]) -> list[str]:
    """Rounds that have not come to their end on the platform."""
    shown = {each.id: each for each in place.said()}
    left = []
    for each in rounds:
        card, told = shown.get(each.message), shown.get(each.result)
        if each.state is RoundState.WRITING or card is None:
            left.append(f"{each.prompt}: {each.state}, its message is {each.message or 'nowhere'}")
        elif each.state is RoundState.CLOSED and (
            told is None or not tells_result(told.text, each.prompt)
        ):
            left.append(f"{each.prompt}: its result is not told")
        elif each.state is RoundState.OPEN and card.votes < min(ROOM, len(each.standing)):
            left.append(f"{each.prompt}: it shows {card.votes} of {len(each.standing)}")
        if card is not None and card.voters != each.voters:
            left.append(f"{each.prompt}: it says {card.voters} voted, not {each.voters}")
    return left
