"""Lengths of time as people type and read them: `1h30m` and "1 hour 30 minutes"."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.errors import BadInput

_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_SHORT = {
    "s": "second",
    "sec": "second",
    "m": "minute",
    "min": "minute",
    "h": "hour",
    "hr": "hour",
    "d": "day",
    "w": "week",
}
# [0-9] and not \d, which takes every script's digits; ten of them, so that no sum overflows.
_PART = re.compile(r"\s*([0-9]{1,10}(?:\.[0-9]{1,6})?)\s*([a-z]+)\s*")

#: The longest that is taken: ten years, well within what a date can hold.
LONGEST = timedelta(days=3650)
_EXAMPLES = "For example: 3d, 90m, 1h30m or 2w."


def parse_duration(text: str) -> timedelta:
    """Read `3d`, `90m`, `1h30m`, `2w`, `1.5 hours` or what `say_duration` says.

    Raises `BadInput`, which says what to type, where it can't be read, is nothing, or is
    longer than `LONGEST`.
    """
    rest = text.strip().lower()
    if re.fullmatch(r"[0-9]+", rest):
        raise BadInput(f"{rest[:10]} what? Add a unit to the number. {_EXAMPLES}")
    seconds, at = 0.0, 0
    while at < len(rest) and (part := _PART.match(rest, at)):
        word = part[2]
        unit = _SHORT.get(word) or _SHORT.get(word.removesuffix("s")) or word.removesuffix("s")
        if unit not in _SECONDS:
            raise BadInput(f"“{word[:20]}” is no unit of time: use s, m, h, d or w. {_EXAMPLES}")
        seconds += float(part[1]) * _SECONDS[unit]
        at = part.end()
    if not rest or at < len(rest):
        raise BadInput(f"“{text.strip()[:40]}” is no length of time. {_EXAMPLES}")
    if seconds <= 0:
        raise BadInput(f"That is no time at all. {_EXAMPLES}")
    if seconds > LONGEST.total_seconds():
        raise BadInput(f"That is too long: {LONGEST.days} days at most. {_EXAMPLES}")
    return timedelta(seconds=seconds)


def say_duration(length: timedelta) -> str:
    """Say a length in its two largest units, rounded down: "3 days", "1 hour 30 minutes".

    Less than a second, and a length below nothing, is "less than a second".
    """
    rest, said = int(length.total_seconds()), []
    for unit in ("day", "hour", "minute", "second"):
        count, rest = divmod(rest, _SECONDS[unit]) if rest > 0 else (0, 0)
        if count:
            said.append(f"{count} {unit}{'' if count == 1 else 's'}")
        if said and (len(said) == 2 or not count):
            break  # "1 day 5 seconds" is no way to say it
    return " ".join(said) or "less than a second"
