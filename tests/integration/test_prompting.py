"""Rounds for people: Muse gives the prompt, people answer, and Muse does so only if it is let."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.errors import LimitReached, NotFound, Refusal, TooLate
from bot.game.composing import Composers
from bot.models import Origin, RoundState
from bot.requests import Add, Again, Ask, Close, Invite, LetMuse, Refine, Vote
from bot.settings import LimitSettings
from bot.storage import agenda_items, keys
from bot.storage.client import Store
from bot.storage.memory import Memory
from bot.storage.rounds import PROMPTS
from bot.wording import en
from bot.writing.engine import Engine
from bot.writing.invitations import InvitationDeck
from bot.writing.similarity import duplicate
from tests.support import ScriptedWriter, Table, member, words

DECK = Engine(None, InvitationDeck(), stand_in=False)


@pytest.fixture
def people(store: Store) -> Table:
    """A game in which the deck finds prompts, and a scripted writer answers."""
    writer = ScriptedWriter()
    return Table.of(store, Composers(writer, DECK), writer=writer)


async def test_people_are_given_a_prompt_and_begin(people: Table) -> None:
    asked = await people.quick(Invite("the  sea", "six-words"), "ana")
    assert asked.busy
    assert "Muse is looking for a good one" in words(asked)
    await people.muse.settle()
    ref = await people.here()
    round_ = await people.round(ref)
    assert round_.state is RoundState.OPEN
    assert round_.for_people
    assert (round_.wanted, round_.theme, round_.form) == (0, "the sea", "six-words")
    assert round_.prompt
    assert round_.entries == ()
    assert [card.busy for card in people.stage.states[f"m-round:{ref.round}"]] == [True, False]
    shown = people.shown(ref)
    assert shown.startswith(f"“{round_.prompt}”\nAsked for by @ana")
    assert "Over to you" in shown
    assert "votes" not in shown
    assert await Memory(people.muse.store).prompts(ref.community) == [round_.prompt]

    await people.do(Add("Salt, my grandmother’s sleeve, and gulls.", 0, ref), "bo")
    await people.do(Add("Mine is shorter than yours, sorry.", 1, ref), "cem")
    await people.do(Vote((1, 2), (), ref), "dua")
    await people.do(Close(ref), "ana")
    entries = (await people.round(ref)).entries
    assert [(e.number, e.author > 0, e.origin) for e in entries] == [
        (1, True, Origin.HUMAN),
        (2, True, Origin.HUMAN),
    ]
    assert people.writer.briefs == [], "Muse wrote nothing"
    assert "The favourites, level on votes" in words(people.stage.now_showing("result", ref))


async def test_no_prompt_is_close_to_the_last_fifty(people: Table) -> None:
    given: list[str] = []
    for turn in range(60):
        await people.do(Invite("the sea" if turn % 3 == 0 else ""))
        prompt = (await people.round()).prompt
        assert not any(duplicate(prompt, other) for other in given[-PROMPTS:]), prompt
        given.append(prompt)
    kept = await Memory(people.muse.store).prompts((await people.community()).id)
    assert kept == given[::-1][:PROMPTS]


async def test_muse_answers_behind_people_where_it_is_let(people: Table) -> None:
    await people.do(Invite(), "ana")
    ref = await people.here()
    await people.do(Add("a ladle", 0, ref), "bo")
    await people.do(Add("a key", 0, ref), "cem")
    await people.do(Vote((1,), (), ref), "dua")
    people.writer.gate.clear()
    told = await people.quick(LetMuse(ref), "eli", at="press")
    assert en.MUSE_ANSWERS_TOO in words(told)
    settling = asyncio.create_task(people.muse.settle())
    # While it is written, people go on: they add behind Muse's places, and vote.
    await people.quick(Add("a lamp", 0, ref), "fay")
    await people.quick(Vote((2, 7), (), ref), "gus")
    with pytest.raises(NotFound, match="no 4 in this round"):
        await people.quick(Vote((4,), (), ref), "gus")
    with pytest.raises(Refusal, match=en.MUSE_ANSWERS_ALREADY):
        await people.quick(LetMuse(ref), "bo")
    await people.quick(LetMuse(ref), "eli", at="press")  # the same press, told again
    asked = (await people.round(ref)).prompt
    await people.rounds.give_prompt(ref, "found twice, by two processes")
    assert (await people.round(ref)).state is RoundState.WRITING
    assert (await people.round(ref)).prompt == asked
    people.writer.gate.set()
    await settling
    with pytest.raises(Refusal, match=en.MUSE_ANSWERS_ALREADY):
        await people.quick(LetMuse(ref), "bo")

    round_ = await people.round(ref)
    assert round_.state is RoundState.OPEN
    authors = {entry.number: entry.author for entry in round_.entries}
    assert sorted(authors) == [1, 2, 3, 4, 5, 6, 7]
    assert [number for number, author in authors.items() if author == 0] == [3, 4, 5, 6]
    assert len(people.writer.briefs) == 1
    brief = people.writer.briefs[0]
    assert brief.prompt == round_.prompt
    assert set(brief.avoid) >= {"a ladle", "a key"}

    await people.do(Vote((3, 1), (), ref), "hal")
    view = await people.rounds.read(ref, user=member("gus"))
    assert [choice.entry for choice in view.choices] == [2, 7]
    await people.do(Close(ref), "ana")
    closed = await people.round(ref)
    counted = {n: (t.approvals, t.seen_by) for n, t in closed.tallies.items() if t.approvals}
    # dua had seen two pieces, gus three, hal all seven.
    assert counted == {1: (2, 3), 2: (1, 3), 7: (1, 2), 3: (1, 1)}
    assert closed.voters == 3


async def test_muse_takes_no_more_room_than_there_is(store: Store) -> None:
    writer = ScriptedWriter()
    table = Table.of(
        store, Composers(writer, DECK), limits=LimitSettings(max_entries=10), writer=writer
    )
    await table.do(Invite())
    for n in range(8):
        await table.do(Add(f"piece {n}"), f"member {n}")
    await table.do(LetMuse(), "eli")
    round_ = await table.round()
    assert [entry.number for entry in round_.entries] == list(range(1, 11))
    assert round_.wanted == 2
    assert not table.stage.now_showing("round", await table.here()).busy

    await table.do(Invite())
    for n in range(10):
        await table.do(Add(f"piece {n}"), f"member {n}")
    with pytest.raises(LimitReached, match="full: 10 pieces"):
        await table.do(LetMuse(), "gus")


async def test_only_rounds_that_people_begin_can_be_answered(people: Table) -> None:
    await people.do(Ask("a lighthouse"))
    with pytest.raises(Refusal, match=en.MUSE_ANSWERS_ALREADY):
        await people.quick(LetMuse())
    await people.do(Invite())
    await people.do(Close())
    with pytest.raises(TooLate):
        await people.quick(LetMuse())
    with pytest.raises(Refusal, match="answer in words"):
        await people.quick(Invite(form="picture"))


async def test_a_round_closes_before_anybody_answered(people: Table) -> None:
    await people.do(Invite())
    ref = await people.here()
    people.clock.shift(timedelta(days=2))
    await people.muse.settle()
    assert (await people.round(ref)).state is RoundState.CLOSED
    assert "has closed empty" in words(people.stage.now_showing("result", ref))
    assert not people.stage.now_showing("round", ref).busy
    await people.do(Again(ref), "bo")  # the prompt was good: Muse may still be asked
    assert len((await people.round()).entries) == 4


@pytest.fixture
def slow(store: Store) -> tuple[Table, ScriptedWriter]:
    """A game in which a scripted writer finds the prompts too."""
    writer, finder = ScriptedWriter(), ScriptedWriter()
    return Table.of(store, Composers(writer, finder), writer=writer), finder


async def test_before_there_is_a_prompt(slow: tuple[Table, ScriptedWriter]) -> None:
    table, finder = slow
    finder.gate.clear()
    await table.quick(Invite("the sea"), "ana")
    ref = await table.here()
    settling = asyncio.create_task(table.muse.settle())
    with pytest.raises(Refusal, match=en.PROMPT_STILL_COMING):
        await table.quick(LetMuse(ref))
    for wish in (Again(ref), Refine("shorter", round=ref)):
        with pytest.raises(Refusal, match=en.NOTHING_TO_REFINE):
            await table.quick(wish)
    await table.quick(Close(ref), "ana")
    finder.gate.set()
    await settling
    round_ = await table.round(ref)
    assert (round_.state, round_.prompt) == (RoundState.CLOSED, "")
    assert words(table.stage.now_showing("result", ref)).startswith("Closed: “the sea”")
    assert await Memory(table.muse.store).prompts(ref.community) == []


async def test_a_prompt_that_was_not_found_is_looked_for_again(
    slow: tuple[Table, ScriptedWriter], caplog: pytest.LogCaptureFixture
) -> None:
    table, finder = slow
    finder.fails_after = 0
    await table.do(Invite())
    ref = await table.here()
    assert (await table.round(ref)).state is RoundState.WRITING
    finder.fails_after = None
    table.clock.shift(timedelta(seconds=2))
    await table.muse.settle()
    round_ = await table.round(ref)
    assert round_.state is RoundState.OPEN
    # Begun once more, as after a crash: the prompt that people may have answered stays.
    item = agenda_items.prompt(ref)
    await table.muse.store.call("ZADD", keys.agenda(keys.shard(ref.community)), 0, item)
    await table.muse.settle()
    assert await table.round(ref) == round_
    assert len(await Memory(table.muse.store).prompts(ref.community)) == 1
    assert "failed; again in" in caplog.text
