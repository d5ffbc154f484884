"""Whether what is being done was begun before: whoever did so may have died right after the part of
it that is outside Redis, so that this is looked for first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

_again: ContextVar[bool] = ContextVar("again", default=False)


class PutOff(Exception):
    """It is to be done again at `when`, as work that was begun before: what was begun may have got
    through. It does not count among the tries after which work is given up.
    """

    def __init__(self, when: datetime) -> None:
        super().__init__(f"put off until {when:%H:%M:%S}")
        self.when = when


def begun_before() -> bool:
    """Whether somebody has begun the work that is under way here, and not come to its end."""
    return _again.get()


@contextmanager
def beginning(*, again: bool) -> Iterator[None]:
    """Do a piece of work; `again` where it was begun before."""
    before = _again.set(again)
    try:
        yield
    finally:
        _again.reset(before)
