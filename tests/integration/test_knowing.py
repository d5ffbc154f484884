"""What organisers tell Muse: who may, what is kept, and whose briefs it reaches."""

from __future__ import annotations

import asyncio

import pytest

from bot.brief import Lens
from bot.cards import FormCard
from bot.community_requests import (
    AddLore,
    DescribeAngle,
    HideAngle,
    Lore,
    RemoveAngle,
    RemoveLore,
    ShowAngles,
)
from bot.errors import BadInput, LimitReached, NotAllowed, NotFound, Refusal
from bot.models import RoundRef, SpaceRef
from bot.requests import Ask, Blank, Close, Compose, Request, Top, Vote
from bot.storage.knowledge import FEWEST_ANGLES, MOST_ANGLES, MOST_LORE, Knowledge
from bot.wording import en
from bot.writing.lenses import LENSES
from tests.support import SPACE, Table, command, words

OTHER = SpaceRef("test", "other")
GERALD = "Every Friday the lift breaks, and we call it Gerald."
BUS = DescribeAngle("the last bus", "As its driver, who has seen us all.")


async def told(table: Table, request: Request, space: SpaceRef = SPACE) -> str:
    """What an organiser is shown."""
    return words(await table.quick(request, "boss", manages=True, space=space))


@pytest.mark.parametrize(
    "request_",
    [
        Lore(),
        AddLore("x"),
        RemoveLore(1),
        ShowAngles(),
        BUS,
        HideAngle("child"),
        HideAngle("child", hidden=False),
        RemoveAngle("the last bus"),
        Compose(RoundRef("", ""), blank=Blank.LORE),
        Compose(RoundRef("", ""), blank=Blank.ANGLE),
    ],
)
async def test_only_organisers_tell_muse_anything(table: Table, request_: Request) -> None:
    with pytest.raises(NotAllowed, match=en.ORGANISERS_ONLY):
        await table.quick(request_, "bo")
    reply = await table.muse.app.handle(command(Compose(RoundRef("", "")), "bo"))
    assert isinstance(reply.card, FormCard)


# --- Lore.


async def test_lore_is_kept_and_forgotten(table: Table) -> None:
    assert "Nothing yet" in await told(table, Lore())
    assert en.lore_added(1) in await told(table, AddLore(f"  {GERALD}\n"))
    shown = await told(table, AddLore("Ada brings the cake."))
    assert en.lore_added(2) in shown
    assert f"1 {GERALD}\n2 Ada brings the cake." in shown
    with pytest.raises(Refusal, match="knows that already, as 1"):
        await told(table, AddLore(GERALD.upper()))
    assert f"{en.lore_removed(1)} {GERALD}" in await told(table, RemoveLore(1))
    assert GERALD not in await told(table, Lore())
    assert en.lore_removed(1) in await told(table, RemoveLore(1))  # it is gone: as wished
    with pytest.raises(NotFound, match="no line 3"):
        await told(table, RemoveLore(3))
    assert en.lore_added(3) in await told(table, AddLore(GERALD)), "no number is given twice"
    with pytest.raises(LimitReached, match="241 characters; 240 is the most"):
        await told(table, AddLore("x" * 241))
    with pytest.raises(Refusal, match=en.EMPTY_LORE):
        await told(table, AddLore(" "))


async def test_a_line_that_is_told_twice_is_kept_once(table: Table) -> None:
    for _ in range(3):
        card = await table.quick(AddLore(GERALD), manages=True, at="same")
        assert en.lore_added(1) in words(card)
    lines = await Knowledge(table.muse.store).lore((await table.community()).id)
    assert [line.text for line in lines] == [GERALD]


async def test_there_is_an_end_to_lore(table: Table) -> None:
    community = (await table.community()).id
    some = asyncio.Semaphore(20)  # of one member not too many may wait

    async def add(number: int) -> None:
        async with some:
            await told(table, AddLore(f"line {number}"))

    await asyncio.gather(*map(add, range(MOST_LORE)))
    with pytest.raises(LimitReached, match=f"has {MOST_LORE} lines already"):
        await told(table, AddLore("one more"))
    await told(table, RemoveLore(7))
    await told(table, AddLore("one more"))
    assert len(await Knowledge(table.muse.store).lore(community)) == MOST_LORE


