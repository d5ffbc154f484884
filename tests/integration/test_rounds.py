"""Rounds and entries as the store keeps them: who may do what, and everything only once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import LimitReached, MuseError, NotAllowed, NotFound, Refusal, TooLate
from bot.game.periods import month_of, week_of
from bot.models import Address, Origin, RoundRef, RoundState, SpaceRef
from bot.requests import Add, Ask, Close, Show, Vote
from bot.storage import keys
from bot.storage.boards import Boards, Closer
from bot.storage.client import Store
from bot.storage.refusals import ForeignSpace
from bot.storage.rounds import Rounds
from bot.storage.spaces import Spaces
from bot.storage.votes import Turn, Votes
from bot.wording import en
from tests.support import (
    ADDRESS,
    SPACE,
    START,
    Table,
    command,
    draft,
    event,
    member,
    opening,
)

STRANGER = SpaceRef("test", "elsewhere")
SOON = START + timedelta(days=90)


class Shelf:
    """A round in a community, and everything that can be done with it."""

    def __init__(self, store: Store, community: str) -> None:
        self.store, self.community = store, community
        self.rounds, self.votes, self.boards = Rounds(store), Votes(store), Boards(store)

    async def open(self, who: str = "ana", *, wanted: int = 2, at: str = "") -> RoundRef:
        return await self.rounds.open(
            self.community,
            at or event(),
            member(who),
            ADDRESS,
            opening(START, wanted=wanted),
            START,
        )

    async def add(self, ref: RoundRef, who: str, text: str, parent: int = 0, at: str = "") -> int:
        place = await self.rounds.add(ref, at or event(), SPACE, member(who), text, parent, 10)
        return place.number

    async def vote(
        self, ref: RoundRef, who: str, *entries: int, at: str = "", space: SpaceRef = SPACE
    ) -> None:
        await self.votes.turn(ref, at or event(), space, member(who), entries, Turn.ON, (), START)

    async def close(
        self, ref: RoundRef, who: str, *, space: SpaceRef = SPACE, at: str = ""
    ) -> None:
        await self.boards.close(
            ref,
            Closer(at or event(), space, member(who), manages=False),
            month_of(START, "UTC"),
            week_of(START, "UTC"),
            START,
            SOON,
        )


@pytest.fixture
async def shelf(store: Store) -> Shelf:
    community = await Spaces(store, "UTC").community(SPACE, START)
    return Shelf(store, community.id)


# --- Once.


async def test_an_event_opens_one_round(shelf: Shelf) -> None:
    refs = await asyncio.gather(*(shelf.open(at="same") for _ in range(20)))
    assert len(set(refs)) == 1
    assert await shelf.open(at="other") not in refs
    # What was told again changed nothing, nor is anything scheduled anew.
    await shelf.rounds.place(refs[0], 1, draft("one"))
    await shelf.close(refs[0], "ana")
    assert await shelf.open(at="same") == refs[0]
    round_ = (await shelf.rounds.read(refs[0])).round
    assert round_.state is RoundState.CLOSED
    assert [entry.text for entry in round_.entries] == ["one"]
    agenda = await shelf.store.call("ZRANGE", keys.agenda(keys.shard(shelf.community)), 0, -1)
    due = {item.partition(":")[0] for item in agenda if item.endswith(refs[0].round)}
    assert due == {"announce@test", "expire"}


async def test_a_community_is_made_once_by_many(store: Store) -> None:
    found = await asyncio.gather(
        *(Spaces(store, zone).community(SPACE, START) for zone in ("UTC", "Europe/Vienna") * 10)
    )
    assert len(set(found)) == 1


async def test_an_event_adds_one_entry(shelf: Shelf) -> None:
    ref = await shelf.open()
    numbers = await asyncio.gather(*(shelf.add(ref, "bo", "a lamp", at="same") for _ in range(20)))
    assert set(numbers) == {3}
    await shelf.rounds.withdraw_entry(ref, SPACE, member("bo"), 3, START)
    assert await shelf.add(ref, "bo", "a lamp", at="same") == 3
    round_ = (await shelf.rounds.read(ref)).round
    assert [(e.number, e.withdrawn, e.text) for e in round_.entries] == [(3, True, "")]


async def test_members_get_one_number_each(shelf: Shelf) -> None:
    ref = await shelf.open()
    await shelf.rounds.place(ref, 1, draft("one"))
    who = [f"m{n}" for n in range(30)]
    await asyncio.gather(*(shelf.vote(ref, name, 1) for name in who for _ in range(3)))
    record = keys.community(shelf.community)
    ids = await shelf.store.call("HGETALL", record.ids)
    assert sorted(map(int, ids[1::2])) == list(range(1, 32))


# --- Places, texts, origins.


async def test_entries_know_who_made_them_and_from_what(shelf: Shelf) -> None:
    ref = await shelf.open(wanted=3)
    await shelf.rounds.place(ref, 1, draft("from a deck", origin=Origin.DECK))
    await shelf.rounds.place(ref, 2, draft("from a model", origin=Origin.AI))
    assert await shelf.add(ref, "bo", "from bo") == 4
    assert await shelf.add(ref, "cem", "from a deck, by cem", 1) == 5
    assert await shelf.add(ref, "cem", "from a model, by cem", 2) == 6
    assert await shelf.add(ref, "cem", "from bo, by cem", 4) == 7
    assert await shelf.add(ref, "dua", "from cem’s, by dua", 6) == 8
    round_ = (await shelf.rounds.read(ref)).round
    people = {number: user.id for number, user in round_.people.items()}
    made = {
        e.number: (e.origin, people.get(e.author), e.parent, people.get(e.parent_author))
        for e in round_.entries
    }
    assert made == {
        1: (Origin.DECK, None, 0, None),
        2: (Origin.AI, None, 0, None),
        4: (Origin.HUMAN, "bo", 0, None),
        5: (Origin.HUMAN, "cem", 1, None),  # a deck is no model
        6: (Origin.TOGETHER, "cem", 2, None),
        7: (Origin.HUMAN, "cem", 4, "bo"),
        8: (Origin.TOGETHER, "dua", 6, "cem"),
    }
    assert [e.rank for e in round_.entries] == [1, 2, 3, 4, 5, 6, 7]


async def test_a_parent_must_be_there(shelf: Shelf) -> None:
    ref = await shelf.open()
    with pytest.raises(NotFound, match="There is no 1"):
        await shelf.add(ref, "bo", "x", 1)
    number = await shelf.add(ref, "bo", "x")
    await shelf.rounds.withdraw_entry(ref, SPACE, member("bo"), number, START)
    with pytest.raises(NotFound, match="was taken back"):
        await shelf.add(ref, "cem", "y", number)


async def test_the_same_text_stands_once(shelf: Shelf) -> None:
    ref = await shelf.open()
    await shelf.rounds.place(ref, 1, draft("The Lamp"))
    with pytest.raises(Refusal, match="word for word, as 1"):
        await shelf.add(ref, "bo", "the lamp")
    with pytest.raises(Refusal, match="word for word, as 1"):
        await shelf.rounds.place(ref, 2, draft("The Lamp"))
    number = await shelf.add(ref, "bo", "the lamp, lit")
    await shelf.rounds.withdraw_entry(ref, SPACE, member("bo"), number, START)
    assert await shelf.add(ref, "cem", "the lamp, lit") == number + 1
    # A written one that comes to its place again is there already.
    await shelf.rounds.place(ref, 1, draft("something else"))
    assert (await shelf.rounds.read(ref)).round.entries[0].text == "The Lamp"


async def test_a_full_round(shelf: Shelf) -> None:
    ref = await shelf.open(wanted=2)
    added = await asyncio.gather(
        *(shelf.add(ref, "bo", f"text {n}") for n in range(20)), return_exceptions=True
    )
    numbers = [one for one in added if isinstance(one, int)]
    refused = [one for one in added if not isinstance(one, int)]
    assert sorted(numbers) == list(range(3, 11))
    assert {type(one) for one in refused} == {LimitReached}
    assert {str(one) for one in refused} == {en.too_many_entries(10)}
    # The places kept for written ones are kept.
    await shelf.rounds.place(ref, 1, draft("one"))
    await shelf.rounds.place(ref, 2, draft("two"))


@pytest.mark.parametrize(
    "text", ["naïve — “quotes” / \\ \n two lines", "日本語 🎏", "\x7f\x01 control", "{}[]%s%d"]
)
async def test_any_text_comes_back_as_it_was(shelf: Shelf, text: str) -> None:
    ref = await shelf.open()
    await shelf.add(ref, "bo", text)
    assert (await shelf.rounds.read(ref)).round.entries[0].text == text


# --- Taking back.


async def test_an_entry_is_taken_back_by_its_author_alone(shelf: Shelf) -> None:
    ref = await shelf.open()
    await shelf.rounds.place(ref, 1, draft("one"))
    number = await shelf.add(ref, "bo", "secret words")
    for who, which in (("cem", number), ("bo", 1), ("ana", number)):
        with pytest.raises(NotAllowed, match="not yours to take back"):
            await shelf.rounds.withdraw_entry(ref, SPACE, member(who), which, START)
    with pytest.raises(NotFound):
        await shelf.rounds.withdraw_entry(ref, SPACE, member("bo"), 9, START)
    await shelf.vote(ref, "cem", number)
    for _ in range(2):
        await shelf.rounds.withdraw_entry(ref, SPACE, member("bo"), number, START)
    with pytest.raises(NotFound, match="was taken back"):
        await shelf.vote(ref, "dua", number)
    # A vote that it had may still be taken back; its text is nowhere any more.
    await shelf.votes.turn(ref, event(), SPACE, member("cem"), (number,), Turn.OFF, (), START)
    kept = await shelf.store.call("HGETALL", keys.round_keys(ref.community, ref.round).entries)
    assert "secret" not in str(kept)


async def test_an_entry_stays_once_its_round_is_closed(shelf: Shelf) -> None:
    ref = await shelf.open()
    number = await shelf.add(ref, "bo", "x")
    await shelf.close(ref, "ana")
    with pytest.raises(TooLate):
        await shelf.rounds.withdraw_entry(ref, SPACE, member("bo"), number, START)


async def test_a_round_is_taken_back_while_nobody_else_wrote_in_it(shelf: Shelf) -> None:
    ref = await shelf.open("ana")
    await shelf.rounds.place(ref, 1, draft("one"))
    await shelf.add(ref, "ana", "my own")
    with pytest.raises(NotAllowed, match=en.ONLY_THE_ASKER):
        await shelf.rounds.withdraw(ref, SPACE, member("bo"), SOON, START)
    number = await shelf.add(ref, "bo", "bo’s")
    with pytest.raises(NotAllowed, match=en.ROUND_SHARED):
        await shelf.rounds.withdraw(ref, SPACE, member("ana"), SOON, START)
    await shelf.rounds.withdraw_entry(ref, SPACE, member("bo"), number, START)
    for _ in range(2):
        await shelf.rounds.withdraw(ref, SPACE, member("ana"), SOON, START)
    round_ = (await shelf.rounds.read(ref)).round
    assert round_.state is RoundState.WITHDRAWN
    assert round_.prompt == ""
    assert [entry.text for entry in round_.entries] == ["", "", ""]
    assert await shelf.store.call("LRANGE", keys.community(ref.community).past, 0, -1) == []
    for late in (
        shelf.vote(ref, "cem", 1),
        shelf.add(ref, "cem", "late"),
        shelf.close(ref, "ana"),
        shelf.rounds.place(ref, 2, draft("late")),
    ):
        with pytest.raises(TooLate, match="taken back"):
            await late
    agenda = await shelf.store.call("ZRANGE", keys.agenda(keys.shard(shelf.community)), 0, -1)
    assert agenda == [f"expire:{ref.community}:{ref.round}"]


async def test_a_closed_round_is_not_taken_back(shelf: Shelf) -> None:
    ref = await shelf.open("ana")
    await shelf.close(ref, "ana")
    with pytest.raises(TooLate, match="has closed"):
        await shelf.rounds.withdraw(ref, SPACE, member("ana"), SOON, START)


# --- Other spaces.


async def test_a_foreign_space_is_refused_everywhere(shelf: Shelf) -> None:
    ref = await shelf.open()
    await shelf.rounds.place(ref, 1, draft("one"))
    await shelf.add(ref, "bo", "bo’s")
    bo, far = member("bo"), replace(ADDRESS, space=STRANGER)
    before = await shelf.rounds.read(ref)
    refused = (
        shelf.rounds.open(ref.community, event(), bo, far, opening(START), START),
        shelf.rounds.read(ref, STRANGER, bo),
        shelf.rounds.add(ref, event(), STRANGER, bo, "text", 0, 10),
        shelf.rounds.withdraw_entry(ref, STRANGER, bo, 3, START),
        shelf.rounds.withdraw(ref, STRANGER, member("ana"), SOON, START),
        shelf.vote(ref, "cem", 1, space=STRANGER),
        shelf.close(ref, "ana", space=STRANGER),
    )
    for each in refused:
        with pytest.raises(ForeignSpace):
            await each
    assert await shelf.rounds.read(ref) == before


async def test_a_space_that_moved_finishes_its_old_rounds(table: Table) -> None:
    await table.do(Ask("old"), "ana")
    old = await table.here()
    first = await table.community()
    # SPACE joins the community of another: its pointer moves, and the old one forgets it.
    other = await table.spaces.community(STRANGER, START)
    store = table.muse.store
    await store.call("SREM", keys.community(first.id).spaces, str(SPACE))
    await store.call("SADD", keys.community(other.id).spaces, str(SPACE))
    await store.call("SET", keys.space(SPACE), other.id)
    # The process still remembers the old community: it is told, and looks again.
    await table.do(Ask("new"), "ana")
    new = await table.rounds.latest(other.id, ADDRESS)
    assert new is not None
    assert (await table.rounds.read(new)).round.prompt == "new"
    await table.do(Vote((1,), (), old), "bo")
    await table.do(Add("still here", 0, old), "cem")
    await table.do(Show(old), "bo")
    await table.do(Close(old), "ana")
    assert (await table.rounds.read(old)).round.state is RoundState.CLOSED
    # A third space may not, from either side.
    await table.spaces.community(SpaceRef("test", "third"), START)
    for ref in (old, new):
        foreign = command(Vote((1,), (), ref), "bo", space=SpaceRef("test", "third"))
        with pytest.raises(ForeignSpace):
            await table.muse.app.handle(foreign)


# --- What is private.


async def test_a_token_is_kept_and_never_shown(shelf: Shelf) -> None:
    address = Address(SPACE, "room", "thread", token="sesame")
    ref = await shelf.rounds.open(
        shelf.community, event(), member("ana"), address, opening(START), START
    )
    round_ = (await shelf.rounds.read(ref)).round
    assert round_.address == address
    assert round_.address.token == "sesame"
    assert "sesame" not in repr(round_)
    assert "sesame" not in repr(await shelf.rounds.read(ref))
    # A thread is a place of its own.
    assert await shelf.rounds.latest(shelf.community, address) == ref
    assert await shelf.rounds.latest(shelf.community, ADDRESS) is None


async def test_a_round_that_is_not_there(shelf: Shelf) -> None:
    ref = RoundRef(shelf.community, "nosuchround1")
    for each in (
        shelf.rounds.read(ref),
        shelf.vote(ref, "bo", 1),
        shelf.add(ref, "bo", "x"),
        shelf.close(ref, "bo"),
        shelf.rounds.place(ref, 1, draft("x")),
        shelf.rounds.withdraw(ref, SPACE, member("bo"), SOON, START),
        shelf.rounds.withdraw_entry(ref, SPACE, member("bo"), 1, START),
    ):
        with pytest.raises(NotFound, match="no longer here") as gone:
            await each
        assert isinstance(gone.value, MuseError)
    assert not await shelf.rounds.note(ref, None, message="m")
