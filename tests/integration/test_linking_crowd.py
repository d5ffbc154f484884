"""Two places are joined and parted, again and again, while a hundred members of both play on:
no vote is lost, none is counted twice, and no round is opened twice.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from random import Random

import pytest

from bot.community_requests import LinkSpace, UnlinkSpace
from bot.models import RoundRef, SpaceRef
from bot.requests import Add, Ask, Unvote, Vote
from bot.storage import keys, spaces
from bot.storage.client import Store
from tests.places import SERVER, WORKSPACE, Places, first, opened_by, user
from tests.support import FakeClock, event

EACH = 50  # members of either place
TURNS = 3  # at least


class Model:
    """What should have come of it: who approves what, and what was put in."""

    def __init__(self, rounds: dict[SpaceRef, RoundRef]) -> None:
        self.votes: dict[RoundRef, dict[str, set[int]]] = {ref: {} for ref in rounds.values()}
        self.added: Counter[RoundRef] = Counter()
        self.opened: dict[str, tuple[SpaceRef, str]] = {}


async def plays(
    places: Places,
    model: Model,
    old: RoundRef,
    space: SpaceRef,
    who: str,
    rng: Random,
    moving: asyncio.Task[None],
) -> None:
    """One member votes, takes back, adds and asks, one thing after another, in any process, as
    long as places move.
    """
    turn = 0
    while turn < TURNS or not moving.done():
        turn += 1
        process = rng.randrange(2)
        entries = tuple(rng.sample(range(1, 5), rng.randint(1, 3)))
        mine = model.votes[old].setdefault(who, set())
        deed = rng.choice(("vote", "vote", "vote", "back", "add", "ask" if turn < 6 else "vote"))
        ident = event()
        if deed == "vote":
            mine.update(entries)
            twice = [Vote(entries, (), old)] * 2
            await asyncio.gather(
                *(places.do(each, space, who, process=process, at=ident) for each in twice)
            )
        elif deed == "back":
            mine.difference_update(entries)
            await places.do(Unvote(entries, (), old), space, who, process=process, at=ident)
        elif deed == "add":
            if model.added[old] < 30 and turn < 5:  # five of one member are the most
                model.added[old] += 1
                text = f"{who} says this in turn {turn}"
                await places.do(Add(text, 0, old), space, who, process=process, at=ident)
        else:
            model.opened[opened_by(ident)] = (space, who)
            await places.do(Ask(f"a prompt by {who}"), space, who, process=process, at=ident)
        await asyncio.sleep(0)


async def moves(places: Places) -> None:
    """Join, part, and join again."""
    await places.do(LinkSpace(await places.code(), sure=True), WORKSPACE)
    await places.do(UnlinkSpace(str(WORKSPACE)), SERVER)
    await places.do(LinkSpace(await places.code(), sure=True), WORKSPACE)


async def test_a_hundred_members_of_both(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    places, rng = Places(store, clock), Random(11)
    old = {space: await places.begin_round(first(space), space) for space in (SERVER, WORKSPACE)}
    # The processes remember where a place belongs, and hear of a move from the scripts alone.
    monkeypatch.setattr(spaces, "KEPT", 3600.0)
    model, moving = Model(old), asyncio.create_task(moves(places))
    await asyncio.gather(
        moving,
        *(
            plays(places, model, old[space], space, f"m{n}", Random(rng.random()), moving)
            for space in old
            for n in range(EACH)
        ),
    )
    await places.settle()

    for space, ref in old.items():
        round_ = (await places.rounds.read(ref)).round
        votes = {who: chosen for who, chosen in model.votes[ref].items() if chosen}
        assert round_.voters == len(votes)
        counted = Counter(entry for chosen in votes.values() for entry in chosen)
        given = {n: tally.approvals for n, tally in round_.tallies.items() if tally.approvals}
        assert given == dict(counted)
        assert len(round_.entries) == 4 + model.added[ref]
        for who, chosen in votes.items():
            view = await places.rounds.read(ref, user=user(space, who))
            assert {choice.entry for choice in view.choices} == chosen

    # Every round that was asked for is there once, in the one community or the other.
    where: dict[str, list[str]] = {ident: [] for ident in model.opened}
    for space in old:
        for ident in await store.call("ZRANGE", keys.community(first(space)).rounds, 0, -1):
            if ident in where:
                where[ident].append(first(space))
    assert all(len(communities) == 1 for communities in where.values())
    assert {c for (c,) in where.values()} == {first(SERVER), first(WORKSPACE)}
    # Those who asked may vote in all of them; in the shared ones, so may the other place.
    for ident, (space, who) in model.opened.items():
        ref = RoundRef(where[ident][0], ident)
        await places.do(Vote((1,), (), ref), space, who)
        if ref.community == first(SERVER):
            await places.do(Vote((1,), (), ref), SERVER, "from the server")
            await places.do(Vote((1,), (), ref), WORKSPACE, "from the workspace")
            assert (await places.rounds.read(ref)).round.voters == 3
