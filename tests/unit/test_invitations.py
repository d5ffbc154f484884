"""Invitations: prompts for people, short, open, and never near one of the last."""

from __future__ import annotations

import re
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.brief import Brief
from bot.errors import WriterFailed
from bot.models import Draft, Origin
from bot.writing import briefs, forms, people_decks
from bot.writing.engine import Engine
from bot.writing.invitations import INVITATION, KINDS, InvitationDeck, pick
from bot.writing.outcomes import Reason
from bot.writing.similarity import duplicate

DECK = {kind: each for kind, each in people_decks.load("invitations").items() if kind != "pools"}
POOLS = people_decks.load("invitations")["pools"]
NAMES = tuple(each.name for each in KINDS)
#: Themes, and words of which every prompt on them has one.
THEMES = {
    "a lighthouse afraid of the dark": ("lighthouse",),
    "rain": ("rain",),
    "neighbours": ("neighbours",),
    "my grandmother's hands": ("your grandmother’s hands", "my grandmother’s hands"),
    "two strangers share an umbrella": ("strangers",),
    "¿Dónde está mi abuela?": ("“Dónde está mi abuela”", "‘Dónde está mi abuela’"),
    "What if nobody could lie?": ("What if nobody could lie",),
    "🦊": ("🦊",),
    "Lucía": ("Lucía",),
    "being late": ("being late",),
    "the day I met my brother": ("the day you met your brother", "the day I met my brother"),
}
#: Names of forms, which the handler may append.
FORM_WORDS = (
    r"\b(?:haiku|micro-stor|stor(?:y|ies)|poems?|letters?|taglines?|what if|opening line)\b"
)


async def given_for(brief: Brief) -> list[Draft]:
    return [draft async for draft in InvitationDeck().write(brief)]


def brief(theme: str = "", seed: int = 0, count: int = 1, avoid: tuple[str, ...] = ()) -> Brief:
    names = tuple(each.name for each in pick(Random(f"{seed}\n{theme}"), count))
    return Brief(theme, INVITATION.name, names, avoid=avoid, seed=seed)


def assert_clean(text: str) -> None:
    assert 1 <= len(text) <= 160, text
    assert len(forms.sentence_ends(text)) <= 2, text
    assert text == text.strip()
    assert re.search(r"[.?!”’]$", text), text
    assert not re.search(r"[{}<>|\[\]\n]|  |\.\.|,,|\?\?", text), text
    assert not re.search(r"\b(a|an|the) (a|an|the)\b", text, re.IGNORECASE), text


def frames(*sections: str) -> list[str]:
    wanted = sections or ("general", "themed", "beings", "things")
    return [f for deck in DECK.values() for name, fs in deck.items() if name in wanted for f in fs]


def test_the_deck_is_as_large_as_it_should_be() -> None:
    assert tuple(DECK) == NAMES
    assert len(NAMES) >= 8
    assert len(frames("general")) >= 160
    themed = frames("themed", "beings", "things")
    assert len(themed) >= 80
    assert all(re.search(r"\{(?:full|Full|title)\}", frame) for frame in themed)


def test_no_two_frames_are_alike() -> None:
    def plainly(frame: str) -> str:
        return re.sub(r"\{(\w+)\}", r"\1", re.sub(r"<([^<>|]*)[^<>]*>", r"\1", frame))

    texts = [plainly(frame) for frame in frames()]
    assert [pair for pair in combinations(texts, 2) if duplicate(*pair)] == []


def test_no_frame_names_a_form_or_can_be_answered_by_yes() -> None:
    closed = (
        r"(?:^|[.?!] )(?:is|are|was|were|do|does|did|have|has|had|can|could|would|will)\b[^.]*\?"
    )
    for frame in frames():
        assert not re.search(FORM_WORDS, frame, re.IGNORECASE), frame
        assert not re.search(closed, frame, re.IGNORECASE), frame
    for word in (each for words in POOLS.values() for each in words):
        assert not re.search(FORM_WORDS, word, re.IGNORECASE), word


