"""What a text may not hold: a community's words, links, floods. Pure.

Words are found whole, also disguised: in full-width or fancy letters (NFKC), with invisible
characters, letters of another script that look the same, digits and signs for letters,
drawn-out letters, or signs and spaces between them. A word within another is not found, so
that nobody from Scunthorpe is refused. Scripts that put no space between words are searched
for it anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import groupby

REPEATS = 60  # of one character or emoji in a row
MARKS = 30  # combining marks in a row
MENTIONS = 20
WORD_CHARS = 40  # of a word on a community's list


class Fault(StrEnum):
    """What is wrong with a text."""

    WORD = "word"
    LINK = "link"
    FLOOD = "flood"
    MARKS = "marks"
    MENTIONS = "mentions"


def fault(text: str, words: Collection[str] = (), *, links: bool = True) -> Fault | None:
    """The first thing that is wrong with `text`; `links` says that it may hold some."""
    if _flooded(text):
        return Fault.FLOOD
    if _most_marks(text) > MARKS:
        return Fault.MARKS
    if len(_MENTION.findall(text)) > MENTIONS:
        return Fault.MENTIONS
    if not links and has_link(text):
        return Fault.LINK
    if words and word_list(tuple(words)).found_in(text):
        return Fault.WORD
    return None


# --- Words.

#: Letters of other scripts that pass for Latin ones, where they stand among Latin letters.
_TWINS = str.maketrans("аеорсухіјѕһԁԛԝвкмнтαεικνορτυχ", "aeopcyxijshdqwbkmhtaeiknoptux")
_SIGNS = str.maketrans("@4€30$57+8962", "aaeeossttbggz")
_ONE = "1!|"  # an i or an l
_ANY_VOWEL = "*"
_EDGES = ".,:;?!…'\"“”‘’„«»()[]{}<>*_~`-–—"
_PIECE = re.compile(r"[^\W_]+")
_SIGNED = re.compile(r"[^\W_@$€!|+*]*[^\s._\-–—,:;?…'\"“”‘’„«»()\[\]{}<>~`/\\&#%^=·•]+")
_JOINTS = re.compile(r"[^\w]|_")
_WITHIN = re.compile(r"['’]")  # "he'll" is no disguise
_ORDINAL = re.compile(r"[0-9]+(?:st|nd|rd|th|s|d|h|m|k|x|am|pm|g|e)?\Z")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)
_SPACED_OUT = 3  # letters that stand alone, from which on they are read together


def fold(text: str) -> str:
    """`text` as words are compared: one case, plain letters, no accents, nothing invisible."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = (
        character
        for character in apart
        if not ("\u0300" <= character <= "\u036f" or "\ufe00" <= character <= "\ufe0f")
        and unicodedata.category(character) != "Cf"
    )
    return unicodedata.normalize("NFC", "".join(kept))


Runs = tuple[tuple[str, int], ...]


def _runs(word: str) -> Runs:
    return tuple((letter, len(list(same))) for letter, same in groupby(word))


@dataclass(frozen=True, slots=True)
class WordList:
    """Words to look for, made ready once."""

    words: dict[str, tuple[Runs, ...]]  #: by their letters without doubling
    phrases: tuple[str, ...]
    unspaced: tuple[str, ...]

    def found_in(self, text: str) -> bool:
        """Whether one of the words stands in `text`."""
        folded = fold(text)
        if any(word in folded for word in self.unspaced):
            return True
        if any(self._listed(each) for each in _readings(folded)):
            return True
        if not self.phrases:
            return False
        flat = f" {' '.join(_PIECE.findall(folded))} "
        return any(f" {phrase} " in flat for phrase in self.phrases)

    def _listed(self, word: str) -> bool:
        runs = _runs(word)
        known = self.words.get("".join(letter for letter, _ in runs), ())
        return any(_drawn_out(runs, listed) for listed in known)


@lru_cache(256)
def word_list(words: tuple[str, ...]) -> WordList:
    """The list, ready to look for its words."""
    single: dict[str, tuple[Runs, ...]] = {}
    phrases, unspaced = [], []
    for word in words:
        pieces = _PIECE.findall(fold(word))
        if _UNSPACED.search(word):
            unspaced.append(fold(word))
        elif len(pieces) > 1:
            phrases.append(" ".join(pieces))
        for piece in pieces if len(pieces) == 1 else ():
            runs = _runs(piece)
            letters = "".join(letter for letter, _ in runs)
            single[letters] = (*single.get(letters, ()), runs)
    return WordList(single, tuple(phrases), tuple(unspaced))


def _drawn_out(runs: Runs, listed: Runs) -> bool:
    """Whether `runs` is the listed word, or the same with letters drawn out.

    One doubled letter makes another word of many ("god", "good"), so that is none of them.
    """
    more = [had - wanted for (_, had), (_, wanted) in zip(runs, listed, strict=True)]
    if min(more) < 0:
        return False
    drawn = [had for (_, had), extra in zip(runs, more, strict=True) if extra]
    return not drawn or max(drawn) > 2 or len(drawn) > 1


