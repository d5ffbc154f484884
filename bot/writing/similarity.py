"""When two texts are the same text: the duplicate rule, pure.

The rule is NoveltyBench's own (Zhang et al. 2025, arXiv 2504.05228): two generations
are equivalent if they share enough words. For longer texts the measure is ROUGE-1 F1
(Lin 2004) over casefolded words,

    overlap = sum over words of min(count in a, count in b)
    F1      = 2 * overlap / (words in a + words in b)

and the texts are duplicates where F1 > 0.458. Where either text has five words or fewer,
F1 is too coarse, and they are duplicates where

    2 * |unique words of a that are also in b| >= words in the longer text.

Against everything a community has ever written that short rule is too eager, so there a
short text is a duplicate only of a text with the very same content words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

#: F1 above which two texts are duplicates; the cut with NoveltyBench's published pairs.
DUPLICATE_F1 = 0.458
#: Texts of this many words or fewer are held to the short rule.
SHORT_WORDS = 5

#: Words that carry no content of their own; the short rule against the past ignores them.
_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a an and are as at be been but by did do does for from had has have he her his i if in
    is it its me my no not of on or our she so than that the their them then there they this
    to too us was we were what when where which who will with would you your""",
    )
)

# Scripts written without spaces: each character stands as a word of its own.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of `text`, casefolded, in order, without punctuation.

    An apostrophe inside a word belongs to it. Characters of scripts written without
    spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) are a word each. A text without
    a single letter or digit (emoji, say) is read symbol by symbol.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    found = _ASCII_WORD.findall(plain) if plain.isascii() else _scan(plain)
    if not found:
        # U+FE0F only asks for the coloured picture of the same symbol.
        found = [mark for mark in plain if not mark.isspace() and mark != "\ufe0f"]
    return tuple(found)


def unspaced(word: str) -> bool:
    """Whether a word of `words` is one character of a script that is written without spaces."""
    return bool(_UNSPACED.match(word))


def _scan(plain: str) -> list[str]:
    """Words of a text beyond ASCII; combining marks stay with the letter they sit on."""
    found: list[str] = []
    current: list[str] = []

    def finish() -> None:
        word = "".join(current).strip("'")
        if word:
            found.append(word)
        current.clear()

    for character in plain:
        kind = unicodedata.category(character)[0]
        if kind in "LN" and _UNSPACED.match(character):
            finish()
            found.append(character)
        elif kind in "LN" or (current and (kind == "M" or character == "'")):
            current.append(character)
        elif kind != "M":
            finish()
    finish()
    return found


@lru_cache(maxsize=4096)
def counts(text: str) -> Counter[str]:
    """How often each word of `text` stands in it: shared by all who ask, so never to be changed."""
    return Counter(words(text))


def similarity(a: str, b: str) -> float:
    """ROUGE-1 F1 of two texts: 0 where they share no word, 1 where they have the same words."""
    counts_a, counts_b = counts(a), counts(b)
    if len(counts_a) > len(counts_b):
        counts_a, counts_b = counts_b, counts_a
    overlap = sum(min(count, counts_b[word]) for word, count in counts_a.items())
    total = counts_a.total() + counts_b.total()
    return 2 * overlap / total if total else 1.0


def _short(a: str, b: str) -> bool:
    return min(len(words(a)), len(words(b))) <= SHORT_WORDS


def duplicate(a: str, b: str) -> bool:
    """Whether two texts of one round are the same text, by the rule above."""
    if _short(a, b):
        if words(a) == words(b):  # "no, no, no" has one word, said three times
            return True
        longer = max(len(words(a)), len(words(b)))
        return 2 * len(set(words(a)) & set(words(b))) >= longer
    return similarity(a, b) > DUPLICATE_F1


def content(text: str) -> frozenset[str]:
    """The words that carry content; all of them where none does ("to be or not to be")."""
    every = frozenset(words(text))
    return (every - _FUNCTION_WORDS) or every


def duplicate_of_past(a: str, b: str) -> bool:
    """Whether `a` is the same text as `b`, one of the many a community has seen before.

    As `duplicate`, but where either has five words or fewer their content words must be
    equal: else about one unrelated short text in five clashes with one of 500.
    """
    if _short(a, b):
        return content(a) == content(b)
    return similarity(a, b) > DUPLICATE_F1


def distinct(texts: Iterable[str]) -> int:
    """How many of `texts` are not duplicates of an earlier one that counted."""
    kept: list[str] = []
    for text in texts:
        if not any(duplicate(text, earlier) for earlier in kept):
            kept.append(text)
    return len(kept)
