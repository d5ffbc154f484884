"""One ballot of a member on two platforms: resumed where they are, and no way around the rules."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cards import Card
from bot.challenge import ChallengeState, Side
from bot.challenge_requests import OpenBallot, Pick, Unpick
from bot.community_requests import Mine, UnlinkMember
from bot.models import SpaceRef
from bot.storage.ballots import Ballots
from bot.storage.client import Store
from tests.challenging import Made, VotingChallenge, pool_of, voting_challenge
from tests.places import SERVER, WORKSPACE, Places, user
from tests.support import FakeClock, words


@pytest.fixture
async def places(store: Store, clock: FakeClock) -> Places:
    """A server and a workspace that are one community, played by two processes."""
    made = Places(store, clock)
    await made.join(WORKSPACE, SERVER)
    await made.settle()
    return made


async def begin(places: Places, *besides: Made) -> VotingChallenge:
    return await voting_challenge(
        places.store, places.clock, [*pool_of(8, 3), *besides], space=SERVER
    )


def entries(card: Card) -> str:
    """The two entries on a ballot, without what stands around them."""
    said = [line for line in words(card).split("\n") if line]
    return "\n".join(said[said.index("Left") :])


async def test_a_ballot_is_resumed_on_the_other_platform(places: Places) -> None:
    await places.link("ana", SERVER, "U1", WORKSPACE)
    voting = await begin(places)
    opened = await places.do(OpenBallot(voting.ref), SERVER, "ana", process=0)
    places.clock.shift(timedelta(seconds=5))
    second = await places.do(Pick(1, Side.LEFT, voting.ref), SERVER, "ana", process=0)
    here = await places.do(OpenBallot(voting.ref), WORKSPACE, "U1", process=1)
    assert entries(here) == entries(second) != entries(opened)
    assert "pick 2 of 7" in words(here)
    places.clock.shift(timedelta(seconds=5))
    third = await places.do(Pick(2, Side.BOTH, voting.ref), WORKSPACE, "U1", process=1)
    # The card that is still open on the first platform is late there, and shows where they are.
    late = await places.do(Pick(2, Side.LEFT, voting.ref), SERVER, "ana", process=0)
    assert "pick 3 of 7" in words(late)
    assert entries(late) == entries(third)
    back = await places.do(Unpick(2, voting.ref), SERVER, "ana", process=0)
    assert entries(back) == entries(here)
    (pick,) = await Ballots(places.store).picks(voting.ref)
    assert (pick.number, pick.side) == (1, Side.LEFT)


async def test_ones_own_entry_never_comes_to_an_identity_linked_before(places: Places) -> None:
    await places.link("ana", SERVER, "U1", WORKSPACE)
    voting = await begin(places, Made("mine, by another door", user(SERVER, "ana")))
    await never_shown(places, voting, WORKSPACE, "U1", "mine, by another door")


async def test_nor_to_one_linked_while_voting_is_on(places: Places) -> None:
    # The link counts from the next challenge, so they are two members in this one still: but no
    # way to judge one's own.
    voting = await begin(places, Made("mine, by another door", user(SERVER, "ana")))
    await places.link("ana", SERVER, "U1", WORKSPACE)
    await never_shown(places, voting, WORKSPACE, "U1", "mine, by another door")


async def test_nor_where_it_was_offered_before_they_were_linked(places: Places) -> None:
    mine = "mine, by another door"
    voting = await voting_challenge(
        places.store,
        places.clock,
        [Made("one"), Made("another"), Made(mine, user(SERVER, "ana"))],
        space=SERVER,
    )
    card = await places.do(OpenBallot(voting.ref), WORKSPACE, "U1")
    while mine not in words(card):
        places.clock.shift(timedelta(seconds=5))
        card = await places.do(Pick(0, Side.SKIP, voting.ref), WORKSPACE, "U1")
    await places.link("ana", SERVER, "U1", WORKSPACE)
    assert mine not in words(await places.do(OpenBallot(voting.ref), WORKSPACE, "U1"))
    picks = await Ballots(places.store).picks(voting.ref)
    assert picks[-1].side is Side.SKIP


async def test_once_parted_they_are_one_member_in_what_had_begun(places: Places) -> None:
    await places.link("ana", SERVER, "U1", WORKSPACE)
    voting = await begin(places)
    opened = await places.do(OpenBallot(voting.ref), SERVER, "ana")

    await places.do(UnlinkMember(), SERVER, "ana")
    assert entries(await places.do(OpenBallot(voting.ref), WORKSPACE, "U1")) == entries(opened)


async def test_who_is_not_linked_is_somebody_else(places: Places) -> None:
    voting = await begin(places)
    await places.do(OpenBallot(voting.ref), SERVER, "ana")
    places.clock.shift(timedelta(seconds=5))
    await places.do(Pick(1, Side.LEFT, voting.ref), SERVER, "ana")
    assert "pick 1 of 7" in words(await places.do(OpenBallot(voting.ref), WORKSPACE, "ana"))


async def never_shown(
    places: Places, voting: VotingChallenge, space: SpaceRef, who: str, text: str
) -> None:
    card = await places.do(OpenBallot(voting.ref), space, who)
    for _ in range(7):
        assert text not in words(card)
        places.clock.shift(timedelta(seconds=5))
        card = await places.do(Pick(0, Side.LEFT, voting.ref), space, who)
    assert text not in words(card)


async def test_what_was_ones_own_before_a_place_joined_is_in_mine_still(
    store: Store, clock: FakeClock
) -> None:
    places = Places(store, clock)
    pool = [*pool_of(3), Made("from before it joined", user(WORKSPACE, "U1"))]
    await voting_challenge(store, clock, pool, space=WORKSPACE, state=ChallengeState.CLOSED)
    await places.join(WORKSPACE, SERVER)
    await places.settle()
    shown = await places.do(Mine(), WORKSPACE, "U1")
    assert "from before it joined" in words(shown)
    await places.do(Mine("forget", sure=True), WORKSPACE, "U1")
    await places.settle()
    assert "from before it joined" not in words(await places.do(Mine(), WORKSPACE, "U1"))
