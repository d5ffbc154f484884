"""What a theme is like: another theme, or a prompt that would tell of it. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from bot.writing.similarity import (
    SHORT_WORDS,
    content,
    duplicate,
    duplicate_of_past,
    unspaced,
    words,
)

LEAST = 3  # letters or digits of a theme
_ALIKE = 0.5  # content words that two short themes share, of all that they have, to be one
_PHRASE = 3  # words that stand for nothing but the theme, wherever they are in a prompt
_AROUND = 2  # function words that a prompt may have besides a theme of a word or two, and be it
_UNSPACED = 3  # characters that stand for a word, in scripts that are written without spaces


def long_enough(theme: str) -> bool:
    """Whether a theme has letters and digits enough; one that takes the room of two, as those of
    Chinese, Japanese and Korean do, says as much as two.
    """
    return sum(_size(c) for c in theme) >= LEAST


def close_to(theme: str, before: Iterable[str]) -> bool:
    """Whether a theme is nearly one that was had.

    Longer ones by the rule for any two texts; of short ones, which are half function words, those
    alone that have half of their content words in common.
    """
    return any(_close(theme, each) for each in before)


def tells_of(prompt: str, theme: str) -> bool:
    """Whether what is made of a prompt would tell what Muse makes of a theme: where the prompt is
    nearly the theme, or has all of its words in a row. One or two words are nobody's own: with
    those it is only the prompt that says little else.
    """
    sought, asked = words(theme), words(prompt)
    if not sought:
        return False
    alike = duplicate_of_past(prompt, theme)
    if _weight(sought) < _PHRASE:
        return alike and len(asked) <= len(sought) + _AROUND
    return alike or _in_a_row(sought, asked)


def _close(theme: str, other: str) -> bool:
    if min(len(words(theme)), len(words(other))) > SHORT_WORDS:
        return duplicate(theme, other)
    mine, theirs = _content(theme), _content(other)
    return len(mine & theirs) >= _ALIKE * len(mine | theirs)


def _content(theme: str) -> frozenset[str]:
    """The words that carry content. Of a script without spaces each character is a word: there
    hiragana is mostly what other languages have function words for.
    """
    every = content(theme)
    return frozenset(each for each in every if not "\u3041" <= each <= "\u309f") or every


def _in_a_row(sought: tuple[str, ...], text: tuple[str, ...]) -> bool:
    length = len(sought)
    return any(text[at : at + length] == sought for at in range(len(text) - length + 1))


def _weight(found: tuple[str, ...]) -> float:
    return sum(1 / _UNSPACED if unspaced(each) else 1.0 for each in found)


def _size(character: str) -> int:
    if unicodedata.category(character)[0] not in "LMN":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
