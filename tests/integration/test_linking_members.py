"""Members who link their identities on several platforms and part them again, on a real Redis."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from bot.actions import decode, request
from bot.cards import Buttons, Card
from bot.community_requests import Block, LinkMember, Mine, SetRule, UnlinkMember
from bot.errors import LimitReached, MuseError, NotAllowed, NotFound, Refusal
from bot.models import RoundRef, UserRef
from bot.requests import Add, Ask, Close, Top, Unvote, Vote
from bot.storage.client import Store
from bot.wording import en
from tests.places import SERVER, TERMINAL, WORKSPACE, Places, first, user
from tests.support import FakeClock, event, words

HOME = first(SERVER)


@pytest.fixture
async def places(store: Store, clock: FakeClock) -> Places:
    """A server and a workspace that are one community."""
    made = Places(store, clock)
    await made.join()
    await made.settle()
    return made


async def voted(places: Places, ref: RoundRef, who: UserRef) -> set[int]:
    """What somebody's vote is, as they are shown it."""
    return {choice.entry for choice in (await places.rounds.read(ref, user=who)).choices}


async def voters(places: Places, ref: RoundRef) -> int:
    return (await places.rounds.read(ref)).round.voters


# --- One vote.


async def test_linked_identities_have_one_vote(places: Places) -> None:
    card = await places.link("ana", SERVER, "anna", WORKSPACE)
    assert "these are one member with one vote: @ana, @anna" in words(card)
    ref = await places.begin_round(HOME, SERVER)
    await places.do(Vote((1,), (), ref), SERVER, "ana")
    await places.do(Vote((3,), (), ref), WORKSPACE, "anna")
    await places.do(Unvote((1,), (), ref), WORKSPACE, "anna")
    assert await voters(places, ref) == 1
    for who in (user(SERVER, "ana"), user(WORKSPACE, "anna")):
        assert await voted(places, ref, who) == {3}
    await places.do(Add("one of mine", 0, ref), SERVER, "ana")
    with pytest.raises(Refusal, match="own"):
        await places.do(Vote((5,), (), ref), WORKSPACE, "anna")
    await places.do(Close(ref), SERVER)
    board = words(await places.do(Top("people"), WORKSPACE, "anna"))
    assert board.count("anna") <= 1
    mine = words(await places.do(Mine(), WORKSPACE, "anna"))
    assert "one of mine" in mine
    assert "you are one member with @ana" in mine
    exported = (await places.do(Mine("export"), WORKSPACE, "anna")).file
    assert exported is not None
    assert json.loads(exported.text)["you"]["linked_with"] == ["discord:ana"]


async def test_limits_are_those_of_one_member(places: Places) -> None:
    await places.do(SetRule("entries", "1"), SERVER)
    await places.do(SetRule("pause", "600"), SERVER)
    await places.link("ana", SERVER, "anna", WORKSPACE)
    ref = await places.begin_round(HOME, SERVER)
    await places.do(Add("one", 0, ref), SERVER, "ana")
    with pytest.raises(LimitReached):
        await places.do(Add("two", 0, ref), WORKSPACE, "anna")
    await places.do(Ask("fog"), SERVER, "ana")
    with pytest.raises(LimitReached):
        await places.do(Ask("snow"), WORKSPACE, "anna")


async def test_an_open_round_keeps_what_each_was(places: Places) -> None:
    before = await places.begin_round(HOME, SERVER)
    await places.do(Vote((1,), (), before), SERVER, "ana")
    await places.do(Vote((1, 2), (), before), WORKSPACE, "anna")
    await places.link("ana", SERVER, "anna", WORKSPACE)
    await places.do(Vote((4,), (), before), WORKSPACE, "anna")
    assert await voters(places, before) == 2
    assert await voted(places, before, user(SERVER, "ana")) == {1}
    assert await voted(places, before, user(WORKSPACE, "anna")) == {1, 2, 4}