async def test_lore_that_fits_reaches_the_briefs_of_its_own_community(table: Table) -> None:
    await told(table, AddLore(GERALD))
    await told(table, AddLore("Ada brings the cake."))
    await told(table, AddLore("The heron is ours."), OTHER)
    await table.do(Ask("a lift that breaks"))
    assert table.writer.briefs[-1].lore[0] == GERALD
    assert "The heron is ours." not in table.writer.briefs[-1].lore
    await table.do(Ask("a lift that breaks"), space=OTHER)
    assert table.writer.briefs[-1].lore == ("The heron is ours.",)
    await told(table, RemoveLore(1), OTHER)
    await table.do(Ask("a lift that breaks"), space=OTHER)
    assert not table.writer.briefs[-1].lore


async def test_what_was_loved_reaches_the_briefs_of_its_own_community(table: Table) -> None:
    table.writer.texts = ["The keeper hums.", "A door of salt.", "Nine gulls.", "Tuesday."]
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    keeper, one_vote = [
        entry.text for entry in (await table.round(ref)).entries if entry.number in (1, 2)
    ]
    await table.do(Vote((1, 2), (), ref), "bo")
    await table.do(Vote((1,), (), ref), "cem")
    await table.do(Close(ref))
    table.writer.texts = []
    await table.do(Ask("another"))
    assert table.writer.briefs[-1].loved == (keeper,), "one vote is one member's taste"
    await table.do(Ask("another", "haiku"))
    assert not table.writer.briefs[-1].loved, "of the same form only"
    await table.do(Ask("another"), space=OTHER)
    assert not table.writer.briefs[-1].loved
    for context in table.writer.contexts[1:3]:
        assert context.repeats(keeper)
        assert context.repeats(one_vote)
    assert not table.writer.contexts[3].repeats(keeper), "another community has not seen it"


# --- Angles.


async def test_angles_are_added_described_hidden_and_removed(table: Table) -> None:
    assert en.angle_added("the last bus") in await told(table, BUS)
    anew = DescribeAngle(" The  LAST bus ", "As  a passenger.")
    shown = await told(table, anew)
    assert en.angle_described("the last bus") in shown
    assert "the last bus — As a passenger." in shown
    assert "(hidden)" not in shown
    assert "the last bus — As a passenger. (hidden)" in await told(table, HideAngle("The last bus"))
    assert "(hidden)" not in await told(table, HideAngle("the last bus", hidden=False))
    assert "(hidden)" in await told(table, HideAngle("a child explains"))
    removed = await told(table, RemoveAngle("the last bus"))
    assert en.angle_removed("the last bus", "As a passenger.") in removed
    for gone in (RemoveAngle("the last bus"), HideAngle("the last bus")):
        with pytest.raises(NotFound, match="no angle “the last bus”"):
            await told(table, gone)
    with pytest.raises(NotFound, match=en.NO_OWN_ANGLE):
        await told(table, RemoveAngle("a child explains"))


@pytest.mark.parametrize(
    ("name", "does", "said"),
    [
        (" ", "x", en.EMPTY_ANGLE),
        ("x", " ", en.EMPTY_INSTRUCTION),
        ("x" * 41, "x", "41 characters; 40 is the most"),
        ("x", "x" * 241, "241 characters; 240 is the most"),
        ("a, b", "x", en.BAD_ANGLE_NAME),
        ("a: b", "x", en.BAD_ANGLE_NAME),
        ("a~b", "x", en.BAD_ANGLE_NAME),
        ("a\x1bb", "x", en.BAD_ANGLE_NAME),
        ("CHILD", "x", en.ANGLE_IS_MUSES),
        ("somebody's  list", "x", en.ANGLE_IS_MUSES),
    ],
)
async def test_an_angle_that_can_not_be(table: Table, name: str, does: str, said: str) -> None:
    with pytest.raises(Refusal) as caught:
        await told(table, DescribeAngle(name, does))
    assert said in str(caught.value)
    assert isinstance(caught.value, LimitReached) == ("is the most" in said)
    assert isinstance(caught.value, BadInput) == (said in (en.BAD_ANGLE_NAME, en.ANGLE_IS_MUSES))


