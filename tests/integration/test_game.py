"""The game through its one door, on a real Redis: what everyone sees, and who may do what."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from bot.actions import decode, request
from bot.cards import Bar, Buttons, Card, FormCard, Pending, Piece, Ranked
from bot.errors import BadInput, LimitReached, NotAllowed, NotFound, Refusal, TooLate
from bot.game.composing import Composers
from bot.models import Facet, Origin, RoundState
from bot.requests import (
    Add,
    Again,
    Ask,
    Close,
    Compose,
    Help,
    Show,
    Top,
    Unvote,
    Vote,
    Withdraw,
)
from bot.settings import LimitSettings
from bot.storage import agenda_items, keys
from bot.storage.client import Store
from bot.wiring import compose, playing
from bot.wording import en
from bot.writing.deck import DeckWriter
from bot.writing.engine import Engine
from bot.writing.similarity import duplicate
from tests.support import (
    FakeClock,
    MemoryStage,
    ScriptedWriter,
    Table,
    command,
    line_text,
    member,
    words,
)


def pieces(card: Card) -> dict[int, str]:
    return {block.number: block.text for block in card.blocks if isinstance(block, Piece)}


def bars(card: Card) -> dict[str, tuple[int, int, bool]]:
    return {
        line_text(block.label): (block.count, block.of, block.mine)
        for block in card.blocks
        if isinstance(block, Bar)
    }


def buttons(card: Card) -> list[str]:
    """The verbs that can be pressed on a card."""
    found = [b for block in card.blocks if isinstance(block, Buttons) for b in block.buttons]
    found += [block.button for block in card.blocks if isinstance(block, Piece) and block.button]
    return [decode(button.action).verb for button in found if not button.disabled]


# --- A round's life.


async def test_a_round_from_the_prompt_to_the_boards(table: Table) -> None:
    asked = await table.quick(Ask("  a   lighthouse\nafraid "), "ana")
    ref = await table.here()
    assert asked.busy
    assert words(asked).startswith("“a lighthouse afraid”\nAsked by @ana")
    await table.muse.settle()

    # It fills up before everyone's eyes, then stands open.
    states = table.stage.states[f"m-round:{ref.round}"]
    assert [len(pieces(card)) for card in states[:6]] == [0, 1, 2, 3, 4, 4]
    assert [card.busy for card in states] == [True] * 5 + [False]
    assert [sum(isinstance(b, Pending) for b in card.blocks) for card in states[:5]] == [
        4,
        3,
        2,
        1,
        0,
    ]
    assert all(set(pieces(a)) <= set(pieces(b)) for a, b in pairwise(states))
    shown = table.stage.now_showing("round", ref)
    assert list(pieces(shown)) == [1, 2, 3, 4]
    assert set(buttons(shown)) == {"vote", "compose", "again", "show"}

    added = await table.do(Add("mine, all mine", 0, ref), "bo")
    assert "as 5" in words(added)
    remix = await table.do(Add("mine, but ours", 5, ref), "cem")
    assert "as 6" in words(remix)
    assert "@bo" in words(remix)
    text = words(table.stage.now_showing("round", ref))
    assert "mine, all mine @bo · declared human" in text
    assert "mine, but ours @cem · declared human, from 5 by @bo" in text

    assert bars(await table.do(Vote((5, 6), (Facet.MOVED,), ref), "ana")) == {
        "5": (1, 1, True),
        "6": (1, 1, True),
    }
    receipt = await table.do(Vote((6, 1), (), ref), "bo")
    assert bars(receipt) == {"6": (2, 2, True), "1": (1, 2, True), "5": (1, 2, False)}
    assert "2 people have voted" in words(table.stage.now_showing("round", ref))
    taken = await table.do(Unvote((1,), (), ref), "bo")
    assert bars(taken) == {"6": (2, 2, True), "5": (1, 2, False)}
    back = await table.do(Unvote((6,), (), ref), "bo")
    assert "You have no vote" in words(back)
    assert bars(back) == {}
    await table.do(Vote((6,), (), ref), "bo")

    closed = await table.do(Close(ref), "ana")
    assert "closed" in words(closed)
    result = table.stage.now_showing("result", ref)
    assert words(result).startswith("The votes are in: “a lighthouse afraid”\nThe favourite")
    assert pieces(result) == {6: "mine, but ours"}
    assert "Most moving: 5 and 6" in words(result)
    assert "2 people voted" in words(result)
    shown_at_last = table.stage.now_showing("round", ref)
    assert buttons(shown_at_last) == []
    assert "@cem · declared human, from 5 by @bo · 2 votes" in words(shown_at_last)

    entries = await table.quick(Top("entries", "week"))
    assert [b.text for b in entries.blocks if isinstance(b, Ranked)] == [
        "mine, but ours",
        "mine, all mine",
    ]
    people = words(await table.quick(Top("people", "all")))
    # bo: one vote on 5, and half a point for the one vote on 6 that was not bo's own.
    assert "1. @cem 2 points" in people
    assert "2. @bo 1½ points" in people
    lenses = words(await table.quick(Top("lenses", "month")))
    assert lenses.count("0 % (0 of 2, in 1 round)") == 4


async def test_a_tie_is_shared(table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    await table.do(Vote((1, 3)), "bo")
    await table.do(Close())
    result = table.stage.now_showing("result", await table.here())
    assert "level on votes" in words(result)
    assert list(pieces(result)) == [1, 3]


async def test_a_round_nobody_voted_in(table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    await table.do(Close())
    assert "without a vote" in words(table.stage.now_showing("result", await table.here()))


# --- Who sees a tally.


@pytest.mark.parametrize("tallies", ["vote", "always", "close"])
async def test_who_sees_the_tally(
    tallies: str, store: Store, clock: FakeClock, stage: MemoryStage, writer: ScriptedWriter
) -> None:
    rng = Random(1)
    muse = compose(
        store,
        clock,
        Composers.by(writer),
        LimitSettings(tallies=tallies),  # type: ignore[arg-type]
        "UTC",
        {"test": stage},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
    )
    table = Table(muse, clock, stage, writer)
    await table.do(Ask("a lighthouse"))
    ref = await table.here()
    receipt = await table.do(Vote((2,), (), ref), "bo")
    public = words(table.stage.now_showing("round", ref))
    unvoted, voted = await table.quick(Show(ref), "cem"), await table.quick(Show(ref), "bo")

    assert bool(bars(receipt)) is (tallies != "close")
    assert ("1 vote" in public) is (tallies == "always")
    assert "One person has voted" in public
    assert ("1 vote" in words(unvoted)) is (tallies == "always")
    assert ("1 vote" in words(voted)) is (tallies != "close")
    if tallies == "close":
        assert "shown when the round closes" in words(receipt)
    await table.do(Close(ref))
    assert "1 vote" in words(table.stage.now_showing("round", ref))
    assert "1 vote" in words(await table.quick(Show(ref), "cem"))


# --- Who may.


async def test_only_the_asker_and_organisers_close(table: Table) -> None:
    await table.do(Ask("one"), "ana")
    with pytest.raises(NotAllowed, match=en.NOT_YOUR_ROUND):
        await table.do(Close(), "bo")
    await table.do(Close(), "ana", at="close")
    await table.do(Close(), "ana", at="close")  # told again
    with pytest.raises(TooLate, match="has closed"):
        await table.do(Close(), "ana")
    await table.do(Ask("two"), "ana")
    await table.do(Close(), "boss", manages=True)
    assert (await table.rounds.read(await table.here())).round.state is RoundState.CLOSED
    for late in (Vote((1,)), Unvote((1,)), Add("late")):
        with pytest.raises(TooLate):
            await table.do(late, "bo")
    assert table.stage.asked.count(f"result:{(await table.here()).round}") == 1


async def test_nobody_votes_for_their_own(table: Table) -> None:
    await table.do(Ask("one"), "ana")
    await table.do(Add("mine"), "bo")
    with pytest.raises(Refusal, match="5 is your own"):
        await table.do(Vote((1, 5)), "bo")
    ref = await table.here()
    view = await table.rounds.read(ref, user=member("bo"))
    assert view.choices == ()  # all or nothing
    with pytest.raises(NotFound, match="no 9 in this round"):
        await table.do(Vote((1, 9)), "bo")


async def test_taking_back_a_piece_and_a_round(table: Table) -> None:
    await table.do(Ask("one"), "ana")
    await table.do(Add("oops"), "bo")
    ref = await table.here()
    with pytest.raises(NotAllowed):
        await table.do(Withdraw(5, ref), "cem")
    await table.do(Withdraw(5, ref), "bo")
    assert "oops" not in words(table.stage.now_showing("round", ref))
    await table.do(Withdraw(0, ref), "ana")
    assert "@ana took this round back" in words(table.stage.now_showing("round", ref))
    with pytest.raises(TooLate, match="taken back"):
        await table.do(Vote((1,), (), ref), "bo")


async def test_limits_say_what_they_are(table: Table) -> None:
    with pytest.raises(LimitReached, match="501 characters; 500 is the most"):
        await table.do(Ask("x" * 501))
    with pytest.raises(Refusal):
        await table.do(Ask(" \n "))
    with pytest.raises(NotFound, match="no round here"):
        await table.do(Vote((1,)))
    await table.do(Ask("one"))
    with pytest.raises(LimitReached, match="1001 characters; 1000 is the most"):
        await table.do(Add("x" * 1001))
    with pytest.raises(NotFound):
        await table.do(Top("colours", "week"))
    with pytest.raises(NotFound):
        await table.do(Top("entries", "week", 0))


@pytest.mark.parametrize("text", ["half \ud83d a character", "nul \0 byte", "a\r\nb\rc"])
async def test_texts_that_nothing_can_keep_are_mended(table: Table, text: str) -> None:
    await table.do(Ask(text))
    await table.do(Add(text))
    shown = words(table.stage.now_showing("round", await table.here()))
    assert not {"\ud83d", "\0", "\r"} & set(shown)


async def test_a_form_opens_without_redis(table: Table) -> None:
    await table.do(Ask("one"))
    ref = await table.here()
    await table.muse.store.close()
    reply = await table.muse.app.handle(command(Compose(ref, 2)))
    assert isinstance(reply.card, FormCard)
    assert request(decode(reply.card.action), {"text": "hi"}) == Add("hi", 2, ref)
    assert isinstance((await table.muse.app.handle(command(Help()))).card, Card)


async def test_every_button_does_what_it_says(table: Table) -> None:
    await table.do(Ask("one"))
    ref = await table.here()
    pressed = []
    cards = [table.stage.now_showing("round", ref), await table.do(Vote((1, 2), (), ref), "bo")]
    cards += [await table.do(Show(ref), "bo"), await table.do(Add("mine"), "cem")]
    cards.append(await table.do(Top("people", "all")))
    for card in cards:
        for block in card.blocks:
            held = block.buttons if isinstance(block, Buttons) else ()
            if isinstance(block, Piece) and block.button:
                held = (block.button,)
            pressed += [button.action for button in held]
    assert len(set(pressed)) > 15
    for action in dict.fromkeys(pressed):
        wish = request(decode(action))
        if not isinstance(wish, Compose | Again | Withdraw):
            await table.do(wish, "dua")
    with pytest.raises(BadInput):
        decode("2~vote~c~r~1~")


# --- Again.


async def test_again_keeps_away_from_the_earlier_texts(table: Table) -> None:
    await table.do(Ask("a lighthouse", "haiku"), "ana")
    first = await table.here()
    await table.do(Add("a piece of mine"), "bo")
    await table.do(Again(first), "cem")
    second = await table.here()
    assert second != first
    earlier = [e.text for e in (await table.rounds.read(first)).round.entries]
    assert set(earlier) <= set(table.writer.briefs[-1].avoid)
    round_ = (await table.rounds.read(second)).round
    assert (round_.prompt, round_.form, round_.parent) == ("a lighthouse", "haiku", first.round)
    await table.do(Again(), "ana")
    texts = earlier + [e.text for e in round_.entries]
    assert set(texts) <= set(table.writer.briefs[-1].avoid)


async def test_a_round_that_came_out_short_says_so(table: Table) -> None:
    table.writer.fails_after = 1
    await table.do(Ask("a lighthouse"))
    round_ = (await table.rounds.read(await table.here())).round
    assert len(round_.entries) == 1
    assert "Only 1 came out different enough" in words(
        table.stage.now_showing("round", await table.here())
    )


async def test_a_writer_is_held_to_what_the_community_wrote_before(table: Table) -> None:
    await table.do(Ask("a lighthouse"))
    await table.do(Add("The keeper sings to it until the ships come home."), "bo")
    await table.do(Ask("something else"))
    repeats = table.writer.contexts[-1].repeats
    assert repeats("the keeper sings to it, until the ships come home")
    assert not repeats("an umbrella that forgot what rain was for")


async def test_novelty_is_told_once_there_is_a_past_to_be_unlike(table: Table) -> None:
    for n in range(9):
        await table.do(Ask(f"prompt {n}"))
    first = (await table.rounds.read(await table.here())).round
    assert all(entry.novelty is not None for entry in first.entries)
    card = table.stage.now_showing("round", await table.here())
    new = [entry for entry in first.entries if (entry.novelty or 0) >= 0.8]
    assert words(card).count("unlike anything here before") == len(new)


async def test_the_deck_writes_what_is_unlike(
    store: Store, clock: FakeClock, stage: MemoryStage
) -> None:
    rng = Random(3)
    muse = compose(
        store,
        clock,
        Composers.by(Engine(None, DeckWriter())),
        LimitSettings(),
        "UTC",
        {"test": stage},
        lambda: rng.getrandbits(32),
        refresh_pause=0.0,
    )
    table = Table(muse, clock, stage, ScriptedWriter())
    texts: list[str] = []
    await table.do(Ask("a lighthouse afraid of the dark"))
    for _ in range(3):
        round_ = (await table.rounds.read(await table.here())).round
        assert [e.origin for e in round_.entries] == [Origin.DECK] * 4
        for entry in round_.entries:
            assert not any(duplicate(entry.text, text) for text in texts)
            texts.append(entry.text)
        await table.do(Again())
    assert "No AI model is connected" in words(table.stage.now_showing("round", await table.here()))


# --- What may go wrong outside.


async def test_the_writer_fails_in_the_middle(table: Table) -> None:
    table.writer.fails_after = 2
    await table.do(Ask("one"))
    ref = await table.here()
    shown = table.stage.now_showing("round", ref)
    assert len(pieces(shown)) == 2
    assert "Only 2 came out" in words(shown)
    assert not shown.busy
    table.writer.fails_after = 0
    await table.do(Ask("two"))
    shown = table.stage.now_showing("round", await table.here())
    assert "could not write this time" in words(shown)
    await table.do(Add("then I will"), "bo")
    await table.do(Vote((5,)), "ana")
    await table.do(Close())
    assert "then I will" in words(await table.quick(Top()))


async def test_a_member_acts_while_it_is_written(table: Table) -> None:
    table.writer.gate.clear()
    await table.quick(Ask("one"), "ana")
    ref = await table.here()
    settling = asyncio.create_task(table.muse.settle())
    await table.quick(Add("faster than Muse", 0, ref), "bo")
    await table.quick(Vote((5,), (), ref), "cem")
    with pytest.raises(NotFound):
        await table.quick(Vote((1,), (), ref), "cem")
    table.writer.gate.set()
    await settling
    await table.do(Vote((1,), (), ref), "dua")
    assert list(pieces(table.stage.now_showing("round", ref))) == [1, 2, 3, 4, 5]
    await table.do(Close(ref), "ana")
    round_ = (await table.rounds.read(ref)).round
    # cem had not seen the written ones; dua had seen all.
    assert {n: t.seen_by for n, t in round_.tallies.items()} == {1: 1, 2: 1, 3: 1, 4: 1, 5: 2}


@pytest.mark.parametrize("end", [Close(), Withdraw()])
async def test_a_round_ends_while_it_is_written(table: Table, end: Close | Withdraw) -> None:
    table.writer.gate.clear()
    await table.quick(Ask("one"), "ana")
    ref = await table.here()
    settling = asyncio.create_task(table.muse.settle())
    for _ in range(1000):
        if table.writer.briefs:
            break
        await asyncio.sleep(0.01)
    await table.quick(end, "ana")
    table.writer.gate.set()
    await settling
    await table.muse.settle()
    round_ = (await table.rounds.read(ref)).round
    assert round_.entries == ()
    assert round_.state is (RoundState.CLOSED if isinstance(end, Close) else RoundState.WITHDRAWN)
    assert not table.stage.now_showing("round", ref).busy


async def test_a_round_left_half_written_is_finished(table: Table, store: Store) -> None:
    """What another process had begun: its places and its lenses stay as they were drawn."""
    table.writer.fails_after = 2
    await table.do(Ask("one"))
    ref = await table.here()
    half = {e.number: (e.text, e.lens) for e in (await table.rounds.read(ref)).round.entries}
    await table.rounds.note(ref, None, state="writing")
    await store.call("ZADD", keys.agenda(keys.shard(ref.community)), 0, agenda_items.write(ref))
    table.writer.fails_after = None
    await table.muse.settle()
    round_ = (await table.rounds.read(ref)).round
    whole = {e.number: (e.text, e.lens) for e in round_.entries}
    assert half.items() <= whole.items()
    assert sorted(whole) == [1, 2, 3, 4]
    assert len({lens for _, lens in whole.values()}) == 4
    brief = table.writer.briefs[-1]
    assert set(brief.avoid) == {text for text, _ in half.values()}
    assert table.stage.asked == [f"round:{ref.round}"]


async def test_a_platform_that_is_down_loses_no_round(table: Table) -> None:
    table.stage.failing = True
    await table.do(Ask("one"))
    ref = await table.here()
    await table.do(Add("mine"), "bo")
    await table.do(Vote((5, 1), (), ref), "ana")
    assert len((await table.rounds.read(ref)).round.entries) == 5
    await table.do(Close(ref))
    assert "mine" in words(await table.quick(Top()))
    table.stage.failing = False
    await table.do(Ask("two"))
    table.stage.failing = True
    second = await table.here()
    await table.do(Add("unseen"), "bo")
    table.stage.failing = False
    await table.do(Vote((5,)), "cem")
    assert "unseen" in words(table.stage.now_showing("round", second))


async def test_a_platform_of_another_process_is_no_hindrance(
    store: Store, clock: FakeClock, writer: ScriptedWriter
) -> None:
    muse = compose(
        store, clock, Composers.by(writer), LimitSettings(), "UTC", {}, lambda: 5, refresh_pause=0.0
    )
    table = Table(muse, clock, MemoryStage(), writer)
    await table.do(Ask("one"))
    await table.do(Vote((1,)), "bo")
    clock.shift(timedelta(days=2))
    await muse.settle()
    round_ = (await table.rounds.read(await table.here())).round
    assert round_.state is RoundState.CLOSED
    assert len(round_.entries) == 4
    assert round_.message == round_.result == ""


async def test_an_event_told_twice_asks_once(table: Table) -> None:
    await asyncio.gather(*(table.quick(Ask("one"), "ana", at="same") for _ in range(5)))
    await table.muse.settle()
    assert table.stage.asked == [f"round:{(await table.here()).round}"]
    assert len(table.writer.briefs) == 1


async def test_many_changes_are_few_edits(
    store: Store, clock: FakeClock, stage: MemoryStage, writer: ScriptedWriter
) -> None:
    async with playing(
        store,
        clock,
        Composers.by(writer),
        LimitSettings(),
        "UTC",
        {"test": stage},
        lambda: 5,
        refresh_pause=0.05,
    ) as muse:
        table = Table(muse, clock, stage, writer)
        await table.do(Ask("one"))
        ref = await table.here()
        before = len(stage.states[f"m-round:{ref.round}"])
        await asyncio.gather(*(table.quick(Vote((1,), (), ref), f"v{n}") for n in range(100)))
        await muse.settle()
        assert len(stage.states[f"m-round:{ref.round}"]) - before < 30
        assert "100 people have voted" in words(stage.now_showing("round", ref))
