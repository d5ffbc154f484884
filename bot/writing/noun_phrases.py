"""Finds the noun phrase a few English words begin with: how far it goes, and its number.

Made for prompts, not for prose: a small lexicon and the shape of words, no grammar of English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.writing import lexicon

#: Characters of a phrase as it is taken up, at most.
FULL_CHARS = 64
#: Determiners that may stand before another: "all the cats", "both my hands".
_BEFORE_ANOTHER = frozenset(("all", "both"))
_SECOND = lexicon.POSSESSIVES | {"a", "an", "the"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: its words, how many of them come before what modifies it, its number."""

    words: tuple[str, ...]
    nominal: int
    plural: bool

    @property
    def head(self) -> str:
        """The noun itself: the last word before what modifies it."""
        return self.words[self.nominal - 1].rstrip(",")


def noun_phrase(tokens: list[str]) -> Phrase | None:
    """`tokens` as one noun phrase, or None where they don't begin with one."""
    if not tokens or tokens[0].lower() in lexicon.PRONOUNS | lexicon.OPENERS:
        return None
    if tokens[0].lower() in lexicon.PREPOSITIONS | lexicon.RELATIVES | lexicon.AUXILIARIES:
        return None
    determined = tokens[0].lower() in lexicon.DETERMINERS
    again = determined and len(tokens) > 1 and tokens[1].lower() in _SECOND
    if again and tokens[0].lower() not in _BEFORE_ANOTHER:
        return None  # "a the cat" is a slip, or a title
    start = 2 if again else 1 if determined else 0
    end = start
    while end < len(tokens) and not _ends_nominal(tokens, end, start):
        end += 1
        if tokens[end - 1].endswith(","):
            break
    if end == start or tokens[end - 1].rstrip(",").lower() in lexicon.DETERMINERS:
        return None
    words = list(tokens)
    words[0] = _lowered(words, end)
    phrase = Phrase(tuple(words), end, _is_plural(words, end))
    if end < len(words) and words[end].lower() in ("and", "&"):
        second = noun_phrase(words[end + 1 :])
        if second is not None:
            return replace(phrase, plural=True)
    return phrase


def _ends_nominal(tokens: list[str], at: int, start: int) -> bool:
    """Whether the noun is behind us at `at`: a preposition, a clause or a participle begins."""
    word = tokens[at].lower().rstrip(",")
    if word in lexicon.PREPOSITIONS | lexicon.RELATIVES | lexicon.AUXILIARIES or word in "&and":
        return True
    if at == start:
        return False
    if word in lexicon.AFTER_NOUN or word in lexicon.DETERMINERS:
        return True
    if word in lexicon.NOT_PARTICIPLES or len(word) < 5:
        return False
    following = tokens[at + 1].lower() if at + 1 < len(tokens) else ""
    opens = following in lexicon.DETERMINERS | lexicon.PREPOSITIONS | lexicon.ADVERBS
    if word.endswith("ing"):
        return not following or opens or word.removesuffix("ing") in lexicon.VERBS
    after_thing = tokens[at - 1].lower() in lexicon.COUNTABLE | lexicon.PEOPLE
    return word.endswith("ed") and (opens or after_thing)


def _lowered(words: list[str], nominal: int) -> str:
    """The first word as it stands inside a sentence: small, unless it is a name."""
    first = words[0]
    plain = first.lower().rstrip(",")
    if plain in lexicon.SURELY_PROPER:
        return first.capitalize()
    if plain in lexicon.DETERMINERS or first.islower():
        return first.lower()
    if first.isupper() and 1 < len(first) <= 4:
        return first
    is_name = first[:1].isupper() and (nominal == 1 or "’" in first or words[1][:1].isupper())
    return first if is_name and not is_known(plain.removesuffix("’s")) else first.lower()


def is_known(word: str) -> bool:
    """Whether a word in small letters is an ordinary noun, and so no name."""
    return (
        word in lexicon.COUNTABLE | lexicon.CONCRETE_MASS | lexicon.ABSTRACT | lexicon.PEOPLE
        or word in lexicon.PLURALS
        or word.endswith((*lexicon.ABSTRACT_ENDINGS, "ing"))
        or (word.endswith("s") and word not in lexicon.NOT_PLURAL)
    )


def _is_plural(words: list[str], nominal: int) -> bool:
    first = words[0].lower()
    head = words[nominal - 1].rstrip(",").lower()
    if nominal > 1 and first in lexicon.SINGULAR_DETERMINERS:
        return False
    if nominal > 1 and first in lexicon.PLURAL_DETERMINERS and head not in lexicon.CONCRETE_MASS:
        return True
    if head in lexicon.PLURALS:
        return True
    return (
        head.endswith("s")
        and head not in lexicon.NOT_PLURAL
        and not head.endswith(("ss", "us", "’s", "is"))
        and len(head) > 3
    )


def article(phrase: str) -> str:
    """“A” or “an”, by sound: an hour, a university, a one-eyed cat."""
    word = phrase.lower()
    if re.match(r"(?:hour|honest|heir|honou?r)", word):
        return "an"
    if re.match(r"(?:uni(?!n|m)|use|usu|eu|one\b|once|ut[eo])", word):
        return "a"
    return "an" if re.match(r"[aeiou]", word) else "a"


def shortened(phrase: Phrase) -> tuple[str, ...]:
    """The phrase's words, without modifiers that make it too long; cut before a boundary."""
    words = phrase.words
    # What follows a comma is an aside, or a second item of a list.
    for at in range(phrase.nominal - 1, len(words)):
        if words[at].endswith(","):
            words = (*words[:at], words[at].rstrip(","))
            break
    words = words[: _second_verb(words, phrase.nominal)]
    while len(" ".join(words)) > FULL_CHARS and len(words) > phrase.nominal:
        at = len(words) - 1
        while at > phrase.nominal and words[at].lower() not in (
            lexicon.PREPOSITIONS | lexicon.RELATIVES | {"and"}
        ):
            at -= 1
        words = words[:at]
    return words


def _second_verb(words: tuple[str, ...], start: int) -> int:
    """Where a phrase turns into a sentence: "the last human on Earth | finds a note".

    Inside a relative clause the first verb belongs to the clause, and only the next ends it.
    """
    allowed = 0
    for at in range(start, len(words)):
        word, before = words[at].lower(), words[at - 1].lower()
        if word in lexicon.RELATIVES:
            allowed = 1
            continue
        is_third = word.endswith("s") and any(s in lexicon.VERBS for s in stems(word, "s"))
        if not is_third and word not in lexicon.AUXILIARIES | {"has", "have", "had"}:
            continue
        if allowed:
            allowed -= 1
            continue
        has_subject = before in lexicon.PRONOUNS | lexicon.DETERMINERS | lexicon.PREPOSITIONS
        following = words[at + 1].lower() if at + 1 < len(words) else ""
        opens = lexicon.DETERMINERS | lexicon.RELATIVES | lexicon.PREPOSITIONS | {"what", "how"}
        if is_third and not has_subject and before != "and" and following in opens:
            return at
    return len(words)


def stems(word: str, ending: str) -> tuple[str, ...]:
    """The plain forms `word` may come from: "carries" → "carry", "stopped" → "stop"."""
    bare = word[: -len(ending)]
    undoubled = bare[:-1] if bare[-1:] == bare[-2:-1] else bare
    return (bare, bare + "e", bare[:-1] + "y", bare.removesuffix("e"), undoubled)
