"""One event, followed: its id as Redis keeps it, and the first letters of that in each log line.

A platform's event is named once, where it comes in; every task that it leads to in this process
carries the name along. What is written under the event in Redis begins with the same letters.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Final

LENGTH: Final = 8
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"  # base 32's, as RFC 4648 has them
_PAIRS: Final = tuple(first + second for first in _LETTERS for second in _LETTERS)
_followed: ContextVar[tuple[str, float]] = ContextVar("followed", default=("", 0.0))


def short_id(kind: str, text: str, length: int) -> str:
    """Letters and digits that stand for `text`: five bits of SHA-256 a character."""
    digest = hashlib.sha256(f"{kind}\n{text}".encode()).digest()
    bits = -(-length // 2) * 10  # every command has one made: base64's own takes twice as long
    enough = -(-bits // 8)
    number = int.from_bytes(digest[:enough], "big") >> (enough * 8 - bits)
    pairs = [_PAIRS[number >> shift & 1023] for shift in range(bits - 10, -1, -10)]
    return "".join(pairs)[:length]


@lru_cache(1024)  # asked for where an event comes in, and again where it is served
def event_id(event: str) -> str:
    """What Redis keeps of an event: a platform's own name of it may hold a person's id."""
    return short_id("event", event, 20)


def reference() -> str:
    """The reference of the event that is being served; empty where there is none."""
    return _followed.get()[0]


def elapsed() -> float:
    """For how many seconds the event has been served; 0 where there is none."""
    named, began = _followed.get()
    return time.perf_counter() - began if named else 0.0


@contextmanager
def following(event: str) -> Iterator[None]:
    """Serve the event that the platform calls so."""
    with known_as(event_id(event)[:LENGTH]):
        yield


@contextmanager
def known_as(named: str) -> Iterator[None]:
    """Do something that has a name of its own, such as a round's."""
    before = _followed.set((named, time.perf_counter()))
    try:
        yield
    finally:
        _followed.reset(before)
