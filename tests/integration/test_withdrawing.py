"""What members may put in and take back, and that what is taken back is gone."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from bot.cards import Bar, Card
from bot.errors import LimitReached, NotAllowed, NotFound, TooLate
from bot.models import Facet, RoundRef, RoundState
from bot.requests import Add, Again, Ask, Close, Unvote, Vote, Withdraw
from bot.settings import LimitSettings
from bot.storage import keys
from bot.storage.client import Store
from bot.wording import en
from tests.support import Table, line_text, member, words

EACH = 2  # how many entries a member may put into a round here


@pytest.fixture
def limits() -> LimitSettings:
    return LimitSettings(entries_per_member=EACH)


def bars(card: Card) -> dict[str, tuple[int, int]]:
    """A receipt's tally: label → votes, of how many."""
    return {
        line_text(block.label): (block.count, block.of)
        for block in card.blocks
        if isinstance(block, Bar)
    }


async def everything(store: Store) -> str:
    """All that Redis holds, keys and values, as one text."""
    reads: dict[str, tuple[str, tuple[Any, ...]]] = {
        "string": ("GET", ()),
        "hash": ("HGETALL", ()),
        "list": ("LRANGE", (0, -1)),
        "set": ("SMEMBERS", ()),
        "zset": ("ZRANGE", (0, -1, "WITHSCORES")),
    }
    found: list[str] = []
    for key in await store.call("KEYS", "*"):
        read, more = reads[str(await store.call("TYPE", key))]
        found.append(f"{key} {await store.call(read, key, *more)!r}")
    return "\n".join(found)


# --- How many one may put in.


async def test_a_member_may_put_in_so_many(table: Table) -> None:
    await table.do(Ask("a lighthouse"), "ana")
    ref = await table.here()
    await table.do(Add("one of mine", 0, ref), "bo")
    await table.do(Add("another of mine", 5, ref), "bo", at="second")
    refused = re.escape(en.enough_entries(EACH))
    with pytest.raises(LimitReached, match=refused):
        await table.do(Add("a third of mine", 0, ref), "bo")
    with pytest.raises(LimitReached, match=refused):
        await table.do(Add("a remix of mine", 1, ref), "bo")
    # What is told again is no further one.
    assert "as 6" in words(await table.do(Add("another of mine", 5, ref), "bo", at="second"))
    assert "as 7" in words(await table.do(Add("not of theirs", 0, ref), "cem"))
    # Another round counts anew.
    await table.do(Ask("a lamp"), "ana")
    await table.do(Add("a third of mine"), "bo")


async def test_what_was_taken_back_still_counts(table: Table) -> None:
    await table.do(Ask("a lighthouse"), "ana")
    ref = await table.here()
    for text in ("one", "two"):
        await table.do(Add(text, 0, ref), "bo")
    await table.do(Withdraw(5, ref), "bo")
    await table.do(Withdraw(6, ref), "bo")
    with pytest.raises(LimitReached, match=re.escape(en.enough_entries(EACH))):
        await table.do(Add("three", 0, ref), "bo")
    await table.do(Add("one", 0, ref), "cem")


async def test_many_at_once_are_no_way_round_it(table: Table) -> None:
    await table.do(Ask("a lighthouse"), "ana")
    ref = await table.here()
    outcomes = await asyncio.gather(
        *(table.quick(Add(f"text {n}", 0, ref), "bo") for n in range(10)), return_exceptions=True
    )
    assert sum(isinstance(outcome, Card) for outcome in outcomes) == EACH
    assert sum(isinstance(outcome, LimitReached) for outcome in outcomes) == 10 - EACH
    await table.muse.settle()


# --- An entry taken back.


async def test_the_votes_for_what_is_taken_back_go(table: Table) -> None:
    await table.do(Ask("a lighthouse"), "ana")
    ref = await table.here()
    await table.do(Add("mine", 0, ref), "bo")
    await table.do(Vote((1, 5), (Facet.MOVED,), ref), "cem")
    await table.do(Vote((5,), (Facet.DEEP,), ref), "dua")
    receipt = await table.do(Vote((2,), (), ref), "ana")
    assert bars(receipt) == {"1": (1, 3), "2": (1, 3), "5": (2, 3)}

    await table.do(Withdraw(5, ref), "bo")
    # A vote that changes nothing shows where each stands.
    for who, voted, mine in (
        ("ana", (2,), "You voted for 2."),
        ("cem", (1,), "You voted for 1."),
    ):
        card = await table.do(Vote(voted, (), ref), who)
        assert bars(card) == {"1": (1, 2), "2": (1, 2)}
        assert mine in words(card)
    assert "You have no vote" in words(await table.do(Unvote((5,), (), ref), "dua"))
    round_ = (await table.rounds.read(ref)).round
    assert round_.voters == 2
    assert 5 not in round_.tallies or not round_.tallies[5].approvals
    assert (await table.rounds.read(ref, user=member("dua"))).choices == ()
    assert [c.entry for c in (await table.rounds.read(ref, user=member("cem"))).choices] == [1]
    assert "2 people have voted" in words(table.stage.now_showing("round", ref))
    with pytest.raises(NotFound, match=re.escape(en.entry_withdrawn(5))):
        await table.do(Vote((5,), (), ref), "dua")

    await table.do(Close(ref), "ana")
    result = words(table.stage.now_showing("result", ref))
    assert "2 people voted" in result
    assert "Deepest" not in result


