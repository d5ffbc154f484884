"""The engine's choices: which candidates stand, where, what is asked again, what the deck fills."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import replace
from random import Random

import pytest

from bot.brief import Brief, Lens
from bot.errors import BadInput, WriterFailed
from bot.models import Draft, Origin
from bot.writing.calls import SPARE, OnUsage, WriterRefused
from bot.writing.deck import DeckWriter
from bot.writing.engine import Composition, Context, Engine
from bot.writing.guard import Past
from bot.writing.lenses import LENSES
from bot.writing.outcomes import Reason
from bot.writing.similarity import distinct, duplicate
from tests.fakes.openai_server import WORDS

FOUR = ("night-shift", "child", "list", "smell-first")
BRIEF = Brief("the last lighthouse", "free", FOUR)


def text(number: int) -> str:
    """A text unlike that of any other number."""
    return " ".join(Random(number).sample(WORDS, 12))


class Told:
    """A model that gives what it is told to, call by call, and remembers its briefs."""

    def __init__(self, *calls: Sequence[Draft | WriterFailed]) -> None:
        self.calls = list(calls)
        self.briefs: list[Brief] = []
        self.spares: list[int] = []
        self.closed = 0

    async def write(
        self, brief: Brief, _on_usage: OnUsage | None = None, *, spare: int = SPARE
    ) -> AsyncGenerator[Draft, None]:
        self.briefs.append(brief)
        self.spares.append(spare)
        try:
            for each in self.calls.pop(0):
                if isinstance(each, WriterFailed):
                    raise each
                yield each
        finally:
            self.closed += 1


def draft(number: int, lens: str = "") -> Draft:
    return Draft(text(number), lens, Origin.AI, "m")


def told(*texts: str) -> list[Draft]:
    return [Draft(each, "", Origin.AI, "m") for each in texts]


async def composed(
    model: Told | None, brief: Brief = BRIEF, context: Context | None = None
) -> tuple[list[Draft], Composition]:
    made = Engine(model, DeckWriter()).begin(brief, context)
    return [each async for each in made], made


# --- Choosing.


async def test_the_first_three_come_at_once_and_the_last_is_the_least_like_them() -> None:
    shown = [draft(n, FOUR[n]) for n in range(3)]
    some = shown[0].text.split()[:4] + text(3).split()[:8]
    other = shown[1].text.split()[:2] + text(4).split()[:10]
    least = Draft(text(5), "smell-first", Origin.AI, "m")
    rest = [replace(least, text=" ".join(some)), least, replace(least, text=" ".join(other))]
    drafts, made = await composed(Told([*shown, *rest]))
    assert drafts == [*shown, least]
    assert (made.outcome.model, made.outcome.deck, made.outcome.calls) == (4, 0, 1)
    assert made.outcome.reason is Reason.NONE


async def test_the_three_are_given_before_the_rest_is_there() -> None:
    model = Told([draft(n) for n in range(6)])
    drafts = Engine(model, DeckWriter()).begin(BRIEF).drafts()
    for _ in range(3):
        await anext(drafts)
        assert not model.closed
    await anext(drafts)
    assert model.closed
    await drafts.aclose()


@pytest.mark.parametrize("wanted", range(1, 7))
async def test_one_to_six(wanted: int) -> None:
    lenses = tuple(each.name for each in LENSES[:wanted])
    brief = replace(BRIEF, lenses=lenses)
    drafts, made = await composed(Told([draft(n) for n in range(wanted + 2)]), brief)
    assert tuple(each.lens for each in drafts) == lenses
    assert made.outcome.model == wanted


async def test_a_single_place_goes_to_what_differs_most_from_what_is_there() -> None:
    here = text(0)
    near = " ".join([*here.split()[:4], *text(1).split()[:8]])
    brief = replace(BRIEF, lenses=("child",), avoid=(here,))
    drafts, _ = await composed(Told(told(near, text(2))), brief)
    assert [each.text for each in drafts] == [text(2)]


@pytest.mark.parametrize(
    ("lenses", "kept"),
    [
        (FOUR, FOUR),
        (("", "", "", ""), FOUR),
        (("smell-first", "child", "list", "night-shift"), None),
        (("museum", "museum", "weather", "nonsense"), FOUR),
        (("child", "child", "child", "child"), ("child", "night-shift", "list", "smell-first")),
    ],
)
async def test_every_lens_is_used_once(lenses: Sequence[str], kept: Sequence[str] | None) -> None:
    drafts, _ = await composed(Told([draft(n, lens) for n, lens in enumerate(lenses)]))
    assert [each.lens for each in drafts] == list(kept or lenses)


# --- What may not stand.


async def all_but_the_first(said: Draft) -> bool:
    return said.text != text(0)


@pytest.mark.parametrize(
    ("brief", "context"),
    [
        (replace(BRIEF, avoid=(text(0),)), None),
        (replace(BRIEF, loved=(text(0),)), None),
        (replace(BRIEF, parents=(text(0),)), None),
        (replace(BRIEF, without=(" ".join(text(0).split()[3:5]),)), None),
        (BRIEF, Context(repeats=Past([text(0)]).repeats)),
        (BRIEF, Context(allowed=all_but_the_first)),
    ],
    ids=["avoid", "loved", "parent", "without", "past", "moderation"],
)
async def test_what_may_not_stand_is_passed_over(brief: Brief, context: Context | None) -> None:
    drafts, made = await composed(Told([draft(n) for n in range(6)]), brief, context)
    assert text(0) not in [each.text for each in drafts]
    assert (made.outcome.model, made.outcome.calls) == (4, 1)


async def test_a_variation_may_share_words_with_its_parent() -> None:
    varied = " ".join([*text(0).split()[:8], *text(9).split()[:4]])
    assert duplicate(varied, text(0))
    brief = replace(BRIEF, lenses=("child",), parents=(text(0),), twist="with fog")
    drafts, made = await composed(Told(told(varied)), brief)
    assert [each.text for each in drafts] == [varied]
    assert made.outcome.reason is Reason.NONE


async def test_texts_are_held_to_the_form() -> None:
    brief = replace(BRIEF, form="haiku", lenses=("child", "list"))
    good_one = "fog on the stairwell / the guard counts his own footsteps / one too many now"
    drafts, made = await composed(Told(told("one line only", good_one), told("no")), brief)
    assert drafts[0].text.count("\n") == 2
    assert (made.outcome.model, made.outcome.deck, made.outcome.calls) == (1, 1, 2)
    assert made.outcome.reason is Reason.DULL


# --- The further call.


async def test_one_further_call_asks_for_what_is_missing() -> None:
    brief = replace(BRIEF, avoid=("an older text",))
    model = Told(
        [draft(0, "night-shift"), draft(0, "child"), draft(1, "list")],
        [draft(n) for n in range(2, 8)],
    )
    drafts, made = await composed(model, brief)
    second = model.briefs[1]
    assert second.lenses == ("child", "smell-first")
    assert second.avoid == (text(0), text(1), "an older text")
    assert model.spares == [2, 4], "as many as the first time"
    assert {each.lens for each in drafts} == set(FOUR)
    assert distinct(each.text for each in drafts) == 4
    assert (made.outcome.model, made.outcome.calls, made.outcome.deck) == (4, 2, 0)


async def test_never_a_third_call_then_the_deck() -> None:
    model = Told([draft(0)] * 6, [draft(0)] * 6)
    drafts, made = await composed(model)
    assert [each.origin for each in drafts] == [Origin.AI, *[Origin.DECK] * 3]
    assert (made.outcome.model, made.outcome.deck, made.outcome.calls) == (1, 3, 2)
    assert made.outcome.reason is Reason.DULL


async def test_a_refusal_is_not_asked_again() -> None:
    drafts, made = await composed(Told([draft(0), WriterRefused("The model would not.")]))
    assert len(drafts) == 4
    assert (made.outcome.calls, made.outcome.reason) == (1, Reason.REFUSED)
    assert made.outcome.failure == "The model would not."


async def test_a_service_that_is_down_is_not_asked_again() -> None:
    _, made = await composed(Told([WriterFailed("Down.")]))
    assert (made.outcome.calls, made.outcome.reason) == (1, Reason.FAILED)


async def test_a_service_that_broke_off_is_asked_again() -> None:
    model = Told([draft(0), WriterFailed("Broke off.")], [draft(n) for n in range(1, 6)])
    drafts, made = await composed(model)
    assert {each.origin for each in drafts} == {Origin.AI}
    assert (made.outcome.calls, made.outcome.reason) == (2, Reason.NONE)
    assert made.outcome.failure == "Broke off."


# --- Budget, no model, the deck.


async def test_without_a_model_the_deck_writes() -> None:
    drafts, made = await composed(None)
    assert [each.lens for each in drafts] == list(FOUR)
    assert (made.outcome.reason, made.outcome.calls, made.outcome.deck) == (Reason.NO_MODEL, 0, 4)


@pytest.mark.parametrize("granted", [0, 1])
async def test_the_budget_is_asked_before_each_call(granted: int) -> None:
    left = [granted]

    async def may_call() -> bool:
        left[0] -= 1
        return left[0] >= 0

    drafts, made = await composed(Told([draft(0)]), context=Context(may_call=may_call))
    assert len(drafts) == 4
    assert (made.outcome.calls, made.outcome.reason) == (granted, Reason.BUDGET)


async def test_the_deck_does_not_repeat_the_past() -> None:
    first, _ = await composed(None)
    past = Past([each.text for each in first])
    drafts, _ = await composed(None, context=Context(repeats=past.repeats))
    assert not any(past.repeats(each.text) for each in drafts)


async def test_the_deck_knows_no_lens_of_a_community_and_writes_all_the_same() -> None:
    own = Lens("ours", "our way", "", "Write as our cat.")
    brief = replace(BRIEF, lenses=("ours", "child"), own_lenses=(own,))
    drafts, _ = await composed(None, brief)
    assert [each.lens for each in drafts] == ["ours", "child"]


async def test_nothing_at_all_is_an_error() -> None:
    class Empty(DeckWriter):
        async def write(self, brief: Brief) -> AsyncIterator[Draft]:
            raise WriterFailed(f"Empty, {brief.form}.")
            yield

    with pytest.raises(WriterFailed, match="Down"):
        async for _ in Engine(Told([WriterFailed("Down.")]), Empty()).write(BRIEF):
            pass


@pytest.mark.parametrize("brief", [replace(BRIEF, form="sonnet"), replace(BRIEF, lenses=("x",))])
async def test_an_unknown_form_or_lens_is_the_callers_mistake(brief: Brief) -> None:
    with pytest.raises(BadInput):
        await composed(None, brief)
