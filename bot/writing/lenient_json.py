"""Reading what was meant to be JSON: a parser that forgives what models get wrong.

It is tried only where a strict parser has refused. It takes single, typographic and missing
quotes, quotes left unescaped inside a text, raw line breaks, trailing and missing commas,
comments, Python's `True` and `None`, and an end that is missing: what was not whole by then
is left out.
"""

from __future__ import annotations

import re
from typing import Any

#: Deeper than any answer; a flood of brackets ends here and not in the interpreter's stack.
DEPTH = 24

_BLANK = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/|#[^\n]*)*", re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_WORD = re.compile(r"[^\s:,{}\[\]\"']+")
_CLOSER = {'"': '"', "'": "'", "“": "”", "‘": "’", "„": "“", "«": "»", "`": "`"}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": ""}
_WORDS: dict[str, Any] = {"true": True, "false": False, "none": None, "null": None}
_CODE = re.compile(r"u([0-9a-fA-F]{4})")
# What may stand after a text's closing quote: else the quote is a part of the text.
_AFTER_VALUE = re.compile(
    r"\s*(?:[}\]]|$|,\s*(?:[}\]{\[]|$|[\"'“‘`]|-?\d|(?:true|false|null|None)\b|\w+\s*:)"
    r"|[\"'“][\w ]{1,24}[\"'”]\s*:)"
)
_AFTER_KEY = re.compile(r"\s*:")


class NotWhole(ValueError):
    """The text ended before the value did; `value` is what of it was whole."""

    def __init__(self, value: Any) -> None:
        super().__init__("cut off")
        self.value = value


def parse(text: str, at: int = 0) -> tuple[Any, int]:
    """The value that begins at or after `at`, and where it ends.

    A list or an object that is cut off is given with its whole parts. Raises `ValueError`
    where there is no object or list at all.
    """
    reader = _Reader(text)
    at = reader.blank(at)
    if text[at : at + 1] not in ("{", "["):
        raise ValueError("neither an object nor a list")
    try:
        return reader.value(at, 0)
    except NotWhole as cut:
        return cut.value, len(text)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text

    def blank(self, at: int) -> int:
        found = _BLANK.match(self._text, at)
        return found.end() if found else at

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        """The value at `at`; raises `NotWhole` where the text ends in it."""
        if depth > DEPTH:
            raise ValueError("too deep")
        mark = self._text[at : at + 1]
        if mark == "{":
            return self._object(at + 1, depth)
        if mark == "[":
            return self._list(at + 1, depth)
        if mark in _CLOSER and mark:
            return self._quoted(at, _AFTER_VALUE)
        if number := _NUMBER.match(self._text, at):
            literal = number[0]
            return (float(literal) if "." in literal or "e" in literal.lower() else literal), (
                number.end()
            )
        if word := _WORD.match(self._text, at):
            return _WORDS.get(word[0].casefold(), word[0]), word.end()
        if not mark:
            raise NotWhole(None)
        raise ValueError("no value")

    def _object(self, at: int, depth: int) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        while True:
            at = self._separator(at)
            mark = self._text[at : at + 1]
            if not mark:
                raise NotWhole(found)
            if mark in "}]":
                return found, at + 1
            try:
                key, at = self._key(at)
                at = self.blank(at)
                if self._text[at : at + 1] not in (":", "="):
                    raise ValueError("a key without a value")
                value, at = self.value(self.blank(at + 1), depth + 1)
            except NotWhole as cut:
                if isinstance(cut.value, dict | list):
                    found[key] = cut.value
                raise NotWhole(found) from None
            found.setdefault(key, value)

    def _list(self, at: int, depth: int) -> tuple[list[Any], int]:
        found: list[Any] = []
        while True:
            at = self._separator(at)
            mark = self._text[at : at + 1]
            if not mark:
                raise NotWhole(found)
            if mark in "]}":
                return found, at + 1
            try:
                value, at = self.value(at, depth + 1)
            except NotWhole as cut:
                if isinstance(cut.value, dict | list):
                    found.append(cut.value)
                raise NotWhole(found) from None
            found.append(value)

    def _separator(self, at: int) -> int:
        """Past blanks and any commas, none or several."""
        at = self.blank(at)
        while self._text[at : at + 1] in (",", ";"):
            at = self.blank(at + 1)
        return at

    def _key(self, at: int) -> tuple[str, int]:
        if self._text[at] in _CLOSER:
            return self._quoted(at, _AFTER_KEY)
        word = _WORD.match(self._text, at)
        if word is None:
            raise ValueError("no key")
        return word[0], word.end()

    def _quoted(self, at: int, after: re.Pattern[str]) -> tuple[str, int]:
        """The text between quotes at `at`: up to the first closing one with `after` behind it."""
        closer, at = _CLOSER[self._text[at]], at + 1
        parts: list[str] = []
        while at < len(self._text):
            mark = self._text[at]
            if mark == "\\":
                part, at = self._escape(at + 1)
                parts.append(part)
            elif mark == closer and after.match(self._text, at + 1):
                return "".join(parts), at + 1
            else:
                parts.append(mark)
                at += 1
        raise NotWhole(None)

    def _escape(self, at: int) -> tuple[str, int]:
        if code := _CODE.match(self._text, at):
            return chr(int(code[1], 16)), code.end()
        mark = self._text[at : at + 1]
        return _ESCAPES.get(mark, mark), at + 1
