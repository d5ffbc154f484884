"""Muse's log: lines for people or objects for machines, on standard error, free of secrets.

The log's times are the real ones, in UTC, whatever the shifted clock says.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal

from bot.references import reference

#: Shorter than this, a "secret" would blot out ordinary words.
SHORTEST_SECRET = 4
HIDDEN = "[hidden]"
#: How many calls of an exception's stack are shown, the innermost.
_CALLS = 6
_OURS = ("bot", "adapters")
_OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def configure_logging(
    level: str, fmt: Literal["text", "json"], secrets: Iterable[str] = ()
) -> None:
    """Send Muse's log to standard error, from `level` up; may be called again.

    Other libraries are heard from warning up only: their finer lines hold what members
    wrote. Every value in `secrets` of four characters or more is blotted out wherever it
    appears, also within messages and exceptions.
    """
    handler = _StandardError()
    handler.setFormatter((_Json if fmt == "json" else _Text)(secrets))
    root = logging.getLogger()
    for old in [h for h in root.handlers if isinstance(h, _StandardError)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level.upper()]))
    for name in _OURS:
        logging.getLogger(name).setLevel(level.upper())


class _StandardError(logging.StreamHandler[Any]):
    """Writes to whatever `sys.stderr` is at the time: a prompt on screen replaces it."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr


class _Formatter(logging.Formatter):
    """What both shapes share: time, blotting out, and exceptions in short."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        # The longest first, or a secret within another would leave the other's rest.
        known = sorted({s for s in secrets if len(s) >= SHORTEST_SECRET}, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, known))) if known else None

    def clean(self, text: str) -> str:
        return self._secrets.sub(HIDDEN, text) if self._secrets else text

    def extras(self, record: logging.LogRecord) -> dict[str, str]:
        """What the call gave as `extra`, such as the reference id that a member was shown."""
        given = {k: v for k, v in vars(record).items() if k not in _OWN_FIELDS}
        if "reference" not in given and (followed := reference()):
            given["reference"] = followed
        return {key: self.clean(str(value)) for key, value in given.items()}

    def errors(self, record: logging.LogRecord) -> list[str]:
        """One line for each exception of the chain, the one that was caught first."""
        if not record.exc_info or record.exc_info[1] is None:
            return []
        return [self.clean(_in_short(error)) for error in _chain(record.exc_info[1])]


class _Text(_Formatter):
    """`2026-11-23T20:00:00.123Z warning bot.clock: text key=value`, exceptions indented."""

    def format(self, record: logging.LogRecord) -> str:
        message = self.clean(record.getMessage())
        extras = "".join(f" {key}={value}" for key, value in self.extras(record).items())
        head = f"{_time(record)} {record.levelname.lower()} {record.name}: "
        lines = [head + _one_line(message + extras)]
        lines += (f"    {_one_line(error)}" for error in self.errors(record))
        return "\n".join(lines)


class _Json(_Formatter):
    """One object a line: time, level, logger, message, then extras and `errors`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            **self.extras(record),
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.clean(record.getMessage()),
        }
        if errors := self.errors(record):
            line["errors"] = errors
        return json.dumps(line, ensure_ascii=False)


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _one_line(text: str) -> str:
    """Escape control characters: a member's text must not pass for a line of the log."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", lambda m: repr(m[0])[1:-1], text)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and what it came from, as Python would show them."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        context = None if current.__suppress_context__ else current.__context__
        current = current.__cause__ or context


def _in_short(error: BaseException) -> str:
    """`ValueError: text (main.py:3 start > store.py:9 vote)`, the innermost call last."""
    walk = traceback.walk_tb(error.__traceback__)
    calls = traceback.StackSummary.extract(walk, lookup_lines=False)  # no source is shown
    shown = [f"{'/'.join(c.filename.split('/')[-2:])}:{c.lineno} {c.name}" for c in calls[-_CALLS:]]
    if len(calls) > _CALLS:
        shown.insert(0, "…")
    where = f" ({' > '.join(shown)})" if shown else ""
    inner = getattr(error, "exceptions", ())
    group = "".join(f" [{_in_short(one)}]" for one in inner)
    text = f": {error}" if str(error) else ""
    return f"{type(error).__name__}{text}{where}{group}"
