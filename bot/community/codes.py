"""Codes that link: short, easily read aloud, and guessed by nobody. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

#: No vowels, so that no code is a word, and none of I, L, O, which pass for digits.
LETTERS = "BCDFGHJKMNPQRSTVWXYZ"
LENGTH = 10  # letters, of log2(20) bits each: 43 bits
GOOD_FOR = timedelta(minutes=15)
TRIES, PER = 5, timedelta(hours=1)  # a code that is always there is guessed in 10⁸ years


def make_code(draw: Callable[[], int]) -> str:
    """A new code: ``BCDFG-HJKMN``. `draw` gives 32 random bits."""
    rest = draw() << 32 | draw()
    letters = []
    for _ in range(LENGTH):
        rest, index = divmod(rest, len(LETTERS))
        letters.append(LETTERS[index])
    return tidy("".join(letters))


def tidy(code: str) -> str:
    """A code as Muse writes it, however it was typed."""
    bare = "".join(letter for letter in code.upper() if letter in LETTERS)
    return f"{bare[: LENGTH // 2]}-{bare[LENGTH // 2 :]}"


def print_of(code: str) -> str:
    """What is kept of a code, however it was typed: nobody can read the code from it."""
    return hashlib.sha256(f"code\n{tidy(code)}".encode()).hexdigest()[:32]
