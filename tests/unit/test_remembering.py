"""What of a community's lore and loved pieces is put into a brief: a few, fitting, repeatable."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.brief import Kept
from bot.writing.remembering import (
    LORE_AT_LEAST,
    LORE_LINES,
    LOVED_PIECES,
    LOVED_VOTES,
    loved,
    relevant_lore,
)
from bot.writing.similarity import content

LORE = (
    "Every Friday the lift breaks, and we call it Gerald.",
    "Ada brings the cake.",
    "The heron on the pond is ours.",
    "Nobody says “synergy”.",
    "The lift has a mirror.",
    "The lift smells of soup.",
    "The lift was built by a lighthouse keeper.",
    "A lighthouse stands in every plan of ours.",
)


def piece(n: int, form: str = "free", lens: str = "child", approvals: int = 3) -> Kept:
    return Kept(f"text {n}", form, lens, approvals)


def test_lines_that_share_words_with_the_prompt_go_first() -> None:
    found = relevant_lore(LORE, "the cake in the broken lift", 1)
    assert found[0] == "The lift has a mirror.", "half of its words are in the prompt"
    assert "Ada brings the cake." in found
    assert len(found) == LORE_LINES
    assert all(content(line) & content("the cake in the broken lift") for line in found)


def test_where_few_fit_others_fill_up() -> None:
    found = relevant_lore(LORE, "a heron", 1)
    assert found[0] == "The heron on the pond is ours."
    assert len(found) == LORE_AT_LEAST
    assert len(relevant_lore(LORE, "an umbrella", 1)) == LORE_AT_LEAST
    assert relevant_lore(LORE[:1], "an umbrella", 1) == LORE[:1]
    assert relevant_lore((), "an umbrella", 1) == ()
    others = {line for seed in range(80) for line in relevant_lore(LORE, "an umbrella", seed)}
    assert others == set(LORE), "each comes up in some round"


def test_little_words_make_no_line_fit() -> None:
    spread = {relevant_lore(LORE, "the of and a", seed) for seed in range(20)}
    assert len(spread) > 3


_LINES = st.lists(st.text(max_size=30), max_size=12, unique=True)


@settings(max_examples=40)
@given(_LINES, st.text(max_size=30), st.integers(0, 2**32))
def test_any_lore_is_drawn_from_what_there_is(lines: list[str], prompt: str, seed: int) -> None:
    found = relevant_lore(lines, prompt, seed)
    assert len(found) == len(set(found)) <= LORE_LINES
    assert set(found) <= set(lines)
    assert len(found) >= min(len(lines), LORE_AT_LEAST)
    assert found == relevant_lore(lines, prompt, seed), "a round that is taken up again"


def test_loved_pieces_are_of_the_form_and_have_votes() -> None:
    pieces = [piece(1), piece(2, "haiku"), piece(3, approvals=LOVED_VOTES - 1), piece(4)]
    assert set(loved(pieces, "free", (), 1, ())) == {"text 1", "text 4"}
    assert loved(pieces, "haiku", (), 1, ()) == ("text 2",)
    assert loved(pieces, "letter", (), 1, ()) == ()
    assert loved(pieces, "free", (), 1, {"text 1"}) == ("text 4",), "what is gone on from is not"


def test_those_of_the_rounds_lenses_go_first_and_others_differ_by_round() -> None:
    pieces = [piece(n, lens="list" if n < 2 else "child") for n in range(12)]
    for seed in range(20):
        found = loved(pieces, "free", {"list"}, seed, ())
        assert len(found) == LOVED_PIECES
        assert set(found[:2]) == {"text 0", "text 1"}
    drawn = {text for seed in range(80) for text in loved(pieces, "free", (), seed, ())}
    assert drawn == {each.text for each in pieces}


_KEPT = st.builds(
    Kept,
    st.text(max_size=8),
    st.sampled_from(("free", "haiku")),
    st.sampled_from(("child", "list")),
    st.integers(0, 5),
)


@given(st.lists(_KEPT, max_size=12), st.sampled_from(("free", "haiku")), st.integers(0, 99))
def test_any_loved_pieces_are_the_communitys(pieces: list[Kept], form: str, seed: int) -> None:
    found = loved(pieces, form, ("child",), seed, ())
    assert len(found) <= LOVED_PIECES
    good = {each.text for each in pieces if each.form == form and each.approvals >= LOVED_VOTES}
    assert set(found) <= good
    assert found == loved(pieces, form, ("child",), seed, ())
