"""What a check finds, and the table of it. Pure.

A finding's texts never hold a secret: `hide` goes over all of them before they are shown, since
what a service answers may quote what it was sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.errors import MuseError

HIDDEN = "[hidden]"
SHORTEST_SECRET = 4  # anything shorter would blot out ordinary words
LONGEST_NAME = 60  # characters of what a service calls something
WIDTH = 96  # columns of the table


class State(StrEnum):
    """How it stands with one thing."""

    FINE = "fine"
    NOTE = "note"  #: not set up, or not needed
    WARNING = "warning"  #: Muse plays, but should not be left like this
    WRONG = "wrong"  #: Muse can't play like this


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `remedy` is the one thing to do, where there is one."""

    about: str
    state: State
    says: str
    remedy: str = ""


def fine(about: str, says: str) -> Finding:
    """Something that is as it should be."""
    return Finding(about, State.FINE, says)


def note(about: str, says: str, remedy: str = "") -> Finding:
    """Something to know."""
    return Finding(about, State.NOTE, says, remedy)


def warning(about: str, says: str, remedy: str) -> Finding:
    """Something that should be mended."""
    return Finding(about, State.WARNING, says, remedy)


def wrong(about: str, says: str, remedy: str) -> Finding:
    """Something that must be mended."""
    return Finding(about, State.WRONG, says, remedy)


def of_error(about: str, error: MuseError, remedy: str = "") -> Finding:
    """An error of the tree: what is wrong is its first sentence, what to do are the others."""
    says, _, rest = str(error).partition(". ")
    return wrong(about, says.rstrip(".") + ".", remedy or rest)


def name(given: object) -> str:
    """What a service calls something, as a word that can be printed: short, on one line."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", str(given)).strip()[:LONGEST_NAME]


def hide(found: Iterable[Finding], secrets: Iterable[str]) -> tuple[Finding, ...]:
    """The findings with every secret blotted out."""
    # The longest first, or a secret within another would leave the other's rest.
    known = sorted({s for s in secrets if len(s) >= SHORTEST_SECRET}, key=len, reverse=True)
    if not known:
        return tuple(found)
    held = re.compile("|".join(map(re.escape, known)))
    return tuple(
        replace(each, says=held.sub(HIDDEN, each.says), remedy=held.sub(HIDDEN, each.remedy))
        for each in found
    )


def passed(found: Iterable[Finding]) -> bool:
    """Whether nothing is wrong."""
    return not any(each.state is State.WRONG for each in found)


_MARKS = {State.FINE: "✓", State.NOTE: "·", State.WARNING: "!", State.WRONG: "✗"}


def table(found: Sequence[Finding]) -> str:
    """The findings for people: a mark, what it is about, how it stands, and what to do."""
    width = max((len(each.about) for each in found), default=0)
    lines: list[str] = []
    for each in found:
        head = f"{_MARKS[each.state]} {each.about:<{width}}  "
        lines += _wrapped(each.says, head)
        if each.remedy:
            lines += _wrapped(each.remedy, " " * (width + 4) + "→ ")
    return "\n".join([*lines, "", _sum(found)])


def as_json(found: Sequence[Finding], version: str) -> str:
    """The findings for programs, as one JSON object on one line."""
    told = [
        {"about": e.about, "state": e.state.value, "says": e.says, "remedy": e.remedy}
        for e in found
    ]
    whole = {"version": version, "ok": passed(found), "checks": told}
    return json.dumps(whole, ensure_ascii=False)


def _sum(found: Sequence[Finding]) -> str:
    bad = sum(each.state is State.WRONG for each in found)
    odd = sum(each.state is State.WARNING for each in found)
    said = "Everything that is set up works."
    if bad:
        said = f"{bad} of {len(found)} must be mended before Muse can play."
    if odd:
        said += f" {odd} should be looked at."
    return said


def _wrapped(text: str, head: str) -> list[str]:
    """`text` behind `head`, in lines of `WIDTH` that begin below each other."""
    lines, line = [], ""
    room = WIDTH - len(head)
    for word in text.split():
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    return [(head if n == 0 else " " * len(head)) + each for n, each in enumerate(lines)]
