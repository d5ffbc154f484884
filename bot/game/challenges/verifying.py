"""`python -m bot verify FILE`: whether the salts in a file of results open the seals in it, and
whether those are the seals that were published when voting opened.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.game.challenges.commitments import commitment, root_of
from bot.present.challenges.files import read_csv
from bot.present.lines import words
from bot.wording import en

_HALF = 32  # characters of a seal that a card shows where there are many
_MARK = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b")


class Finding(StrEnum):
    """What becomes of one seal."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNSALTED = "unsalted"  #: its author is forgotten, and the salt with them
    UNSEALED = "unsealed"  #: there is nothing to hold it against


@dataclass(frozen=True, slots=True)
class Seal:
    """What a file says of one entry."""

    alias: str
    commitment: str
    salt: str
    text: str
    origin: str
    maker: str

    def check(self) -> Finding:
        """Whether what is here is what was sealed."""
        if not self.commitment:
            return Finding.UNSEALED
        if not self.salt:
            return Finding.UNSALTED
        made = commitment(self.salt, self.alias, self.text, self.origin, self.maker)
        holds = hmac.compare_digest(made.encode(), self.commitment.strip().lower().encode())
        return Finding.HOLDS if holds else Finding.BROKEN


_SAID = {
    Finding.HOLDS: en.VERIFY_HOLDS,
    Finding.BROKEN: en.VERIFY_BROKEN,
    Finding.UNSALTED: en.VERIFY_UNSALTED,
    Finding.UNSEALED: en.VERIFY_UNSEALED,
}


def verify(path: Path, say: Callable[[str], None], published: Path | None = None) -> bool:
    """Say of each seal in a file whether it holds; whether none is broken and one holds at least,
    and with `published` also whether they are what that file holds.

    Raises `BadInput` where a file can't be read or holds no seals.
    """
    text = _text(path)
    seals = read(text)
    if not seals:
        if _listed(text):
            raise BadInput(en.verify_published(path.name))
        raise BadInput(en.verify_unreadable(path.name))
    holds = _opened(seals, say)
    if published is None:
        return holds
    same = _as_published(seals, published, say)
    return holds and same


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as failure:
        raise BadInput(en.verify_missing(str(path), failure.strerror or "?")) from failure
    except UnicodeDecodeError as failure:
        raise BadInput(en.verify_unreadable(path.name)) from failure


def _opened(seals: Sequence[Seal], say: Callable[[str], None]) -> bool:
    found = [seal.check() for seal in seals]
    for seal, finding in zip(seals, found, strict=True):
        say(words(_SAID[finding], alias=_printable(seal.alias)))
    say(words(en.VERIFY_ROOT, root=root_of(_of(seals))))
    held, broken = found.count(Finding.HOLDS), found.count(Finding.BROKEN)
    open_ = len(found) - held - broken
    if broken:
        say(words(en.VERIFY_BAD, broken=broken, count=len(found)))
    elif not held:
        say(words(en.VERIFY_NONE, count=len(found)))
    elif open_:
        say(words(en.VERIFY_SOME, held=held, count=len(found), open=open_))
    else:
        said = en.VERIFY_ONE if len(found) == 1 else en.VERIFY_ALL
        say(words(said, count=len(found)))
    return bool(held) and not broken


def _as_published(seals: Sequence[Seal], path: Path, say: Callable[[str], None]) -> bool:
    """Whether the seals are those of a text that was kept: all of them by their one hash, else
    each by itself, of which the first half is enough.
    """
    text = _text(path)
    marks = _listed(text) or set(_of(read(text))) or set(_MARK.findall(text.lower()))
    here = set(_of(seals))
    if not marks:
        raise BadInput(en.verify_unreadable(path.name))
    root = root_of(_of(seals))
    if root in marks:
        say(en.VERIFY_SAME)
        return True
    added = sorted(each for each in here if not {each, each[:_HALF]} & marks)
    there = here | {each[:_HALF] for each in here}
    gone = sorted(marks - there)
    for each in added:
        say(words(en.VERIFY_ADDED, commitment=each))
    for each in gone:
        say(words(en.VERIFY_GONE, commitment=each))
    say(en.VERIFY_OTHER if added or gone else en.VERIFY_SAME)
    return not (added or gone)


def _of(seals: Sequence[Seal]) -> list[str]:
    kept = (each.commitment.strip().lower() for each in seals)
    return [_printable(each, 64) for each in kept if each]


def _listed(text: str) -> set[str]:
    """The seals in a file of those that were published; none where it is no such file."""
    try:
        kept = json.loads(text)
    except ValueError:
        kept = None
    listed = kept.get("commitments") if isinstance(kept, dict) else None
    if not isinstance(listed, list):
        return set()
    return {each for each in map(str, listed) if _MARK.fullmatch(each)}


def read(text: str) -> list[Seal]:
    """The seals in a file of results of any kind; none where it is no such file."""
    return [seal for seal in map(_seal, _rows(text)) if seal is not None]


def _rows(text: str) -> Iterator[Mapping[str, Any]]:
    begins = text.lstrip()[:1]
    if begins != "{":
        yield from read_csv(text)
        return
    try:
        whole = json.loads(text)
        rows = whole.get("entries", [whole]) if isinstance(whole, dict) else []
    except ValueError:
        rows = _lines(text)
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("kind", "entry") == "entry":
            yield row


def _lines(text: str) -> list[Any]:
    try:
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    except ValueError:
        return []


def _seal(row: Mapping[str, Any]) -> Seal | None:
    """The seal of a row; None where it is no entry's."""
    if not {"alias", "commitment", "salt", "text", "origin", "maker"} <= set(row):
        return None
    fields = ("alias", "commitment", "salt", "text", "origin", "maker")
    return Seal(**{name: str(row[name] or "") for name in fields})


def _printable(text: str, most: int = 40) -> str:
    """What stands in a file that anybody may have written, as a terminal may show it."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)[:most]
