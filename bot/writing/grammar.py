"""The little grammar in which the decks are written, and its expansion.

    <one|two|three>   one of the alternatives, which may hold slots and agreement but no choice
    [is/are]          the first for a singular subject, the second for a plural one
    {full} {the} {short} {head} {title} {it} {its} {them}   the subject's slots
    {count} {time} {day} {food} {dish} {thing} {place}   a word from the shared pools, another
                            one at each mention
    {name} {woman} {man} {month}   the same at each mention
    {+far too}        these words only where {short} is one word, to keep a count of words

A slot written with a capital ({Full}, {The}, {It}) begins a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random

from bot.writing.prompt_reader import Subject

_CHOICE = re.compile(r"<([^<>]*)>")
_AGREEMENT = re.compile(r"\[([^\[\]/]*)/([^\[\]/]*)\]")
_FILLER = re.compile(r"\s*\{\+([^{}]*)\}")
#: Pools whose word stays what it is for the rest of a text.
_KEPT = frozenset(("name", "woman", "man", "month"))
_SLOT = re.compile(r"\{([A-Za-z]+)\}")


def expand(frame: str, rng: Random, subject: Subject, pools: Mapping[str, Sequence[str]]) -> str:
    """One text of `frame`; every choice is drawn from `rng`. `KeyError` for an unknown slot."""
    text = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), frame)
    text = _AGREEMENT.sub(lambda match: match[2] if subject.plural else match[1], text)
    one_word = " " not in subject.short
    text = _FILLER.sub(lambda match: f" {match[1]}" if one_word else "", text)
    values = _values(subject)
    drawn: dict[str, list[str]] = {}

    def fill(match: re.Match[str]) -> str:
        name = match[1].lower()
        value = values[name] if name in values else _draw(name, rng, pools, drawn)
        return capitalised(value) if match[1][0].isupper() else value

    text = _SLOT.sub(fill, text)
    return _nested_quotes(text)


def _values(subject: Subject) -> dict[str, str]:
    return {
        "full": subject.full,
        "the": subject.the,
        "short": subject.short,
        "head": subject.head,
        "title": f"“{subject.title}”",
        "it": subject.it,
        "its": subject.its,
        "them": subject.them,
    }


def _draw(
    name: str, rng: Random, pools: Mapping[str, Sequence[str]], drawn: dict[str, list[str]]
) -> str:
    """A word of the pool that this text has not used; what is drawn for good stays."""
    used = drawn.setdefault(name, [])
    if name in _KEPT and used:
        return used[0]
    value = rng.choice([word for word in pools[name] if word not in used])
    used.append(value)
    return value


def capitalised(text: str) -> str:
    """`text` with its first letter, whatever stands before it, as a capital."""
    first = next((at for at, mark in enumerate(text) if mark.isalnum()), 0)
    return text[:first] + text[first : first + 1].upper() + text[first + 1 :]


def _nested_quotes(text: str) -> str:
    """Quotes inside quotes become single ones: “a boat called ‘Soledad’”."""
    depth = 0
    marks = []
    for mark in text:
        if mark == "“":
            depth += 1
            marks.append("“" if depth == 1 else "‘")
        elif mark == "”":
            marks.append("”" if depth <= 1 else "’")
            depth = max(0, depth - 1)
        else:
            marks.append(mark)
    return "".join(marks)


def syllables(phrase: str) -> int:
    """About how many syllables English gives `phrase`: vowel groups, less the silent endings.

    An estimate, right for most common words, for filling a haiku's line; a word without a
    Latin vowel counts one.
    """
    return sum(_in_word(word) for word in re.findall(r"[a-zà-ÿ’]+|[^\W_a-zà-ÿ’]+", phrase.lower()))


def _in_word(word: str) -> int:
    # An e inside a compound is as silent as at its end: lone-ly, some-where.
    sounded = re.sub(r"(?<=[^aeiou])e(?=ly|less|ness|li|ful|ment)|(?<=^som)e(?=.)", "", word)
    groups = len(re.findall(r"[aeiouyà-ÿ]+", sounded))
    if re.search(r"[^aeioulr]e$|[aeiou][lr]e$|[^aeioutd]ed$", sounded):
        groups -= 1
    if re.search(r"[^aeioucsxzg]es$|(?:[aeiou][^aeioucsxzg]|[^s]h)es$", sounded):
        groups -= 1
    if re.search(r"i(?:a|o(?!u|n\b|ns\b)|um)|[^q]ua|[^aeiou]eo|[yoe]ing$", sounded):
        groups += 1
    return max(1, groups)
