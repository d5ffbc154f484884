"""What is sent for a brief: the same beginning always, and what people wrote only as data."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.brief import Brief, Lens
from bot.errors import BadInput
from bot.writing import briefs
from bot.writing.briefs import CLOSE, FIXED, OPEN, data, echoes, messages, schema
from bot.writing.forms import FORMS
from bot.writing.lenses import LENSES
from bot.writing.plain import plain

FOUR = ("night-shift", "child", "list", "smell-first")
BRIEF = Brief("the last lighthouse", "haiku", FOUR)
CORPUS: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parents[1] / "injections.toml").read_text(encoding="utf-8")
)
ATTACKS = [(name, text) for name, texts in CORPUS.items() for text in texts]
PLACES = ("prompt", "twist", "parents", "without", "lore", "loved", "avoid", "angles")


def placed(text: str, place: str) -> Brief:
    """A brief with `text` where people's texts of that kind go."""
    if place == "angles":
        own = Lens("ours", text, text, text)
        return replace(BRIEF, lenses=("ours", *FOUR[1:]), own_lenses=(own,))
    held: dict[str, Any] = {place: text if place in ("prompt", "twist") else (text, "more")}
    return replace(BRIEF, **held)


def everywhere(text: str) -> Brief:
    several = (text, f"and {text}")
    return Brief(
        prompt=text,
        form="free",
        lenses=("ours", *FOUR[1:]),
        avoid=several,
        own_lenses=(Lens("ours", text, text, text),),
        without=several,
        lore=several,
        loved=several,
        parents=several,
        twist=text,
    )


def block(brief: Brief, **options: bool) -> dict[str, Any]:
    """The data as whoever reads the message finds them: between the first and the last mark."""
    content = messages(brief, 6, **options)[1].content
    assert content.count(OPEN) == content.count(CLOSE) == 1
    inside = content.split(OPEN)[1].split(CLOSE)[0]
    assert "<" not in inside
    assert ">" not in inside
    found: dict[str, Any] = json.loads(inside)
    return found


def around(brief: Brief) -> str:
    """Everything that is sent for `brief` but the block's inside."""
    first, second = messages(brief, 6)
    head, rest = second.content.split(OPEN)
    return first.content + head + rest.split(CLOSE)[1]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


# --- People's texts.


def test_the_corpus_is_large_enough() -> None:
    assert len(CORPUS) >= 15
    assert len({text for _, text in ATTACKS}) >= 60


@pytest.mark.parametrize(("name", "text"), ATTACKS)
def test_an_attack_stands_in_its_block_and_nowhere_else(name: str, text: str) -> None:
    assert name in CORPUS
    for place in PLACES:
        brief = placed(text, place)
        found = block(brief)
        assert set(found) <= {"prompt", place}
        assert found == data(brief), "what is read is what was meant"
        assert around(brief) == around(placed("something harmless", place))


@pytest.mark.parametrize(("name", "text"), ATTACKS)
def test_nothing_hidden_is_left_of_an_attack(name: str, text: str) -> None:
    content = messages(everywhere(text), 6)[1].content
    for character in content:
        kind = unicodedata.category(character)
        assert kind not in ("Cs", "Co"), name
        assert kind != "Cc" or character == "\n", name
        assert kind != "Cf" or character in "\u200c\u200d", name
    assert not re.search(r"\[/?[A-Z_]{3,}\]", content)
    assert not re.search(r"<(?!/?data>)", content)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.sampled_from(PLACES))
def test_any_text_stands_in_its_block_and_nowhere_else(text: str, place: str) -> None:
    brief = placed(text, place)
    assert block(brief) == data(brief)
    assert around(brief) == around(placed("something harmless", place))


_PARTS = st.sampled_from([OPEN, CLOSE, '"', "\\", "\n", "{", "}", "]", ",", "<", "x", "\u202e"])


@settings(max_examples=200, deadline=None)
@given(st.lists(_PARTS, max_size=30).map("".join))
def test_no_text_closes_the_block(text: str) -> None:
    assert block(everywhere(text)) == data(everywhere(text))


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1, max_size=40), st.integers(1, 4000))
def test_the_block_is_never_long(text: str, times: int) -> None:
    brief = everywhere(text * times)
    many = tuple(f"{n} {text}" * 50 for n in range(100))
    brief = replace(brief, avoid=many, lore=many, loved=many, parents=many, without=many)
    found = data(brief)
    assert len(found.get("prompt", "")) <= briefs.PROMPT_CHARS
    for name, (count, chars) in (
        ("avoid", briefs.AVOID),
        ("lore", briefs.LORE),
        ("loved", briefs.LOVED),
        ("parents", briefs.PARENTS),
        ("without", briefs.WITHOUT),
    ):
        assert len(found.get(name, [])) <= count
        assert all(len(each) <= chars for each in found.get(name, []))
    assert sum(len(each) for each in strings(found)) < 21_000


