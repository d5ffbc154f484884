"""What a vote takes in memory, in bytes, as Redis counts them.

Real votes in rounds of several sizes: what the round keeps of them, and with it the
events remembered for two hours, by which a late delivery is known again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.harness import Goal, Row, scaled, server, store
from bot.models import Address, Draft, Facet, Origin, RoundRef, SpaceRef, UserRef
from bot.storage import keys
from bot.storage.client import Store
from bot.storage.rounds import Opening, Rounds
from bot.storage.spaces import Spaces
from bot.storage.votes import Turn, Votes

ENTRIES = 4
MEMBERS = 200_000  # of the community in the end; the first have shorter, cheaper numbers
_AT_ONCE = 500
SPACE = SpaceRef("discord", "1130578129412849684")
FIRST_EVENT = FIRST_USER = 1_307_612_345_678_901_234  # ids as Discord gives them


@dataclass(frozen=True, slots=True)
class Size:
    """A round of so many voters, and the bytes a vote may take there."""

    voters: int
    goal: Goal


SIZES = (Size(20, Goal(16)), Size(100, Goal(14)), Size(200_000, Goal(85)))


def measure(size: float = 1.0) -> list[Row]:
    """The rows of this benchmark: with one entry approved, and with two and a reason."""
    rows = []
    for entries, facets in (((3,), ()), ((1, 3), (Facet.MOVED,))):
        for each in SIZES:
            whole = Size(min(each.voters, scaled(MEMBERS, size, 1_000)), each.goal)
            rows += asyncio.run(_weigh(whole, entries, facets))
    return rows


async def _weigh(size: Size, entries: tuple[int, ...], facets: tuple[Facet, ...]) -> list[Row]:
    async with server(durable=False) as embedded, store(embedded) as ours:
        ref = await _open(ours, size.voters)
        await _vote(ours, ref, size.voters, entries, facets)
        kept = await _bytes(ours, keys.round_keys(ref.community, ref.round).votes)
        seen = await _bytes(ours, keys.community(ref.community).seen)
    plainly = len(entries) == 1
    what = "one entry" if plainly else "two entries and why"
    name = f"a vote of {size.voters:,}, {what}"
    alone, whole = kept / size.voters, (kept + seen) / size.voters
    return [
        Row(name, "its round's hash", "", alone, goal=size.goal if plainly else None, unit=" B"),
        Row(name, "with the event remembered", "", whole, unit=" B"),
    ]


async def _open(ours: Store, voters: int) -> RoundRef:
    now = datetime.now(UTC)
    community = await Spaces(ours, "UTC").community(SPACE, now)
    await ours.call(
        "HSET", keys.community(community.id).record, "members", max(0, MEMBERS - voters)
    )
    rounds = Rounds(ours)
    asker = UserRef("discord", str(FIRST_USER))
    opening = Opening("a lighthouse", "free", ENTRIES, 1, now + timedelta(days=1))
    address = Address(SPACE, "1130578129412849999")
    ref = await rounds.open(community.id, "discord:1", asker, address, opening, now)
    for number in range(1, ENTRIES + 1):
        await rounds.place(ref, number, Draft(f"entry {number}", "a letter", Origin.DECK))
    return ref


async def _vote(
    ours: Store, ref: RoundRef, voters: int, entries: tuple[int, ...], facets: tuple[Facet, ...]
) -> None:
    """Each member's vote, by its own event; members are numbered in the order they come."""
    votes, now = Votes(ours), datetime.now(UTC)

    async def vote(member: int) -> None:
        event = f"discord:{FIRST_EVENT + member}"
        user = UserRef("discord", str(FIRST_USER + member))
        # The reasons are given on the receipt, for the first entry only.
        await votes.turn(ref, event, SPACE, user, entries, Turn.ON, (), now)
        if facets:
            await votes.turn(ref, f"{event}1", SPACE, user, entries[:1], Turn.ON, facets, now)

    for first in range(0, voters, _AT_ONCE):
        members = range(first, min(first + _AT_ONCE, voters))
        await asyncio.gather(*(vote(member) for member in members))


async def _bytes(ours: Store, key: str) -> int:
    return int(await ours.call("MEMORY", "USAGE", key, "SAMPLES", 0))
