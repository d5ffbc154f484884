"""A crowd votes at once, changes its mind, and is delivered twice and late: nothing is lost,
doubled or mixed up.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random

from bot.models import Choice, Facet, Origin, RoundRef, RoundState
from bot.requests import Add, Ask, Close, Top, Unvote, Vote
from bot.storage.boards import Boards
from bot.storage.votes import Turn
from tests.model import ModelCommunity, ModelRound
from tests.support import Table, event, member, words

CROWD = [f"voter{number}" for number in range(200)]
Ballot = tuple[str, Vote | Unvote]


def one_turn(rng: Random, ref: RoundRef, highest: int) -> Vote | Unvote:
    """What a member may do at any time: vote, take votes back, or only their reasons."""
    entries = tuple(rng.sample(range(1, highest + 1), rng.randint(1, 3)))
    facets = tuple(rng.sample(list(Facet), rng.randint(0, 2)))
    if rng.random() < 0.7:
        return Vote(entries, facets, ref)
    return Unvote(entries, facets, ref)


def apply(model: ModelCommunity, round_: ModelRound, who: str, ballot: Ballot) -> None:
    ident, request = ballot
    turn = Turn.ON
    if isinstance(request, Unvote):
        turn = Turn.LESS if request.facets else Turn.OFF
    refused = model.vote(round_, ident, who, request.entries, turn, request.facets)
    assert refused is None


async def test_two_hundred_members_at_once(table: Table) -> None:
    rng = Random(7)
    table.writer.origin = Origin.AI
    await table.do(Ask("a lighthouse"), "ana", at="opens")
    ref = await table.here()
    model = ModelCommunity()
    expected = model.open("opens", "ana", 4)
    for entry in sorted((await table.rounds.read(ref)).round.entries, key=lambda e: e.rank):
        model.place(expected, entry.number, entry.text, entry.lens, entry.origin)

    late: list[tuple[str, Ballot]] = []
    for wave in range(3):
        # Between the waves there is one entry more, which those who voted before had not seen.
        ballots = {
            who: [
                (event(), one_turn(rng, ref, 4 + wave))
                for _ in range(rng.choice((1, 1, 2, 3)))  # some change their mind
            ]
            for who in CROWD
            if wave == 0 or rng.random() < 0.5
        }
        again = late
        late = []
        await asyncio.gather(
            *(cast(table, who, casts) for who, casts in ballots.items()),
            # An hour later, what the platform was not sure of comes once more.
            *(cast(table, who, [ballot]) for who, ballot in again),
        )
        for who, casts in ballots.items():
            for ballot in casts:
                apply(model, expected, who, ballot)
                if rng.random() < 0.3:
                    late.append((who, ballot))
        author = f"author{wave}"
        parent = (0, 5, 2)[wave]
        text = f"number {wave}"
        await table.quick(Add(text, parent, ref), author, at=f"adds{wave}")
        assert model.add(expected, f"adds{wave}", author, text, parent, 40) == 5 + wave
        table.clock.shift(timedelta(minutes=60))
    await asyncio.gather(*(cast(table, who, [ballot]) for who, ballot in late))

    round_ = (await table.rounds.read(ref)).round
    assert round_.voters == expected.voters > 100
    for number in range(1, 8):
        tally = round_.tallies.get(number)
        assert (tally.approvals if tally else 0) == expected.approvals(number)
        assert (tally.facets if tally else {}) == expected.facets(number)
    for who in CROWD:
        view = await table.rounds.read(ref, user=member(who))
        mine = expected.choices(who)
        assert view.choices == tuple(Choice(n, mine[n]) for n in sorted(mine))

    # Everybody wants to close it at once, each told twice; one close counts.
    await table.do(Close(ref), "ana", at="closes")
    await asyncio.gather(*(table.quick(Close(ref), "ana", at="closes") for _ in range(20)))
    assert model.close(expected, "closes", "ana") is None
    round_ = (await table.rounds.read(ref)).round
    assert round_.state is RoundState.CLOSED
    for number in expected.entries:
        assert round_.tallies[number].seen_by == expected.seen_by(number)
    boards, community = Boards(table.muse.store), ref.community
    page = await boards.entries(community, "all", 0, 50)
    assert {row.number: f"{row.score:.6f}" for row in page.rows} == {
        number: f"{value:.6f}" for (_, number), value in model.board.items()
    }
    people = await boards.people(community, "2026-W48", 0, 50)
    assert {row.user.id: row.points for row in people.rows if row.user} == model.points
    lenses = await boards.lenses(community, "2026-11")
    assert {r.lens: [r.approvals, r.chances, r.rounds] for r in lenses} == model.lenses
    assert "author0" in words(await table.quick(Top("people", "all")))


async def cast(table: Table, who: str, ballots: list[Ballot]) -> None:
    """Vote as one member: each event delivered twice at once, one event after the other."""
    for ident, request in ballots:
        await asyncio.gather(*(table.quick(request, who, at=ident) for _ in range(2)))