async def test_it_can_be_undone_from_either(places: Places) -> None:
    card = await places.link("ana", SERVER, "anna", WORKSPACE)
    meanwhile = await places.begin_round(HOME, SERVER)
    await places.do(Vote((1,), (), meanwhile), SERVER, "ana")
    (undo,) = [b for block in card.blocks if isinstance(block, Buttons) for b in block.buttons]
    parted = await places.do(request(decode(undo.action)), SERVER, "ana")
    assert "each of these is a member of their own again" in words(parted)
    after = await places.begin_round(HOME, SERVER)
    for ref in (meanwhile, after):
        await places.do(Vote((1,), (), ref), SERVER, "ana")
        await places.do(Vote((2,), (), ref), WORKSPACE, "anna")
    assert await voters(places, meanwhile) == 1  # both entered it as one
    assert await voters(places, after) == 2
    with pytest.raises(NotFound, match="No other identity"):
        await places.do(UnlinkMember(), WORKSPACE, "anna")


async def test_three_are_one_and_no_more_than_four(places: Places) -> None:
    await places.join(TERMINAL)
    await places.link("ana", SERVER, "anna", WORKSPACE)
    await places.link("anna", WORKSPACE, "me", TERMINAL)
    await places.link("ana", SERVER, "work", WORKSPACE)
    ref = await places.begin_round(HOME, SERVER)
    for space, who in ((SERVER, "ana"), (WORKSPACE, "anna"), (TERMINAL, "me")):
        await places.do(Vote((1,), (), ref), space, who)
    assert await voters(places, ref) == 1
    with pytest.raises(LimitReached, match="4 identities"):
        await places.link("ana", SERVER, "fifth", WORKSPACE)


# --- Codes, and who may.


async def test_a_code_works_once_and_for_a_while(places: Places, clock: FakeClock) -> None:
    code, late = [await places.own_code(SERVER, "ana") for _ in range(2)]
    done = await asyncio.gather(
        places.do(LinkMember(code), WORKSPACE, "anna", process=0),
        places.do(LinkMember(code), WORKSPACE, "thief", process=1),
        return_exceptions=True,
    )
    assert [type(each) for each in done].count(Card) == 1
    (refused,) = [each for each in done if isinstance(each, MuseError)]
    clock.shift(timedelta(minutes=15))
    for asked in (LinkMember(late), LinkMember(code), LinkMember("BCDFG-HJKMN")):
        with pytest.raises(NotFound) as wrong:
            await places.do(asked, WORKSPACE, "another")
        assert str(wrong.value) == str(refused) == en.CODE_WRONG


async def test_it_is_done_once_for_one_event(places: Places) -> None:
    code = await places.own_code(SERVER, "ana")
    cards = [
        await places.do(LinkMember(code), WORKSPACE, "anna", at="once", process=n % 2)
        for n in range(3)
    ]
    assert len({words(card) for card in cards}) == 1


async def test_one_is_not_linked_to_oneself(places: Places) -> None:
    with pytest.raises(Refusal, match="That is you already"):
        await places.link("ana", SERVER, "ana", SERVER)
    await places.link("ana", SERVER, "anna", WORKSPACE)
    with pytest.raises(Refusal, match="That is you already"):
        await places.link("anna", WORKSPACE, "ana", SERVER)


async def test_five_tries_an_hour_each(places: Places, clock: FakeClock) -> None:
    code = await places.own_code(SERVER, "ana")
    for _ in range(5):
        with pytest.raises(NotFound):
            await places.do(LinkMember("BCDFG-HJKMN"), WORKSPACE, "anna")
    with pytest.raises(LimitReached, match="in an hour"):
        await places.do(LinkMember(code), WORKSPACE, "anna")
    await places.do(LinkMember(code), WORKSPACE, "somebody else")
    clock.shift(timedelta(hours=1))
    await places.link("ana", SERVER, "anna", WORKSPACE)


async def test_not_across_communities(places: Places) -> None:
    code = await places.own_code(SERVER, "ana")
    with pytest.raises(NotFound):
        await places.do(LinkMember(code), TERMINAL, "me")


async def test_whom_organisers_block_can_link_nobody(places: Places) -> None:
    code = await places.own_code(SERVER, "mal")
    await places.do(Block("mal"), SERVER)
    for asked in (LinkMember(), LinkMember(code), UnlinkMember()):
        with pytest.raises(NotAllowed, match="blocked"):
            await places.do(asked, SERVER, "mal")


