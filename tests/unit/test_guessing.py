"""“Who wrote this?” against what chance would get right."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from bot.models import Origin
from bot.stats.duels import EntryInfo, Guess
from bot.stats.guessing import fooled, guessed

HUMAN, AI, TOGETHER = Origin.HUMAN, Origin.AI, Origin.TOGETHER
ENTRIES = [
    EntryInfo(f"{week} {n}", week, origin)
    for week in ("one", "two", "three")
    for n, origin in enumerate((HUMAN, HUMAN, HUMAN, AI, AI, TOGETHER))
]


def _guesses(right: float, rng: Random, voters: int = 30) -> list[Guess]:
    return [
        Guess(
            entry.name, entry.origin if rng.random() < right else rng.choice(list(Origin)), f"{v}"
        )
        for v in range(voters)
        for entry in rng.sample(ENTRIES, 3)
    ]


def _told(guesses: list[Guess]) -> tuple[float, float, float, float, float]:
    found = guessed(guesses, ENTRIES, np.random.default_rng(5))
    assert found is not None
    assert found.guesses == len(guesses)
    return found.right, found.chance, found.low, found.high, found.odds


def test_who_can_tell_is_beyond_chance() -> None:
    right, chance, low, high, odds = _told(_guesses(0.7, Random(1)))
    assert right > high > chance > low
    assert odds < 0.01


def test_who_can_not_is_within_it() -> None:
    right, chance, low, high, odds = _told(_guesses(0.0, Random(1)))
    assert low <= right <= high
    assert odds > 0.05
    assert chance == pytest.approx(0.25, abs=0.06)


def test_always_the_same_guess_is_no_more_than_chance() -> None:
    guesses = [Guess(entry.name, HUMAN, "v") for entry in ENTRIES]
    right, chance, low, high, odds = _told(guesses)
    assert right == chance == low == high == pytest.approx(0.5)
    assert odds == 1.0


def test_chance_is_a_permutation_within_each_challenge() -> None:
    # All of one week are AI's, all of the other people's: who guesses so is right without telling
    # anything apart, and chance is as right.
    entries = [EntryInfo(f"{o} {n}", o.value, o) for o in (HUMAN, AI) for n in range(4)]
    guesses = [Guess(entry.name, entry.origin, "v") for entry in entries]
    found = guessed(guesses, entries, np.random.default_rng(1))
    assert found is not None
    assert (found.right, found.chance, found.odds) == (1.0, 1.0, 1.0)


def test_one_entry_that_fools_all_counts_as_one() -> None:
    # 200 wrong guesses on one piece are no proof that people are worse than chance.
    guesses = [Guess("one 3", HUMAN, str(n)) for n in range(200)]
    right, _, low, _, odds = _told(guesses)
    assert (right, low) == (0.0, 0.0)
    assert odds == 1.0


def test_without_guesses_there_is_nothing_to_tell() -> None:
    assert guessed([], ENTRIES, np.random.default_rng(1)) is None
    assert fooled([], ENTRIES[0]) is None


def test_how_many_an_entry_fooled() -> None:
    guesses = [Guess("one 3", HUMAN, "a"), Guess("one 3", AI, "b"), Guess("one 3", HUMAN, "c")]
    entry = next(entry for entry in ENTRIES if entry.name == "one 3")
    assert fooled(guesses, entry) == pytest.approx(2 / 3)


def test_a_piece_of_the_decks_is_ais_to_who_guesses() -> None:
    """Who is asked can't say “Muse's deck”: of an example that is all deck, nobody is wrong."""
    deck = [EntryInfo(f"deck {n}", "example", Origin.DECK) for n in range(4)]
    guesses = [Guess(entry.name, AI, "a") for entry in deck]
    found = guessed(guesses, deck, np.random.default_rng(1))
    assert found is not None
    assert (found.right, found.chance) == (1.0, 1.0)
    assert fooled(guesses, deck[0]) == 0.0


def test_a_guess_on_an_unknown_entry_is_refused() -> None:
    with pytest.raises(KeyError, match="nothing"):
        guessed([Guess("nothing", AI, "v")], ENTRIES, np.random.default_rng(1))
