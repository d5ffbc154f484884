"""Texts of a challenge made alike, a person's and a model's: no mark-up, one typography. Pure.

How somebody sets dashes, quotes or a list often tells a model from a person, or one person from
another, and says nothing of the piece. Words, lines and punctuation stay as they are.
"""

from __future__ import annotations

import re
import unicodedata

_DOUBLE = str.maketrans(dict.fromkeys("“”„‟″", '"'))
_SINGLE = str.maketrans(dict.fromkeys("‘’‚‛′´", "'"))
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_LINE_START = re.compile(r"^(?:#{1,6}\s+|>+\s*|[-*•·‣]\s+)", re.MULTILINE)
_MARKS = re.compile(r"\*+|`+|~~+|\|\|+|__+|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)")
_DOTS = re.compile(r"\.{3,}|…[.…]+")
_DASH = re.compile(r"[ ]*(?:—|―|–|(?<=[ \w,;:!?\"'])--+)[ ]*(?=\S)|(?<=\w) +- +(?=\w)")
_RANGE = re.compile(r"(?<=\d)\s*[–—]\s*(?=\d)")
_OPENING = re.compile(r"(?:(?<=\s)|(?<=[(\[{–“‘])|^)([\"'])(?=\S)", re.MULTILINE)


def normalised(text: str) -> str:
    """A text as voters see it. Doing it twice changes nothing more."""
    while True:
        once = _once(text)
        if once == text:
            return text
        text = once


def _once(text: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(
        c
        for c in text
        if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") or c == "\u200d"
    )
    text = text.translate(_DOUBLE).translate(_SINGLE)
    text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    text = _MARKS.sub("", _LINE_START.sub("", text))
    text = _DOTS.sub("…", text)
    text = _RANGE.sub("-", text)
    text = _DASH.sub(" – ", text).replace("—", "–").replace("―", "–")
    text = _OPENING.sub(lambda found: "“" if found[1] == '"' else "‘", text)
    text = text.replace('"', "”").replace("'", "’")
    text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip()
