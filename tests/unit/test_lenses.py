"""The lenses people know as angles."""

from __future__ import annotations

import re
from random import Random

import pytest

from bot.errors import BadInput
from bot.writing.lenses import LENSES, lens, pick


def test_there_are_enough_and_each_is_whole() -> None:
    assert len(LENSES) >= 14
    assert len({each.name for each in LENSES}) == len(LENSES)
    assert len({each.label for each in LENSES}) == len(LENSES)
    for each in LENSES:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", each.name)
        assert len(each.label) <= 24  # fits beside an entry
        assert each.line.endswith(".")
        assert each.instruction.endswith(".")


def test_no_lens_is_a_creative_expert() -> None:
    told = " ".join(f"{each.label} {each.line} {each.instruction}" for each in LENSES).casefold()
    assert not re.search(r"\b(creative|expert|award|acclaimed|genius|poet)\b", told)


def test_a_lens_is_found_by_name_or_label() -> None:
    assert lens("night-shift") is lens(" The Night Shift ")


def test_an_unknown_lens_names_the_nearest() -> None:
    with pytest.raises(BadInput, match="Did you mean “museum”"):
        lens("musuem")
    with pytest.raises(BadInput, match="Angles: night-shift"):
        lens("zzzzzz")


def test_pick_draws_different_lenses_and_repeats_with_its_seed() -> None:
    drawn = pick(Random(7), 4)
    assert len(set(drawn)) == 4
    assert drawn == pick(Random(7), 4)
    assert len(pick(Random(7), 99)) == len(LENSES)
    assert pick(Random(7), 0) == ()