@pytest.mark.parametrize("theme", ["", *THEMES])
async def test_four_drafts_signed_as_the_decks_and_clean(theme: str) -> None:
    for seed in range(60):
        asked = brief(theme, seed, count=4)
        drafts = await given_for(asked)
        assert tuple(each.lens for each in drafts) == asked.lenses
        assert {(each.origin, each.model) for each in drafts} == {(Origin.DECK, "")}
        assert not any(duplicate(a.text, b.text) for a, b in combinations(drafts, 2))
        for each in drafts:
            assert_clean(each.text)


@pytest.mark.parametrize("theme", THEMES)
async def test_a_single_prompt_holds_its_theme(theme: str) -> None:
    for seed in range(80):
        (draft,) = await given_for(brief(theme, seed))
        assert any(words.lower() in draft.text.lower() for words in THEMES[theme]), draft.text


@pytest.mark.parametrize("theme", ["", "rain", "a lighthouse afraid of the dark", "Lucía"])
async def test_a_year_of_prompts_is_never_near_one_of_the_last_fifty(theme: str) -> None:
    past: list[str] = []
    for day in range(365):
        last = tuple(past[-50:])
        (draft,) = await given_for(brief(theme, day, avoid=last))
        assert not any(duplicate(draft.text, earlier) for earlier in last)
        past.append(draft.text)
    # Always on the same theme, the deck has less to say; another each time is the rule.
    assert len(set(past)) >= (80 if theme else 300)


async def test_a_kind_that_is_used_up_is_helped_out_by_others() -> None:
    past: list[str] = []
    for seed in range(60):
        asked = Brief("", "invitation", ("list",), avoid=tuple(past), seed=seed)
        (draft,) = await given_for(asked)
        assert not any(duplicate(draft.text, earlier) for earlier in past)
        past.append(draft.text)


async def test_where_everything_is_near_it_says_so() -> None:
    past: list[str] = []

    async def use_up() -> None:
        for seed in range(1000):
            asked = Brief("", "invitation", ("list",), avoid=tuple(past), seed=seed)
            past.extend([draft.text for draft in await given_for(asked)])

    with pytest.raises(WriterFailed, match="unlike"):
        await use_up()
    assert len(past) > 100


async def test_the_same_brief_gives_the_same_and_another_seed_another() -> None:
    assert await given_for(brief("rain", 4)) == await given_for(brief("rain", 4))
    texts = {(await given_for(brief("", seed)))[0].text for seed in range(40)}
    assert len(texts) >= 36


async def test_nothing_unkind_is_done_to_a_person() -> None:
    things = [re.escape(frame) for frame in frames("things")]
    patterns = [re.sub(r"\\\[.*?\\\]", ".+", re.sub(r"\\\{\w+\\\}", ".+", each)) for each in things]
    for theme in ("Lucía", "my sister", "José Núñez", "my grandmother's hands"):
        for seed in range(120):
            for draft in await given_for(brief(theme, seed, 2)):
                assert not any(re.fullmatch(each, draft.text) for each in patterns), draft.text


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.integers(0, 2**32))
async def test_any_theme_gives_a_prompt_in_form(theme: str, seed: int) -> None:
    (draft,) = await given_for(brief(theme, seed))
    assert forms.fit(INVITATION, draft.text) == draft.text


def test_kinds_are_told_to_a_model_whole() -> None:
    assert len(set(NAMES)) == len({each.label for each in KINDS}) == len(KINDS)
    for each in KINDS:
        assert len(f"{each.label}: {each.instruction}") <= briefs.LENS_CHARS
        assert each.line.endswith((".", "?"))
    assert len(pick(Random(1), 3)) == 3
    assert len(pick(Random(1), 99)) == len(KINDS)


async def test_the_engine_fills_from_the_deck_with_kinds_as_own_lenses() -> None:
    chosen = pick(Random(5), 2)
    asked = Brief(
        "a lost umbrella",
        INVITATION.name,
        tuple(each.name for each in chosen),
        own_lenses=chosen,
        seed=8,
    )
    told = briefs.messages(asked, 4)[1].content
    assert "at most 160 characters" in told
    assert all(each.instruction in told for each in chosen)
    composition = Engine(None, InvitationDeck()).begin(asked)
    drafts = [draft async for draft in composition]
    assert [each.lens for each in drafts] == list(asked.lenses)
    assert all("umbrella" in each.text for each in drafts)
    assert composition.outcome.reason is Reason.NO_MODEL