async def test_a_block_is_of_the_member_whoever_they_are_elsewhere(places: Places) -> None:
    await places.link("mal", SERVER, "mallory", WORKSPACE)
    await places.do(Block("mal"), SERVER)
    for space, who in ((SERVER, "mal"), (WORKSPACE, "mallory")):
        with pytest.raises(NotAllowed, match="blocked"):
            await places.do(Ask("fog"), space, who)
    await places.do(Block("mal", on=False), SERVER)
    await places.do(Ask("fog"), WORKSPACE, "mallory")


async def test_no_identity_that_is_blocked_is_linked(places: Places) -> None:
    """A code from before the block leads to nobody."""
    code = await places.own_code(SERVER, "mal")
    await places.do(Block("mal"), SERVER)
    with pytest.raises(NotFound):
        await places.do(LinkMember(code), WORKSPACE, "mallory")


# --- At the same time.

PEOPLE, PHASES = 30, 4


class Person:
    """Somebody with two identities, who plays now as the one and now as the other."""

    def __init__(self, number: int) -> None:
        self.both = ((SERVER, f"ana{number}"), (WORKSPACE, f"anna{number}"))
        self.linked = False
        #: For each round that it has, whether they were one when it opened.
        self.one_in: dict[RoundRef, bool] = {}
        self.votes: dict[tuple[RoundRef, int], set[int]] = {}

    def votes_in(self, ref: RoundRef, identity: int) -> set[int]:
        """What the identity's vote should be."""
        return self.votes.setdefault((ref, 0 if self.one_in[ref] else identity), set())

    async def play(self, places: Places, rng: Random, moving: asyncio.Task[None]) -> None:
        """Vote and take back in every round, as long as identities are linked and parted."""
        turns = 0
        while turns < 6 or not moving.done():
            turns += 1
            ref, identity = rng.choice(list(self.one_in)), rng.randrange(2)
            space, who = self.both[identity]
            entries = tuple(rng.sample(range(1, 5), rng.randint(1, 3)))
            mine, ident = self.votes_in(ref, identity), event()
            if rng.random() < 0.7:
                mine.update(entries)
                asked: Vote | Unvote = Vote(entries, (), ref)
            else:
                mine.difference_update(entries)
                asked = Unvote(entries, (), ref)
            await asyncio.gather(  # the platform tells both processes of it
                *(places.do(asked, space, who, process=n, at=ident) for n in range(2))
            )

    async def move(self, places: Places, rng: Random) -> None:
        """Link or part, a few times."""
        for _ in range(rng.randint(1, 3)):
            await asyncio.sleep(0)
            giver, taker = rng.sample(self.both, 2)
            if self.linked:
                await places.do(UnlinkMember(), *giver, process=rng.randrange(2))
            else:
                code = await places.own_code(*giver)
                await places.do(LinkMember(code), *taker, process=rng.randrange(2))
            self.linked = not self.linked


async def test_while_they_vote(places: Places) -> None:
    """No vote is lost and none is counted twice while members link and part their identities."""
    rng, people = Random(5), [Person(number) for number in range(PEOPLE)]
    for _ in range(PHASES):
        ref = await places.begin_round(HOME, SERVER)
        for person in people:
            person.one_in[ref] = person.linked
        moving = [asyncio.create_task(p.move(places, Random(rng.random()))) for p in people]
        await asyncio.gather(
            *moving,
            *(p.play(places, Random(rng.random()), m) for p, m in zip(people, moving, strict=True)),
        )
    assert any(p.one_in[ref] for p in people), "some were one in the last round"
    assert not all(p.one_in[ref] for p in people), "and some were not"
    for ref in people[0].one_in:
        given = [votes for p in people for (at, _), votes in p.votes.items() if at == ref and votes]
        round_ = (await places.rounds.read(ref)).round
        assert round_.voters == len(given)
        counted = Counter(entry for votes in given for entry in votes)
        assert {n: t.approvals for n, t in round_.tallies.items() if t.approvals} == dict(counted)
        for p in people:
            for identity, (space, who) in enumerate(p.both):
                assert await voted(places, ref, user(space, who)) == p.votes_in(ref, identity)
