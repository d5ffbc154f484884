"""The deck: grammatical, repeatable, various, and true to each form."""

from __future__ import annotations

import re
import time
import unicodedata
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.brief import Brief
from bot.errors import BadInput, WriterFailed
from bot.models import Draft, Origin
from bot.writing.deck import FREE_CHARS, TERSE_FROM, DeckWriter, compose
from bot.writing.forms import DECK_FORMS, fit, form
from bot.writing.grammar import syllables
from bot.writing.lenses import LENSES, pick
from bot.writing.similarity import duplicate

PROMPTS = (
    "a lighthouse afraid of the dark",
    "two strangers share an umbrella",
    "What if rain remembered us?",
    "the last bookshop on Mars",
    "write a poem about my grandmother's hands",
    "loneliness",
    "Monday",
    "why do cats stare at walls",
    "🌧️",
    "describe a city where nobody sleeps",
    "una ciudad donde nadie duerme",
    "猫と月",
)
FORM_NAMES = [each.name for each in DECK_FORMS]


def brief(prompt: str, shape: str = "free", seed: int = 0, avoid: tuple[str, ...] = ()) -> Brief:
    lenses = tuple(each.name for each in pick(Random(f"{seed}{prompt}"), 4))
    return Brief(prompt, shape, lenses, avoid=avoid, seed=seed)


async def written(asked: Brief) -> list[Draft]:
    return [draft async for draft in DeckWriter().write(asked)]


def assert_clean(text: str) -> None:
    assert not any(unicodedata.category(mark) == "Cc" for mark in text if mark != "\n")
    assert not re.search(r"\b(a|an|the) (a|an|the)\b", text, re.IGNORECASE), text
    assert "  " not in text
    assert not re.search(r"\.\.|,,|;;|::|,\.|\.,|\?\.|[{}<>|\[\]]", text), text
    assert text == text.strip()


async def test_one_draft_a_lens_in_order_and_signed_as_the_decks() -> None:
    asked = brief("a lighthouse afraid of the dark")
    drafts = await written(asked)
    assert tuple(draft.lens for draft in drafts) == asked.lenses
    assert {(draft.origin, draft.model) for draft in drafts} == {(Origin.DECK, "")}


async def test_the_same_brief_gives_the_same_drafts_and_another_seed_others() -> None:
    first = await written(brief("Monday", seed=3))
    assert first == await written(brief("Monday", seed=3))
    assert first != await written(brief("Monday", seed=4))


@pytest.mark.parametrize("shape", ["haiku", "letter"])
async def test_no_two_of_a_set_begin_with_the_same_line(shape: str) -> None:
    for seed in range(60):
        drafts = await written(brief("a cat", shape, seed))
        assert len({draft.text.partition("\n")[0] for draft in drafts}) == 4


async def test_a_haiku_keeps_its_subject_for_the_first_line_or_for_the_last() -> None:
    asked = [brief("a lighthouse", "haiku", seed) for seed in range(20)]
    haiku = [draft.text.split("\n") for each in asked for draft in await written(each)]
    first = [lines[0].startswith("The lighthouse") for lines in haiku]
    last = [lines[2].startswith("the lighthouse") for lines in haiku]
    assert all(one != other for one, other in zip(first, last, strict=True))
    assert all(lines[0][:1].isupper() for lines in haiku if lines[0][0].isalpha())
    assert 20 < sum(last) < 60


async def test_what_is_to_be_avoided_is_not_written_again() -> None:
    asked = brief("Monday", seed=3)
    first = tuple(draft.text for draft in await written(asked))
    again = Brief(asked.prompt, asked.form, asked.lenses, avoid=first, seed=3)
    for draft in await written(again):
        assert not any(duplicate(draft.text, text) for text in first)


async def test_pace_is_slept_before_each_draft() -> None:
    started = time.monotonic()
    assert len([draft async for draft in DeckWriter(pace=0.01).write(brief("rain"))]) == 4
    assert time.monotonic() - started >= 0.04


async def test_unknown_names_are_refused() -> None:
    with pytest.raises(BadInput):
        await written(Brief("rain", "hiaku", ("child",)))
    with pytest.raises(BadInput):
        await written(Brief("rain", "free", ("chidl",)))


async def test_the_deck_cannot_paint_and_says_what_can() -> None:
    with pytest.raises(WriterFailed, match=r"^Pictures need an image model, .*OPENAI_IMAGE_MODEL"):
        await written(brief("rain", "picture"))


@pytest.mark.parametrize("shape", FORM_NAMES)
def test_every_frame_fits_its_form_and_reads_cleanly(shape: str) -> None:
    for prompt in (
        *PROMPTS,
        "",
        "???",
        "an old umbrella " * 40,
        "my best friend",
        "a cat and a dog",
    ):
        for lens in LENSES:
            for attempt in (*range(4), *range(TERSE_FROM, TERSE_FROM + 3)):
                asked = Brief(prompt, shape, (lens.name,), seed=attempt)
                text = compose(asked, lens.name, attempt)
                assert fit(form(shape), text) == text or shape == "tagline", (lens.name, text)
                assert_clean(text)


@pytest.mark.parametrize("prompt", PROMPTS)
async def test_free_pieces_take_up_the_prompt_and_stay_short(prompt: str) -> None:
    words = re.findall(r"\w{4,}|[^\x00-\x7f]+", prompt.lower())
    for seed in range(40):
        for draft in await written(brief(prompt, seed=seed)):
            assert len(draft.text) <= FREE_CHARS
            assert any(word[:5] in draft.text.lower() for word in words), draft.text


async def test_forms_are_true_to_their_kind() -> None:
    for seed in range(30):
        for draft in await written(brief("a lighthouse afraid of the dark", "haiku", seed)):
            counts = [syllables(line) for line in draft.text.split("\n")]
            assert len(counts) == 3
            assert all(abs(has - due) <= 2 for has, due in zip(counts, (5, 7, 5), strict=True))
        for draft in await written(brief("rain", "what-if", seed)):
            assert draft.text.startswith("What if")
            assert draft.text.endswith("?")
        for draft in await written(brief("rain", "letter", seed)):
            assert re.match(r"(Dear|To|My dear)\b.*,\n", draft.text)


async def test_a_thousand_draws_on_one_prompt_are_mostly_different() -> None:
    for prompt in ("a lighthouse afraid of the dark", "loneliness", "猫と月"):
        texts = {
            draft.text for seed in range(250) for draft in await written(brief(prompt, seed=seed))
        }
        assert len(texts) >= 900


@pytest.mark.parametrize("shape", FORM_NAMES)
async def test_sets_of_four_hold_no_duplicates(shape: str) -> None:
    rounds = 200
    clean = 0
    for seed in range(rounds):
        texts = [
            draft.text for draft in await written(brief(PROMPTS[seed % len(PROMPTS)], shape, seed))
        ]
        clean += not any(
            duplicate(texts[at], other) for at in range(len(texts)) for other in texts[:at]
        )
    assert clean >= 0.95 * rounds


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=500), st.sampled_from(FORM_NAMES), st.integers(0, 2**32))
async def test_any_prompt_gives_four_clean_drafts(prompt: str, shape: str, seed: int) -> None:
    drafts = await written(brief(prompt, shape, seed))
    assert len(drafts) == 4
    for draft in drafts:
        assert len(draft.text) <= form(shape).max_chars
        assert not any(unicodedata.category(mark) == "Cc" for mark in draft.text if mark != "\n")
        assert not re.search(r"\b(a a|the the)\b|  |\.\.", draft.text, re.IGNORECASE)
