"""Making any text plain: what cannot be seen, what reorders a line, and floods are taken out.

Used on both sides of a model: on what people wrote before it is data in a brief, and on what
a model wrote before it is an entry. No word of an honest text changes.
"""

from __future__ import annotations

import re
import unicodedata

#: Format characters that scripts and emoji need: the non-joiner and the joiner.
_JOINERS = "\u200c\u200d"
#: Marks a single letter may carry; more is a tower ("Zalgo"), not a script.
MARKS = 3

_BREAKS = re.compile(r"\r\n?|[\u0085\u2028\u2029\x0b\x0c]")
# Joiners mean something between letters beyond ASCII and between emoji, nowhere else.
_STRAY_JOINER = re.compile(
    rf"(?<![^\x00-\x7f{_JOINERS}])[{_JOINERS}]+|[{_JOINERS}]+(?![^\x00-\x7f])"
)
_SAME_MARK = re.compile(r"([^\w\s])\1{5,}")
_SAME_LETTER = re.compile(r"([^\W\d])\1{7,}")
_SAME_DIGIT = re.compile(r"(\d)\1{15,}")
_SAME_PART = re.compile(r"(\S.{0,60}?\s)\1{3,}", re.DOTALL)
# Unassigned as far as this Python knows, but where new emoji and ideographs are added.
_NEWER = re.compile("[\U0001f000-\U0001fbff\U00020000-\U0003fffd]")
#: Letters and symbols by their category, and blank on every screen.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_SELECTORS = re.compile("[\ufe00-\ufe0e\U000e0100-\U000e01ef]|\ufe0f(?=\ufe0f)")


def plain(text: str, limit: int) -> str:
    """`text` with nothing hidden in it, floods shortened to a few, at most `limit` characters.

    Control, format and private characters, lone surrogates, tags, bidi marks and overrides
    go; a joiner stays where a script or an emoji needs it. Giving it its own result changes
    nothing more.
    """
    # A flood is cut before it is looked at closely: the patterns below are not linear.
    seen = _visible(text[: 8 * limit + 200])
    before = None
    while seen != before:
        before, seen = seen, _collapsed(seen)
    return _cut(seen, limit)


def blank(text: str) -> bool:
    """Whether a reader would see nothing at all of `text`: spaces, and what is never drawn."""
    return all(each in _BLANK or unicodedata.category(each)[0] in "CMZ" for each in text)


def _visible(text: str) -> str:
    unified = _SELECTORS.sub("", _BREAKS.sub("\n", text))
    kept: list[str] = []
    marks = 0
    for each in unicodedata.normalize("NFC", unified):
        kind = unicodedata.category(each)
        if kind in ("Mn", "Me"):
            marks += 1
            if marks > MARKS:
                continue
        else:
            marks = 0
        if each in "\n\t" or kind == "Zs":
            kept.append("\n" if each == "\n" else " ")
        elif kind[0] != "C" or each in _JOINERS or (kind == "Cn" and _NEWER.match(each)):
            kept.append(each)
    return unicodedata.normalize("NFC", _STRAY_JOINER.sub("", "".join(kept)))


def _collapsed(text: str) -> str:
    """Floods shortened: marks and letters to three, words, phrases and lines to two."""
    text = _SAME_MARK.sub(r"\1\1\1", text)
    text = _SAME_LETTER.sub(r"\1\1\1", text)
    text = _SAME_DIGIT.sub(r"\1\1\1", text)
    text = _SAME_PART.sub(r"\1\1", text + "\n")
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _cut(text: str, limit: int) -> str:
    """At most `limit` characters, at the end of a word where one is near, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = max(head.rfind(" "), head.rfind("\n"))
    if space > limit * 2 // 3:
        head = head[:space]
    return head.rstrip() + "…"