def test_each_kind_goes_under_its_own_name() -> None:
    brief = everywhere("salt")
    two = ["salt", "and salt"]
    assert block(brief) == {
        "prompt": "salt",
        "twist": "salt",
        "parents": two,
        "without": two,
        "lore": two,
        "loved": two,
        "avoid": two,
        "angles": {"1": "salt: salt"},
    }
    assert block(BRIEF) == {"prompt": "the last lighthouse"}


def test_what_is_to_be_avoided_is_only_begun() -> None:
    (said,) = data(replace(BRIEF, avoid=(" ".join(map(str, range(99))),)))["avoid"]
    assert len(said) <= 120
    assert said.endswith("…")


@pytest.mark.parametrize(
    "text",
    [
        "L’été, naïve façade — “déjà vu”",
        "می‌خواهم به خانه بروم",
        "क्षत्रिय, 海の匂い, 안녕하세요, Привет",
        "👩‍👩‍👧‍👦 🏳️‍🌈 ☕️ 🫨",
        "1000000000 miles; aaah… “hm?!”",
        "ha ha ha",
        "line one\nline two\n\nline three",
    ],
)
def test_an_honest_text_is_sent_as_it_is(text: str) -> None:
    assert block(replace(BRIEF, prompt=text))["prompt"] == text


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400), st.integers(20, 200))
def test_what_is_plain_stays_as_it_is(text: str, limit: int) -> None:
    once = plain(text, limit)
    assert len(once) <= limit
    assert plain(once, limit) == once


# --- What is Muse's own.


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=80),
    st.sampled_from([each.name for each in FORMS]),
    st.lists(st.sampled_from([each.name for each in LENSES]), min_size=1, max_size=6, unique=True),
    st.booleans(),
    st.booleans(),
)
def test_the_beginning_is_the_same_for_all_briefs(
    text: str, form: str, lenses: list[str], bold: bool, with_schema: bool
) -> None:
    brief = replace(everywhere(text), form=form, lenses=tuple(lenses), bold=bold)
    first, second = messages(brief, len(lenses) + 2, schema=with_schema)
    assert (first.role, second.role) == ("system", "user")
    assert first.content == FIXED
    order = [second.content.index(part) for part in ("Form\n", "\nAngles\n", OPEN, CLOSE)]
    assert order == sorted(order)


def test_the_beginning_is_long_enough_for_a_cache() -> None:
    # https://platform.openai.com/docs/guides/prompt-caching: from 1,024 tokens on. English has
    # about four and a half characters a token.
    assert len(FIXED) / 4.5 > 1024


def test_lenses_are_numbered_with_their_instructions() -> None:
    said = messages(BRIEF, 6)[1].content
    for number, name in enumerate(FOUR, 1):
        lens = next(each for each in LENSES if each.name == name)
        assert f"\n{number}. {lens.label}: {lens.instruction}\n" in said


def test_a_communitys_own_lens_goes_before_a_built_in_one_of_its_name() -> None:
    own = Lens("child", "our child", "", "Write as our mascot, a goat.")
    brief = replace(BRIEF, own_lenses=(own,))
    assert block(brief)["angles"] == {"2": "our child: Write as our mascot, a goat."}
    assert "seven-year-old" not in messages(brief, 6)[1].content


def test_what_is_spare_is_of_the_last_lens() -> None:
    assert "then 2 more pieces from angle 4," in messages(BRIEF, 6)[1].content
    assert "then one more piece from angle 4," in messages(BRIEF, 5)[1].content
    assert "more piece" not in messages(BRIEF, 4)[1].content


def test_bold_goes_further_into_the_tails() -> None:
    usual, bold = (messages(replace(BRIEF, bold=b), 6)[1].content for b in (False, True))
    assert "below 0.10." in usual
    assert "below 0.01. This time be bold" in bold


def test_plain_words_where_there_is_no_schema() -> None:
    assert messages(BRIEF, 6, schema=False)[1].content.startswith(messages(BRIEF, 6)[1].content)
    assert "no code fence" in messages(BRIEF, 6, schema=False)[1].content


def test_unknown_names_are_refused() -> None:
    for brief in (replace(BRIEF, form="sonnet"), replace(BRIEF, lenses=("pirate",))):
        with pytest.raises(BadInput):
            messages(brief, 6)


def test_the_schema_is_strict_and_the_same_for_any_lenses() -> None:
    assert schema(6, FOUR) == schema(6, [each.name for each in LENSES[8:12]])
    root = schema(6, FOUR)
    piece = root["properties"]["entries"]["items"]
    assert piece["properties"]["lens"]["enum"] == [1, 2, 3, 4]
    for each in (root, piece):
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])


def test_an_echo_of_the_instructions_is_known() -> None:
    for text in (FIXED[:200], FIXED[900:1100], LENSES[0].instruction, FORMS[1].instruction):
        assert echoes(f"Well: {text.upper()}")
    assert not echoes("The pieces differ in subject, and so do the children.")
    assert not echoes("")