async def test_who_voted_for_nothing_else_may_vote_again(table: Table) -> None:
    await table.do(Ask("a lighthouse"), "ana")
    ref = await table.here()
    await table.do(Add("mine", 0, ref), "bo")
    await table.do(Vote((5,), (), ref), "dua")
    await table.do(Withdraw(5, ref), "bo")
    assert (await table.rounds.read(ref)).round.voters == 0
    assert bars(await table.do(Vote((3,), (), ref), "dua")) == {"3": (1, 1)}
    assert (await table.rounds.read(ref)).round.voters == 1


async def test_the_text_that_is_taken_back_is_gone_from_redis(table: Table, store: Store) -> None:
    await table.do(Ask("a lighthouse"), "ana")
    ref = await table.here()
    await table.do(Add("an embarrassing admission", 0, ref), "bo")
    assert "embarrassing" in await everything(store)
    await table.do(Withdraw(5, ref), "bo")
    assert "embarrassing" not in await everything(store)
    assert "a lighthouse" in await everything(store)


# --- A round taken back.


@pytest.mark.parametrize("writing", [False, True])
async def test_all_of_a_round_that_is_taken_back_is_gone_from_redis(
    table: Table, store: Store, *, writing: bool
) -> None:
    table.writer.texts = [f"quixotic piece of {n}" for n in "abcd"]
    if writing:
        table.writer.gate.clear()
    await table.quick(Ask("a zymurgist of the deep"), "ana")
    ref = await table.here()
    settling = asyncio.create_task(table.muse.settle())
    if writing:
        for _ in range(2000):
            if table.writer.briefs:
                break
            await asyncio.sleep(0.01)
    else:
        await settling
    await table.quick(Add("my own quibble", 0, ref), "ana")
    held = await everything(store)
    assert ("quixotic" in held) is not writing
    assert "zymurgist" in held
    assert "quibble" in held

    await table.quick(Withdraw(0, ref), "ana")
    table.writer.gate.set()
    await settling
    await table.muse.settle()
    left = await everything(store)
    for gone in ("zymurgist", "quixotic", "quibble"):
        assert gone not in left
    assert (await table.rounds.read(ref)).round.state is RoundState.WITHDRAWN
    shown = words(table.stage.now_showing("round", ref))
    for gone in ("zymurgist", "quixotic", "quibble"):
        assert gone not in shown


async def test_a_round_that_is_taken_back_is_not_asked_again(table: Table) -> None:
    await table.do(Ask("a lighthouse"), "ana")
    ref = await table.here()
    await table.do(Withdraw(0, ref), "ana")
    for request in (Again(ref), Again()):
        for who in ("ana", "bo"):
            with pytest.raises(TooLate, match=re.escape(en.ROUND_IS_WITHDRAWN)):
                await table.do(request, who)
    assert await table.here() == ref
    assert len(table.writer.briefs) == 1


async def unchanged(table: Table, ref: RoundRef) -> None:
    round_ = (await table.rounds.read(ref)).round
    assert (round_.state, round_.prompt, len(round_.standing)) == (
        RoundState.OPEN,
        "a lighthouse",
        4,
    )


async def test_only_who_asked_takes_a_round_back(table: Table) -> None:
    await table.do(Ask("a lighthouse"), "ana")
    ref = await table.here()
    with pytest.raises(NotAllowed):
        await table.do(Withdraw(0, ref), "bo")
    with pytest.raises(NotAllowed):
        await table.do(Withdraw(0, ref), "boss", manages=True)
    await unchanged(table, ref)
    await table.do(Withdraw(0, ref), "ana")


async def test_an_organiser_is_not_told_that_an_organiser_could(table: Table) -> None:
    await table.do(Ask("a lighthouse"), "ana")
    with pytest.raises(NotAllowed) as refused:
        await table.do(Withdraw(0), "boss", manages=True)
    assert "organiser" not in str(refused.value)


async def test_a_round_somebody_else_wrote_in_stays(table: Table) -> None:
    await table.do(Ask("a lighthouse"), "ana")
    ref = await table.here()
    await table.do(Add("mine", 0, ref), "bo")
    with pytest.raises(NotAllowed, match=re.escape(en.ROUND_SHARED)):
        await table.do(Withdraw(0, ref), "ana")
    await table.do(Withdraw(5, ref), "bo")
    await table.do(Withdraw(0, ref), "ana")


# --- Who is on record.


async def test_a_vote_taken_back_that_never_was_puts_nobody_on_record(
    table: Table, store: Store
) -> None:
    await table.do(Ask("a lighthouse"), "ana")
    ref = await table.here()
    where = keys.community(ref.community)

    async def members() -> tuple[int, int, int]:
        return (
            int(await store.call("HGET", where.record, "members")),
            int(await store.call("HLEN", where.ids)),
            int(await store.call("HLEN", where.people)),
        )

    assert await members() == (1, 1, 1)
    card = await table.do(Unvote((1, 2), (), ref), "zoe")
    assert "You have no vote" in words(card)
    await table.do(Unvote((1,), (Facet.DEEP,), ref), "zoe")
    assert await members() == (1, 1, 1)
    assert "zoe" not in await everything(store)
    assert (await table.rounds.read(ref)).round.voters == 0
    await table.do(Vote((1,), (), ref), "zoe")
    assert await members() == (2, 2, 2)
