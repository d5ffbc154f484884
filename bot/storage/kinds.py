"""Which keys are Muse's, and of what kind each is. Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.storage import keys

#: Records that belong to everyone: single keys without a tag.
SINGLE: Final = {
    "space:": "spaces",
    "within:": "spaces within spaces",
    "under:": "spaces of organisations",
    "code:": "codes for places",
    "commands:": "native commands",
    "installation:": "installations",
    "install:state:": "installations under way",
    keys.SCHEMA: "version of the data",
}
_SHARDED = re.compile(r"\{(?P<shard>\d{1,2})\}:(?P<rest>.+)", re.DOTALL)
_AGENDA = {"agenda": "agenda", "agenda:tries": "agenda", "agenda:dead": "agenda given up"}
_OF_COMMUNITY = {"": "communities", "usage": "usage", "code": "codes for members", "tried": "tries"}

#: What `SCAN` is asked for.
PATTERNS: Final = ("{[0-9]*}:*", *(f"{prefix}*" for prefix in SINGLE))


def kind(key: str) -> str | None:
    """The kind of a key in a few words; None where it is nobody of Muse's."""
    sharded = _SHARDED.fullmatch(key)
    if sharded is None:
        return next((what for prefix, what in SINGLE.items() if key.startswith(prefix)), None)
    if int(sharded["shard"]) >= keys.SHARDS:
        return None
    rest = sharded["rest"]
    if rest in _AGENDA:
        return _AGENDA[rest]
    if rest == "c":
        return "communities"
    letter, _, ident = rest.partition(":")
    return _of(letter, ident.partition(":")[2].split(":"))


def _of(letter: str, parts: list[str]) -> str:
    """The kind of a key of a community's, by what comes behind the community's id."""
    if letter == "r":
        return f"rounds: {parts[1]}" if len(parts) > 1 else "rounds"
    if letter == "b":
        return f"boards: {parts[0]}"
    if letter == "c":
        return _OF_COMMUNITY.get(parts[0], f"communities: {parts[0]}")
    return f"others: {letter}"
