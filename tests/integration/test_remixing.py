"""Remixes that Muse writes with a member: versions made together, credited to all, placed once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from bot.brief import Brief
from bot.cards import Ranked
from bot.community_requests import DescribeAngle, RemoveAngle
from bot.errors import LimitReached, NotAllowed, NotFound, Refusal, TooLate
from bot.game.composing import Composers
from bot.models import Draft, Entry, Origin, RoundRef, RoundState
from bot.requests import Add, Ask, Close, Remix, Show, Top, Vote, Withdraw
from bot.settings import LimitSettings
from bot.storage.client import Store
from bot.wording import en
from bot.writing.briefs import TWIST_CHARS
from tests.support import ScriptedWriter, Table, member, words


class Halting(ScriptedWriter):
    """A writer that waits for ever after so many drafts, until it is let go on."""

    def __init__(self, after: int) -> None:
        super().__init__(tag="halting-")
        self.after = after

    async def write(self, brief: Brief) -> AsyncGenerator[Draft, None]:
        async for draft in super().write(brief):
            yield draft
            self.after -= 1
            if self.after == 0:
                self.gate.clear()


@pytest.fixture
def remixer() -> ScriptedWriter:
    return ScriptedWriter(tag="remix-")


@pytest.fixture
def mixing(store: Store, remixer: ScriptedWriter) -> Table:
    """A game with a model for remixes."""
    return table_with(store, remixer)


def table_with(store: Store, remixer: ScriptedWriter, limits: LimitSettings | None = None) -> Table:
    writer = ScriptedWriter()
    composers = Composers(writer, writer, remixes=remixer)
    return Table.of(store, composers, limits=limits, writer=writer)


async def asked(table: Table) -> RoundRef:
    """A round of four pieces."""
    await table.do(Ask("a lighthouse"), "ana")
    return await table.here()


async def versions(table: Table, ref: RoundRef) -> list[Entry]:
    """What was made together, in the order it was placed."""
    entries = (await table.round(ref)).entries
    return [entry for entry in entries if entry.author and entry.model]


async def until_asked(remixer: ScriptedWriter, count: int = 1) -> None:
    """Wait until the writer has been asked so often."""
    for _ in range(2000):
        if len(remixer.briefs) >= count:
            return
        await asyncio.sleep(0.005)
    pytest.fail("nothing was asked for")


async def points(table: Table) -> dict[str, str]:
    found = words(await table.quick(Top("people", "all"))).splitlines()
    rows = [line.split(" ") for line in found if "@" in line]
    return {row[1]: row[2] for row in rows}


async def test_three_versions_are_made_together(mixing: Table, remixer: ScriptedWriter) -> None:
    ref = await asked(mixing)
    two = (await mixing.round(ref)).entries[1]
    told = await mixing.do(Remix(2, " told by\n a moth ", ref), "bo")
    assert words(told) == en.TWIST_TAKEN_MUSE.format(number=2)

    made = await versions(mixing, ref)
    bo = await member_number(mixing, "bo")
    assert [(e.number, e.origin, e.author, e.parent) for e in made] == [
        (number, Origin.TOGETHER, bo, 2) for number in (5, 6, 7)
    ]
    (brief,) = remixer.briefs
    assert brief.parents == (two.text,)
    assert brief.twist == "told by a moth"
    assert brief.lenses[0] == two.lens
    assert len(set(brief.lenses)) == 3
    others = {e.text for e in (await mixing.round(ref)).entries[:4]} - {two.text}
    assert set(brief.avoid) == others
    assert mixing.shown(ref).count("@bo with Muse · a person with AI, from 2 by Muse") == 3
    assert "twist" not in mixing.shown(ref)

    told = await mixing.do(Remix(5, "in winter", ref), "cem")
    assert "credit for 5 stays with @bo" in words(told)
    tree = words(await mixing.quick(Show(ref), "cem"))
    assert "@cem with Muse · a person with AI, from 5 by @bo, itself from 2 by Muse" in tree


async def member_number(table: Table, name: str) -> int:
    return (await table.rounds.read(await table.here(), user=member(name))).reader


async def test_points_go_to_who_made_it_and_half_to_whom_it_came_from(mixing: Table) -> None:
    ref = await asked(mixing)
    await mixing.do(Remix(2, "told by a moth", ref), "bo")  # 5, 6, 7
    await mixing.do(Remix(5, "in winter", ref), "cem")  # 8, 9, 10
    with pytest.raises(Refusal, match="8 is your own"):
        await mixing.quick(Vote((8,), (), ref), "cem")
    await mixing.do(Vote((8, 6), (), ref), "dua")
    await mixing.do(Vote((8,), (), ref), "bo")
    await mixing.do(Close(ref), "ana")
    # cem: two votes on 8. bo: one on 6, and half of dua's on 8, not of bo's own.
    assert await points(mixing) == {"@cem": "2", "@bo": "1½"}
    board = await mixing.quick(Top("entries", "all"))
    assert len([block for block in board.blocks if isinstance(block, Ranked)]) == 2
    assert "with Muse · a person with AI, from 5" in words(mixing.stage.now_showing("result", ref))


async def test_an_event_told_again_is_one_remix(mixing: Table, remixer: ScriptedWriter) -> None:
    ref = await asked(mixing)
    wish = Remix(2, "told by a moth", ref)
    await asyncio.gather(*(mixing.quick(wish, "bo", at="same") for _ in range(4)))
    await mixing.muse.settle()
    await mixing.do(wish, "bo", at="same")
    assert len(remixer.briefs) == 1
    assert len(await versions(mixing, ref)) == 3


async def test_a_remix_counts_once(store: Store, remixer: ScriptedWriter) -> None:
    table = table_with(store, remixer, LimitSettings(entries_per_member=2))
    ref = await asked(table)
    await table.do(Remix(2, "told by a moth", ref), "bo")
    await table.do(Add("mine", 0, ref), "bo")
    for wish in (Remix(1, "once more", ref), Add("and mine", 0, ref)):
        with pytest.raises(LimitReached, match="2 times"):
            await table.quick(wish, "bo")
    await table.do(Remix(1, "mine too", ref), "cem")
    assert len(await versions(table, ref)) == 6


async def test_a_failed_writing_gives_the_chance_back(
    store: Store, remixer: ScriptedWriter
) -> None:
    table = table_with(store, remixer, LimitSettings(entries_per_member=1))
    ref = await asked(table)
    remixer.fails_after = 0
    await table.do(Remix(2, "told by a moth", ref), "bo")
    assert await versions(table, ref) == []
    assert f"A twist could not be written. {en.REMIX_FAILED}" in table.shown(ref)
    remixer.fails_after = 1  # one came through before it failed: that is a remix
    await table.do(Remix(2, "told by a moth", ref), "bo")
    assert len(await versions(table, ref)) == 1
    assert "could not be written" not in table.shown(ref)
    with pytest.raises(LimitReached, match="once"):
        await table.quick(Remix(2, "again", ref), "bo")


async def test_the_very_same_words_are_no_version(mixing: Table, remixer: ScriptedWriter) -> None:
    ref = await asked(mixing)
    there = [entry.text for entry in (await mixing.round(ref)).entries]
    remixer.texts = [there[0], "another one", there[3].upper()]
    await mixing.do(Remix(2, "told by a moth", ref), "bo")
    assert [entry.text for entry in await versions(mixing, ref)] == ["another one"]
    remixer.texts = [there[0], "Another one", there[2]]
    await mixing.do(Remix(2, "once more", ref), "bo")
    assert len(await versions(mixing, ref)) == 1
    assert en.REMIX_FAILED in mixing.shown(ref)


async def test_killed_in_the_middle_it_is_finished_once(store: Store) -> None:
    halting = Halting(after=2)
    table = table_with(store, halting, LimitSettings(entries_per_member=1))
    ref = await asked(table)
    await table.quick(Remix(2, "told by a moth", ref), "bo")
    settling = asyncio.create_task(table.muse.settle())
    for _ in range(2000):
        if len(await versions(table, ref)) == 2:
            break
        await asyncio.sleep(0.005)
    await table.muse.agenda.stop(0)  # it ends with its work in hand, which is handed back
    await settling
    before = await versions(table, ref)
    assert [twist.text for twist in (await table.round(ref)).twists] == ["told by a moth"]

    later = table_with(store, ScriptedWriter(tag="later-"))
    later.stage.posts, later.stage.states = table.stage.posts, table.stage.states
    await later.muse.settle()
    after = await versions(later, ref)
    assert after[:2] == before
    assert len(after) == 3
    assert (await later.round(ref)).twists == ()
    # The work of two processes at once, as after a lease that ended too early.
    await later.quick(Remix(1, "by two", ref), "cem")
    work = later.muse.agenda._work["twist"]
    await asyncio.gather(work(ref), work(ref))
    assert len(await versions(later, ref)) == 6
    await later.muse.settle()
    assert len(await versions(later, ref)) == 6


async def test_one_that_is_asked_for_while_another_is_written(
    mixing: Table, remixer: ScriptedWriter
) -> None:
    ref = await asked(mixing)
    remixer.gate.clear()
    await mixing.quick(Remix(2, "told by a moth", ref), "bo")
    settling = asyncio.create_task(mixing.muse.settle())
    await until_asked(remixer)
    await mixing.quick(Remix(3, "in winter", ref), "cem")
    other = asyncio.create_task(mixing.muse.settle())  # it is claimed anew while it is done
    await mixing.quick(Show(ref), "dua")
    remixer.gate.set()
    await asyncio.gather(settling, other)
    await mixing.muse.settle()
    assert [entry.parent for entry in await versions(mixing, ref)] == [2, 2, 2, 3, 3, 3]
    assert (await mixing.round(ref)).twists == ()
    assert "Muse is writing @" not in mixing.shown(ref)


async def test_while_it_is_written_the_card_says_so(mixing: Table, remixer: ScriptedWriter) -> None:
    ref = await asked(mixing)
    remixer.gate.clear()
    await mixing.quick(Remix(2, "told by a moth", ref), "bo")
    settling = asyncio.create_task(mixing.muse.settle())
    await until_asked(remixer)
    assert "Muse is writing @bo’s twist on 2…" in words(await mixing.quick(Show(ref), "cem"))
    remixer.gate.set()
    await settling


async def test_its_parent_is_withdrawn_meanwhile(mixing: Table, remixer: ScriptedWriter) -> None:
    ref = await asked(mixing)
    await mixing.do(Add("a secret of mine", 0, ref), "bo")
    remixer.gate.clear()
    await mixing.quick(Remix(5, "told by a moth", ref), "cem")
    settling = asyncio.create_task(mixing.muse.settle())
    await until_asked(remixer)
    await mixing.quick(Withdraw(5, ref), "bo")
    remixer.gate.set()
    await settling
    assert await versions(mixing, ref) == []
    assert f"A twist could not be written. {en.PARENT_GONE}" in mixing.shown(ref)
    # And before it is begun: the text goes to no model.
    await mixing.do(Add("another secret", 0, ref), "bo")
    await mixing.quick(Remix(6, "told by a moth", ref), "cem")
    await mixing.quick(Withdraw(6, ref), "bo")
    await mixing.muse.settle()
    assert len(remixer.briefs) == 1
    with pytest.raises(NotFound, match="6 was taken back"):
        await mixing.quick(Remix(6, "told by a moth", ref), "cem")


@pytest.mark.parametrize("end", [Close(), Withdraw()])
async def test_its_round_ends_meanwhile(
    end: Close | Withdraw, mixing: Table, remixer: ScriptedWriter
) -> None:
    ref = await asked(mixing)
    remixer.gate.clear()
    await mixing.quick(Remix(2, "told by a moth", ref), "bo")
    settling = asyncio.create_task(mixing.muse.settle())
    await until_asked(remixer)
    await mixing.quick(end, "ana")
    remixer.gate.set()
    await settling
    await mixing.muse.settle()
    assert await versions(mixing, ref) == []
    round_ = await mixing.round(ref)
    assert round_.twists == ()
    assert round_.state is (RoundState.CLOSED if isinstance(end, Close) else RoundState.WITHDRAWN)
    assert "twist" not in mixing.shown(ref)
    with pytest.raises(TooLate):
        await mixing.quick(Remix(2, "told by a moth", ref), "cem")


async def test_a_full_round_takes_what_it_has_room_for(
    store: Store, remixer: ScriptedWriter
) -> None:
    table = table_with(store, remixer, LimitSettings(max_entries=10))
    ref = await asked(table)
    await table.do(Remix(2, "told by a moth", ref), "bo")  # 5 to 7
    await table.do(Add("mine", 0, ref), "bo")  # 8
    await table.do(Remix(2, "in winter", ref), "cem")
    assert [entry.number for entry in await versions(table, ref)] == [5, 6, 7, 9, 10]
    assert "could not be written" not in table.shown(ref)
    with pytest.raises(LimitReached, match="full: 10 pieces"):
        await table.quick(Remix(2, "too many", ref), "dua")


async def test_what_can_not_be_remixed(mixing: Table, remixer: ScriptedWriter) -> None:
    ref = await asked(mixing)
    with pytest.raises(NotFound, match="no 9 in this round"):
        await mixing.quick(Remix(9, "told by a moth", ref))
    with pytest.raises(LimitReached, match=f"{TWIST_CHARS} is the most"):
        await mixing.quick(Remix(2, "x" * (TWIST_CHARS + 1), ref))
    with pytest.raises(Refusal, match=en.EMPTY_TWIST):
        await mixing.quick(Remix(2, " \n", ref))
    with pytest.raises(NotAllowed):
        await mixing.do(Withdraw(2, ref), "bo")
    assert remixer.briefs == []


async def test_without_a_model_the_members_words_are_the_version(table: Table) -> None:
    ref = await asked(table)
    card = await table.do(Remix(2, "The same night, told by the moth.", ref), "bo")
    assert en.REMIXED_UNAIDED in words(card)
    five = (await table.round(ref)).entries[4]
    assert (five.text, five.parent, five.model) == ("The same night, told by the moth.", 2, "")
    assert "@bo · a person with AI, from 2 by Muse" in table.shown(ref)
    assert len(table.writer.briefs) == 1


async def test_a_piece_whose_angle_is_gone_is_remixed_all_the_same(
    mixing: Table, remixer: ScriptedWriter
) -> None:
    name = "grandma's phone"
    await mixing.do(DescribeAngle(name, "as she answers it"), manages=True)
    lenses: tuple[str, ...] = ()
    while name not in lenses:
        ref = await asked(mixing)
        lenses = tuple(entry.lens for entry in (await mixing.round(ref)).entries)
    await mixing.do(RemoveAngle(name), manages=True)
    await mixing.do(Remix(lenses.index(name) + 1, "told by a moth", ref), "bo")
    assert len(await versions(mixing, ref)) == 3
    assert remixer.briefs[0].lenses[0] == name
    assert [lens.name for lens in remixer.briefs[0].own_lenses] == [name]
