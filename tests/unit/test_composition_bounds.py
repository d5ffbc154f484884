"""The engine's bounds: without a deck, with one that knows other lenses, and in little time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace

import pytest

from bot.brief import Brief, Lens
from bot.errors import WriterFailed
from bot.models import Draft, Origin
from bot.ports import Writer
from bot.writing.calls import SPARE, OnUsage
from bot.writing.deck import DeckWriter
from bot.writing.engine import DECK_TRIES, Composition, Engine
from bot.writing.invitations import INVITATION, KINDS, InvitationDeck
from bot.writing.lenses import LENSES
from bot.writing.outcomes import Reason
from bot.writing.similarity import words
from tests.unit.test_composition import BRIEF, FOUR, Told, draft, text, told

OWN = Lens("ours", "our way", "", "Write as our cat.")


class Recording(Writer):
    """A deck that tells what it was asked for."""

    def __init__(self) -> None:
        self.briefs: list[Brief] = []

    async def write(self, brief: Brief) -> AsyncIterator[Draft]:
        self.briefs.append(brief)
        yield Draft(text(len(self.briefs)), brief.lenses[0], Origin.DECK)


class Slow:
    """A model that gives so many drafts, and then nothing for ever."""

    def __init__(self, gives: int) -> None:
        self.gives = gives
        self.calls = 0
        self.closed = 0

    async def write(
        self, _: Brief, _on_usage: OnUsage | None = None, *, spare: int = SPARE
    ) -> AsyncGenerator[Draft, None]:
        assert spare >= SPARE
        self.calls += 1
        try:
            for number in range(self.gives):
                yield draft(number)
            await asyncio.Event().wait()
        finally:
            self.closed += 1


async def every(made: Composition) -> list[Draft]:
    return [each async for each in made]


# --- Without a deck.


async def test_without_a_deck_what_is_empty_stays_empty() -> None:
    made = Engine(Told([draft(0), draft(1)], [draft(0)]), None).begin(BRIEF)
    drafts = await every(made)
    assert [each.text for each in drafts] == [text(0), text(1)]
    assert (made.outcome.model, made.outcome.deck, made.outcome.calls) == (2, 0, 2)
    assert made.outcome.reason is Reason.DULL, "why two places are empty"


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (Told([WriterFailed("Down.")]), "Down"),
        (Told([draft(0)], [draft(0)]), "Nothing could be written"),
        (None, "Nothing could be written"),
    ],
)
async def test_without_a_deck_nothing_at_all_is_an_error(model: Told | None, said: str) -> None:
    made = Engine(model, None).begin(replace(BRIEF, avoid=(text(0),)))
    with pytest.raises(WriterFailed, match=said):
        await every(made)
    assert made.outcome.deck == 0


# --- A deck and lenses of others.


@pytest.mark.parametrize("stand_in", [True, False])
async def test_another_lens_stands_in_where_the_deck_does_not_know_one(stand_in: bool) -> None:
    deck = Recording()
    brief = replace(BRIEF, lenses=("ours", "child"), own_lenses=(OWN,))
    made = Engine(None, deck, stand_in=stand_in).begin(brief)
    drafts = await every(made)
    assert [each.lens for each in drafts] == ["ours", "child"]
    asked = [brief.lenses[0] for brief in deck.briefs]
    assert asked[1] == "child"
    if stand_in:
        assert asked[0] in {lens.name for lens in LENSES} - {"child"}
    else:
        assert asked[0] == "ours", "a deck of other kinds knows them"


async def test_the_deck_of_prompts_is_asked_by_kind() -> None:
    for kind in KINDS:
        brief = Brief("", INVITATION.name, (kind.name,), own_lenses=KINDS, seed=5)
        (found,) = await every(Engine(None, InvitationDeck(), stand_in=False).begin(brief))
        assert found.lens == kind.name
        assert found.origin is Origin.DECK
        assert 0 < len(found.text) <= INVITATION.max_chars


async def test_a_model_gives_a_prompt_in_its_form() -> None:
    brief = Brief("the sea", INVITATION.name, ("note",), own_lenses=KINDS)
    long = "What " + "is it that you never said to the sea " * 8 + "?"
    model = Told(told(long, "What would you write on a note to the sea?"))
    made = Engine(model, InvitationDeck(), stand_in=False).begin(brief)
    assert [each.text for each in await every(made)] == [
        "What would you write on a note to the sea?"
    ]


# --- What is to be left out.


async def test_the_deck_leaves_out_what_it_is_told() -> None:
    usual = await every(Engine(None, DeckWriter()).begin(BRIEF))
    said = set(words(BRIEF.prompt))
    unwanted = tuple(
        max((word for word in words(each.text) if word not in said), key=len) for each in usual
    )
    brief = replace(BRIEF, without=unwanted)
    drafts = await every(Engine(None, DeckWriter()).begin(brief))
    assert len(drafts) == 4
    for each in drafts:
        assert not set(words(each.text)) & set(unwanted)


async def test_the_deck_says_nothing_rather_than_what_is_unwanted() -> None:
    deck = Recording()
    brief = replace(BRIEF, without=tuple(text(n).split()[0] for n in range(1, 200)))
    with pytest.raises(WriterFailed):
        await every(Engine(None, deck).begin(brief))
    assert len(deck.briefs) == 4 * 2 * DECK_TRIES


async def test_what_the_prompt_says_may_be_said() -> None:
    brief = replace(BRIEF, without=("lighthouse", "The  LAST"))
    drafts = await every(Engine(None, DeckWriter()).begin(brief))
    assert any("lighthouse" in words(each.text) for each in drafts)


# --- Time.


async def test_a_round_keeps_the_model_no_longer_than_it_may() -> None:
    model = Slow(gives=1)
    made = Engine(model, DeckWriter(), seconds=0.05).begin(BRIEF)
    drafts = await every(made)
    assert [each.origin for each in drafts] == [Origin.AI, *[Origin.DECK] * 3]
    assert (model.calls, model.closed) == (1, 1), "there is no time for another call"
    assert (made.outcome.reason, made.outcome.failure) == (
        Reason.LATE,
        "The model took too long to answer.",
    )


async def test_without_a_deck_and_time_nothing_comes() -> None:
    with pytest.raises(WriterFailed, match="too long"):
        await every(Engine(Slow(gives=0), None, seconds=0.02).begin(BRIEF))


async def test_who_reads_may_take_their_time() -> None:
    made = Engine(Told([draft(n) for n in range(6)]), DeckWriter(), seconds=0.02).begin(BRIEF)
    drafts = []
    async for each in made:
        drafts.append(each)
        await asyncio.sleep(0.03)
    assert [each.lens for each in drafts] == list(FOUR)
    assert (made.outcome.model, made.outcome.reason) == (4, Reason.NONE)
