"""The ballot on a real Redis: offers, picks, and what is done with them."""

from __future__ import annotations

from bot.challenge import GuessMade, PickMade, PraiseGiven, Side
from bot.challenge_requests import GuessMaker, PraiseContender
from bot.models import Facet, Origin
from bot.storage import keys
from bot.storage.ballots import Ballots
from bot.storage.challenge_records import read_challenge, read_pick, read_said
from bot.storage.client import Store
from bot.storage.votes import pairs
from tests.challenging import Voter, pool_now, pool_of, put_picks, put_said, voting_challenge
from tests.support import FakeClock, Table, words


async def test_a_challenge_written_for_tests_is_read_as_it_was(
    store: Store, clock: FakeClock
) -> None:
    voting = await voting_challenge(store, clock, pool_of(6, 2))
    own = keys.challenge_keys(voting.ref.community, voting.ref.challenge)
    kept = await store.call("HGETALL", own.record)
    assert read_challenge(voting.ref, pairs(kept)) == voting.challenge
    assert await pool_now(store, voting.ref) == voting.pool
    one, other = list(voting.pool)[:2]
    pick = PickMade(9, 1, one, other, Side.BOTH, final=True, at=clock.now())
    await put_picks(store, voting.ref, [pick])
    assert [read_pick(*row) for row in pairs(await store.call("HGETALL", own.picks)).items()] == [
        pick
    ]
    guesses = (GuessMade(9, one, Origin.AI), GuessMade(9, other, None))
    praises = (PraiseGiven(9, Facet.DEEP, one),)
    await put_said(store, voting.ref, guesses, praises)
    assert read_said(pairs(await store.call("HGETALL", own.said))) == (guesses, praises)


async def test_a_ballot_is_opened_picked_and_done(table: Table) -> None:
    voting = await voting_challenge(table.muse.store, table.clock, pool_of(6, 2))
    cy = Voter(table, voting, "cy")
    assert "pick 1 of 7" in words(await cy.open())
    for number in range(2, 8):
        assert f"pick {number} of 7" in words(await cy.pick(Side.LEFT))
    done = words(await cy.pick(Side.BOTH))
    assert "You made 7 picks" in done
    assert "1 of 3: who wrote this?" in done
    for number in (1, 2, 3):
        assert f"{number} of 3: who wrote this?" in done
        done = words(await cy.do(GuessMaker(number, Origin.AI, voting.ref)))
    assert "who wrote this?" not in done
    await cy.do(PraiseContender(Facet.DEEP, 2, voting.ref))
    guesses, praises = await Ballots(table.muse.store).said(voting.ref)
    ballot = await cy.ballot()
    assert {guess.alias for guess in guesses} == set(ballot.asked) <= set(ballot.seen)
    assert praises == (PraiseGiven(ballot.member, Facet.DEEP, ballot.seen[1]),)
    assert [pick.side for pick in await Ballots(table.muse.store).picks(voting.ref)] == [
        *[Side.LEFT] * 6,
        Side.BOTH,
    ]
