"""Everything a Redis holds, and whether something is left in it."""

from __future__ import annotations

import base64
from typing import Any

from tests.support import raw

Held = dict[str, tuple[str, Any]]


async def held(url: str) -> Held:
    """Every key with its type and all of its content."""
    reads: dict[str, tuple[Any, ...]] = {
        "string": ("GET",),
        "hash": ("HGETALL",),
        "list": ("LRANGE", 0, -1),
        "set": ("SMEMBERS",),
        "zset": ("ZRANGE", 0, -1, "WITHSCORES"),
    }
    found: Held = {}
    async with raw(url) as ask:
        for key in sorted(await ask("KEYS", "*")):
            kind = await ask("TYPE", key)
            command, *rest = reads[kind]
            content = await ask(command, key, *rest)
            found[key] = (kind, sorted(content) if kind == "set" else content)
    return found


def traces(everything: Held, *needles: str) -> list[str]:
    """Where something is left of the needles: plainly, or in hexadecimal or base64."""
    forms = [form for needle in needles for form in _forms(needle)]
    return [
        f"{key} holds {form!r}"
        for key, content in everything.items()
        for form in forms
        if form.casefold() in f"{key} {content!r}".casefold()
    ]


def _forms(needle: str) -> list[str]:
    """What a text looks like plainly, in hexadecimal, and in base64 wherever it begins there."""
    plain = needle.encode()
    found = [needle, plain.hex()]
    for ahead in range(3):
        # The characters that depend on nothing but the needle.
        packed = base64.b64encode(b"\0" * ahead + plain).decode().rstrip("=")
        found.append(packed[(0, 2, 3)[ahead] : len(packed) - 1])
    return found