def _readings(folded: str) -> Iterator[str]:
    """Every way in which the words of a text may be meant."""
    alone: list[str] = []
    for chunk in folded.split():
        inner = chunk.strip(_EDGES)
        pieces = _PIECE.findall(chunk)
        joined = _JOINTS.sub("", chunk)
        if len(joined) == 1:
            alone.append(joined)
        else:
            yield from _within(alone)
            alone = []
        yield from _meant([*pieces, *_SIGNED.findall(inner), *_SIGNED.findall(chunk)])
        apart = len(pieces) == len(joined)
        if len(pieces) > 1 and (apart or (len(joined) > _SPACED_OUT and not _WITHIN.search(inner))):
            yield from _meant([joined])
    yield from _within(alone)


def _within(alone: list[str]) -> Iterator[str]:
    """What may be read of letters that stand alone one after another."""
    if len(alone) < _SPACED_OUT:
        return
    letters = "".join(alone[: 4 * WORD_CHARS])
    for start in range(len(letters) - _SPACED_OUT + 1):
        for end in range(start + _SPACED_OUT, min(len(letters), start + WORD_CHARS) + 1):
            yield letters[start:end]


def _meant(words: Iterable[str]) -> Iterator[str]:
    """Each word, and what it says where signs and letters of other scripts stand for others."""
    for word in dict.fromkeys(words):
        yield word
        if word.isascii() and word.isalpha():
            continue
        if not word.isascii() and re.search("[a-z]", word):
            word = word.translate(_TWINS)  # noqa: PLW2901 - the same word, in one script
            yield word
        if not re.search(r"[^\W\d_]", word) or _ORDINAL.match(word):
            continue
        for one in "il" if any(sign in word for sign in _ONE) else "i":
            plain = re.sub(f"[{re.escape(_ONE)}]", one, word).translate(_SIGNS)
            yield plain
            if plain.count(_ANY_VOWEL) == 1:
                yield from (plain.replace(_ANY_VOWEL, vowel) for vowel in "aeiou")


# --- Links.

#: Endings that are hardly ever the beginning of a sentence after a missing space.
_ENDINGS = (
    "com|net|org|info|biz|edu|gov|io|gg|co|app|dev|xyz|shop|site|online|club|link|store|"
    "icu|cc|tv|ws|ru|uk|de|fr|eu|cn|jp|br|cz|pl|nl|ch|tk|ml|ga|cf|ly|gl|sh|ai"
)
_SCHEME = re.compile(r"[a-z0-9]://|\bmailto:|\bhxxps?\b|\bwww\s?\.\s?\w")
_DOMAIN = re.compile(
    rf"(?<![\w.-])[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}}\.(?:{_ENDINGS})(?![\w-])"
    r"|(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,10}/\w"
)
_SPELT = re.compile(
    rf"(?<![\w-])([\w-]{{1,63}})\s?(?:[\[({{]\s?(?:dot|\.)\s?[\])}}]|\sdot\s)\s?(?:{_ENDINGS})(?![\w-])"
)
_NOT_A_NAME = frozenset(("the", "a", "an", "this", "that", "of", "old", "and", "first", "no", "s"))


def has_link(text: str) -> bool:
    """Whether a text holds an address, also a bare or a spelt one: ``example dot com``."""
    folded = fold(text)
    if _SCHEME.search(folded) or _DOMAIN.search(folded):
        return True
    return any(found[1] not in _NOT_A_NAME for found in _SPELT.finditer(folded))


# --- Floods.

_MENTION = re.compile(r"<[@#!][^>\s]{1,60}>|@\w")
_PICTURE_PARTS = ("\u200d", "\ufe0f", "\u20e3")
_BEYOND_LATIN = re.compile("[^\\x00-\u02ff\u2010-\u2027]")  # marks are all beyond these
_TONES = ("\U0001f3fb", "\U0001f3ff")
_FLAGS = ("\U0001f1e6", "\U0001f1ff")


def _flooded(text: str) -> bool:
    """Whether one character, or one emoji of several, stands too often in a row."""
    if re.search(rf"\s{{{REPEATS + 1},}}", text):
        return True
    if max(Counter(text).values(), default=0) <= REPEATS:  # as in nearly every text
        return False
    last, count = "", 0
    for cluster in _clusters(text):
        if cluster.isspace():
            continue
        count = count + 1 if cluster == last else 1
        last = cluster
        if count > REPEATS:
            return True
    return False


def _clusters(text: str) -> Iterator[str]:
    """The text in what people see as one character; enough of UAX 29 for counting emoji."""
    cluster = ""
    for character in text:
        flag = _FLAGS[0] <= character <= _FLAGS[1]
        joins = (
            character in _PICTURE_PARTS
            or cluster.endswith("\u200d")
            or _TONES[0] <= character <= _TONES[1]
            or unicodedata.combining(character) > 0
            or (flag and len(cluster) == 1 and _FLAGS[0] <= cluster <= _FLAGS[1])
        )
        if cluster and not joins:
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _most_marks(text: str) -> int:
    """The longest row of marks that are put on one character."""
    if not _BEYOND_LATIN.search(text):
        return 0
    most = count = 0
    for character in text:
        count = count + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        most = max(most, count)
    return most
