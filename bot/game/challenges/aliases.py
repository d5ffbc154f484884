"""What entries of a pool are called until the close: letters that say nothing. Pure."""

from __future__ import annotations

from random import Random

LETTERS = "bcdfghjkmnpqrstvwxz"  # no vowels, so that they never make a word
LENGTH = 4


def aliases(count: int, rng: Random) -> tuple[str, ...]:
    """So many different aliases."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(rng.choices(LETTERS, k=LENGTH))] = None
    return tuple(found)