async def test_an_apostrophe_is_an_apostrophe(table: Table) -> None:
    await told(table, DescribeAngle("grandma's phone", "as she answers it"))
    assert "(hidden)" in await told(table, HideAngle("Grandma’s phone"))
    await told(table, DescribeAngle("grandma’s phone", "as it rings"))
    community = (await table.community()).id
    angles = await Knowledge(table.muse.store).angles(community)
    assert angles.own == (Lens("grandma's phone", "grandma's phone", "as it rings", "as it rings"),)
    await told(table, RemoveAngle("grandma's phone"))
    assert (await Knowledge(table.muse.store).angles(community)).own == ()


async def test_angles_have_their_limits(table: Table) -> None:
    for n in range(MOST_ANGLES):
        await told(table, DescribeAngle(f"angle {n}", "x"))
    with pytest.raises(LimitReached, match=f"have {MOST_ANGLES} angles"):
        await told(table, DescribeAngle("one more", "x"))
    await told(table, DescribeAngle("angle 3", "y"))
    for lens in LENSES:
        await told(table, HideAngle(lens.name))
    for n in range(MOST_ANGLES - FEWEST_ANGLES):
        await told(table, HideAngle(f"angle {n}"))
    for few in (HideAngle("angle 18"), RemoveAngle("angle 18")):
        with pytest.raises(LimitReached, match=f"At least {FEWEST_ANGLES} angles"):
            await told(table, few)
    await told(table, RemoveAngle("angle 1"))  # hidden already, so as many are left
    await told(table, HideAngle("angle 2"))


async def lenses_of(table: Table, rounds: int) -> set[str]:
    """The angles of so many new rounds, none of them written."""
    found: set[str] = set()
    for _ in range(rounds):
        await table.quick(Ask("a lighthouse"))
        found |= set((await table.round()).lenses)
    return found


async def test_hidden_angles_never_come_up_and_own_ones_do(table: Table) -> None:
    await told(table, BUS)
    kept = [lens.name for lens in LENSES[:5]]
    for lens in LENSES[5:]:
        await told(table, HideAngle(lens.label))
    assert await lenses_of(table, 30) == {*kept, "the last bus"}
    await told(table, HideAngle(LENSES[9].name, hidden=False))
    await told(table, HideAngle("the last bus"))
    assert await lenses_of(table, 30) == {*kept, LENSES[9].name}


async def a_round_with_the_bus(table: Table) -> RoundRef:
    """A round that is asked for and not written yet, one of whose angles is the community's."""
    while True:
        await table.quick(Ask("a lighthouse"))
        ref = await table.here()
        if "the last bus" in (await table.round(ref)).lenses:
            return ref
        await table.muse.settle()


async def test_an_own_angle_is_carried_to_the_brief(table: Table) -> None:
    await told(table, BUS)
    ref = await a_round_with_the_bus(table)
    await table.muse.settle()
    brief = next(b for b in table.writer.briefs if "the last bus" in b.lenses)
    does = "As its driver, who has seen us all."
    assert brief.own_lenses == (Lens("the last bus", "the last bus", does, does),)
    assert "the last bus · AI" in table.shown(ref)
    await table.do(Ask("a lighthouse"), space=OTHER)
    assert table.writer.briefs[-1].own_lenses == ()


async def test_an_angle_that_is_removed_meanwhile_keeps_its_name(table: Table) -> None:
    await told(table, BUS)
    ref = await a_round_with_the_bus(table)
    await told(table, RemoveAngle("the last bus"))
    await table.muse.settle()
    round_ = await table.round(ref)
    assert len(round_.entries) == 4
    brief = next(b for b in table.writer.briefs if "the last bus" in b.lenses)
    assert [lens.name for lens in brief.own_lenses] == ["the last bus"]
    own = next(entry for entry in round_.entries if entry.lens == "the last bus")
    await table.do(Vote((own.number,), (), ref), "bo")
    await table.do(Close(ref))
    assert "the last bus · AI · 1 vote" in table.shown(ref)
    assert "the last bus, AI" in words(await table.quick(Top("entries", "all")))
    assert "the last bus 100 % (1 of 1, in 1 round)" in words(
        await table.quick(Top("lenses", "all"))
    )
