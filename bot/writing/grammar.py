"""The little grammar in which the decks are written, and its expansion.

    <one|two|three>   one of the alternatives, which may hold slots and agreement but no choice
    [is/are]          the first for a singular subject, the second for a plural one
    {full} {the} {short} {head} {title} {it} {its} {them}   the subject's slots
    {count} {time} {month} {name} {place}   a word from the shared pools, drawn at each mention
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
_SLOT = re.compile(r"\{([A-Za-z]+)\}")


def expand(frame: str, rng: Random, subject: Subject, pools: Mapping[str, Sequence[str]]) -> str:
    """One text of `frame`; every choice is drawn from `rng`. `KeyError` for an unknown slot."""
    text = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), frame)
    text = _AGREEMENT.sub(lambda match: match[2] if subject.plural else match[1], text)
    one_word = " " not in subject.short
    text = _FILLER.sub(lambda match: f" {match[1]}" if one_word else "", text)
    text = _SLOT.sub(lambda match: _slot(match[1], rng, subject, pools), text)
    return _nested_quotes(text)


def _slot(name: str, rng: Random, subject: Subject, pools: Mapping[str, Sequence[str]]) -> str:
    plain = name.lower()
    if plain in pools:
        return rng.choice(pools[plain])
    slots = {
        "full": subject.full,
        "the": subject.the,
        "short": subject.short,
        "head": subject.head,
        "title": f"“{subject.title}”",
        "it": subject.it,
        "its": subject.its,
        "them": subject.them,
    }
    value = slots[plain]
    if name[0].isupper():
        first = next((at for at, mark in enumerate(value) if mark.isalnum()), 0)
        value = value[:first] + value[first : first + 1].upper() + value[first + 1 :]
    return value


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
    total = 0
    for word in re.findall(r"[a-zà-ÿ’]+|[^\W_a-zà-ÿ’]+", phrase.lower()):
        groups = len(re.findall(r"[aeiouyà-ÿ]+", word))
        if re.search(r"[^aeioulr]e$|[aeiou][lr]e$", word) or re.search(r"[^aeioutd]ed$", word):
            groups -= 1
        if re.search(r"[^aeioucsxzg]es$|(?:[aeiou][^aeioucsxzg]|[^s]h)es$", word):
            groups -= 1
        if re.search(r"i(?:a|o(?!u|n\b|ns\b)|um)|[^q]ua|[^aeiou]eo|ying$|oing$|eing$", word):
            groups += 1
        total += max(1, groups)
    return total
