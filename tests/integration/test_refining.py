"""Going on from a round: what was voted on stays, and what was asked for reaches the brief."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import LimitReached, NotFound, TooLate
from bot.models import RoundRef, RoundState, Wish
from bot.requests import Add, Again, Ask, Close, Refine, Vote, Withdraw
from bot.wording import en
from bot.writing.briefs import PARENTS, TWIST_CHARS, WITHOUT
from tests.support import Table


async def texts(table: Table, ref: RoundRef) -> dict[int, str]:
    return {entry.number: entry.text for entry in (await table.round(ref)).standing}


async def test_a_child_goes_on_from_its_parents_and_changes_nothing(table: Table) -> None:
    await table.do(Ask("a lighthouse", "haiku"), "ana")
    first = await table.here()
    await table.do(Vote((2, 3), (), first), "bo")
    before = await table.rounds.read(first)
    await table.do(Refine("fewer words, and\n  a dog", (2, 4), round=first), "cem")

    second = await table.here()
    child, piece = await table.round(second), await texts(table, first)
    assert (child.prompt, child.form, child.parent) == ("a lighthouse", "haiku", first.round)
    assert child.wish == Wish("fewer words, and a dog", (2, 4))
    assert child.state is RoundState.OPEN
    assert len(child.entries) == 4
    brief = table.writer.briefs[-1]
    assert brief.parents == (piece[2], piece[4])
    assert brief.twist == "fewer words, and a dog"
    assert set(brief.avoid) == {piece[1], piece[3]}, "its parents are not to be kept away from"
    assert "Refined by @cem, from 2 and 4: “fewer words, and a dog”" in table.shown(second)
    assert await table.rounds.read(first) == before
    assert table.stage.asked == [f"round:{first.round}", f"round:{second.round}"]


async def test_without_numbers_it_goes_on_from_the_best_liked(table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    await table.do(Add("mine", 0, ref), "bo")
    await table.do(Add("mine too", 0, ref), "bo")
    await table.do(Vote((6, 4), (), ref), "cem")
    await table.do(Vote((6, 2, 5), (), ref), "dua")
    await table.do(Refine("shorter"), "cem")
    piece = await texts(table, ref)
    assert (await table.round()).wish.pieces == (2, 4, 5, 6)
    assert table.writer.briefs[-1].parents == (piece[2], piece[4], piece[5], piece[6])
    assert PARENTS[0] == 4


async def test_a_refined_round_is_refined_again(table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    first = await table.here()
    await table.do(Refine("shorter", (1,)))
    second = await table.here()
    await table.do(Refine("longer", (3,), "letter"))
    older, old = await texts(table, first), await texts(table, second)
    brief = table.writer.briefs[-1]
    assert brief.parents == (old[3],)
    assert set(brief.avoid) == {*old.values(), *older.values()} - {old[3]}
    assert brief.form == "letter"


async def test_a_closed_round_is_gone_on_from(table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    await table.do(Close(ref))
    before = await table.round(ref)
    await table.do(Refine("shorter", (1,), round=ref), "bo")
    assert (await table.round()).parent == ref.round
    assert await table.round(ref) == before


async def test_what_is_not_there_is_not_refined(table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    await table.do(Add("mine", 0, ref), "bo")
    await table.do(Withdraw(5, ref), "bo")
    for number in (5, 9):
        with pytest.raises(NotFound, match=f"no {number} in this round"):
            await table.quick(Refine("shorter", (1, number), round=ref))
    with pytest.raises(LimitReached, match=f"{TWIST_CHARS} is the most"):
        await table.quick(Refine("x" * (TWIST_CHARS + 1), round=ref))
    await table.do(Withdraw(0, ref), "ana")
    with pytest.raises(TooLate, match="taken back"):
        await table.quick(Refine("shorter", (1,), round=ref))
    table.writer.fails_after = 0
    await table.do(Ask("nothing comes of it"))
    with pytest.raises(NotFound, match=en.NOTHING_TO_REFINE):
        await table.quick(Refine("shorter"))
    assert len(table.writer.briefs) == 2


async def test_a_parent_that_is_withdrawn_meanwhile_goes_to_no_model(table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    first = await table.here()
    await table.do(Add("a secret of mine", 0, first), "bo")
    await table.quick(Refine("shorter", (1, 5), round=first))
    await table.quick(Withdraw(5, first), "bo")
    await table.muse.settle()
    brief = table.writer.briefs[-1]
    assert brief.parents == ((await texts(table, first))[1],)
    assert "a secret of mine" not in (*brief.avoid, *brief.loved)


async def test_a_round_begins_from_a_text(table: Table) -> None:
    source = "The ferry was late again,\nand nobody minded."
    await table.do(Ask("make a letter of it", "letter", source=f"  {source} "))
    assert table.writer.briefs[-1].parents == (source,)
    assert "going on from “The ferry was late again, and nobody minded.”" in table.shown(
        await table.here()
    )
    long = "salt and wind " * 400
    await table.do(Ask("make a letter of it", source=long))
    (parent,) = table.writer.briefs[-1].parents
    assert len(parent) <= PARENTS[1]
    assert long.startswith(parent)


async def test_what_is_to_be_left_out_and_bold_reach_the_brief(table: Table) -> None:
    await table.do(Ask("a lighthouse", without=("the  sea", "rain", "the sea"), bold=True))
    first = await table.here()
    brief = table.writer.briefs[-1]
    assert (brief.without, brief.bold) == (("the sea", "rain"), True)
    assert "Asked by @ana · without the sea, rain · boldly" in table.shown(first)

    await table.do(Again(first, without=("gulls",)))
    brief = table.writer.briefs[-1]
    assert (brief.without, brief.bold) == (("gulls",), False), "each round says its own"
    await table.do(Again(first, "haiku", bold=True))
    brief = table.writer.briefs[-1]
    assert (brief.without, brief.bold, brief.form) == ((), True, "haiku")
    await table.do(Refine("shorter", (1,), "", ("light",), bold=True, round=first))
    brief = table.writer.briefs[-1]
    assert (brief.without, brief.bold) == (("light",), True)
    many = tuple(f"{n} " + "w" * 90 for n in range(40))
    await table.do(Ask("a lighthouse", without=many))
    kept = table.writer.briefs[-1].without
    assert len(kept) == WITHOUT[0]
    assert all(len(phrase) <= WITHOUT[1] for phrase in kept)


async def test_an_event_told_twice_refines_once(table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    wish = Refine("shorter", (1,), round=ref)
    await asyncio.gather(*(table.quick(wish, "bo", at="same") for _ in range(4)))
    await table.muse.settle()
    assert len(table.writer.briefs) == 2
    assert len(table.stage.asked) == 2
