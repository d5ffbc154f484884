"""Finds what a prompt is about, so that a hand-written frame can take up its own words.

`read` never fails: a prompt it can't take apart (another language, an emoji, a whole
paragraph, a sentence about "I") becomes a *title*, and `called` makes a thing of that
title, such as a boat called “…”, which stands in any sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.writing import lexicon
from bot.writing import prompt_words as words
from bot.writing.noun_phrases import (
    FULL_CHARS,
    Phrase,
    article,
    is_known,
    noun_phrase,
    shortened,
    stems,
)

_NOMINAL_CHARS = 30


class Kind(StrEnum):
    """How a prompt was put."""

    SINGULAR = "singular"  #: "a lighthouse afraid of the dark"
    PLURAL = "plural"  #: "my grandmother’s hands"
    MASS = "mass"  #: "rain", "loneliness", "Monday": no article of its own
    CLAUSE = "clause"  #: "two strangers share an umbrella"
    QUESTION = "question"  #: "why do cats stare at walls"
    UNREADABLE = "unreadable"  #: quoted, never parsed


@dataclass(frozen=True, slots=True)
class Subject:
    """What a prompt is about, as the slots a frame may use.

    `title` is the prompt as written, cleaned and cut, without quotes. `full` is its whole
    noun phrase ("a lighthouse afraid of the dark"), `the` the way to mention it again ("the
    lighthouse"), `short` the same in one or two words, `head` the bare noun. `full`, `the`
    and `head` are empty where the kind is unreadable. The pronouns are never a guess: where
    a person's are not known, `it` repeats the noun.
    """

    kind: Kind
    title: str
    full: str = ""
    the: str = ""
    short: str = ""
    head: str = ""
    plural: bool = False
    it: str = "it"
    its: str = "its"
    them: str = "it"


def read(prompt: str) -> Subject:
    """What `prompt` is about. Any text is accepted, and the answer depends on nothing else."""
    clean = words.clean(prompt)
    title = words.title(clean)
    quoted = Subject(Kind.UNREADABLE, title, short=f"“{words.salient(title)}”")
    if not words.is_english(clean):
        return quoted
    asked = words.without_capitals(words.without_request(clean))
    if words.ORDER.match(asked):
        return quoted
    for attempt in (_read_question, _read_statement):
        subject = attempt(asked, title)
        if subject is not None:
            return subject
    return quoted


def called(subject: Subject, noun: str) -> Subject:
    """An unreadable `subject` as a thing bearing its title: "a boat called “…”"."""
    definite = f"the {noun}"
    return replace(
        subject, full=f"{article(noun)} {noun} called “{subject.title}”", the=definite, head=noun
    )


def terse(subject: Subject) -> Subject:
    """`subject` said as briefly as it can be: "the lighthouse", or one quoted word."""
    briefly = subject.the or subject.short
    return replace(subject, full=briefly, the=briefly, head=subject.head or briefly)


# --- questions and statements ----------------------------------------------------------------

_WHAT_IF = re.compile(
    r"^(?:and\s)?(?:what if|suppose|imagine if|what happens when)\s+", re.IGNORECASE
)
_DO_QUESTION = re.compile(
    r"^(?P<ask>why|how|where|when|what|who)?\s*(?:do|does|did|can|could|would|will|should|don’t"
    r"|doesn’t|can’t|won’t)\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_BE_QUESTION = re.compile(
    r"^(?:(?:why|how|where|what|who|when)\s+)?(?:is|are|was|were|what’s|who’s|where’s)\s+(.+)$"
    r"|^(?:what’s|who’s|where’s)\s+(.+)$",
    re.IGNORECASE,
)


def _sentence(text: str) -> str:
    """The first sentence, without its mark."""
    return re.split(r"[.!?;:…]\s|[.!?;:…]$|\s[–—-]\s|[(]", text, maxsplit=1)[0].strip(" .,;:!?…-–—")


def _read_question(text: str, title: str) -> Subject | None:
    what_if = _WHAT_IF.match(text)
    if what_if:
        tokens = _sentence(text[what_if.end() :]).split()
        return _from_clause(tokens, title, Kind.QUESTION, past=True) if tokens else None
    asked = _DO_QUESTION.match(text)
    if asked:
        tokens = _sentence(asked["rest"]).split()
        found = _from_clause(tokens, title, Kind.QUESTION, base=True)
        # "Where do lost socks go" is about the socks, not about socks that go.
        tells_of = (asked["ask"] or "").lower() in ("why", "")
        if found is None or tells_of:
            return found
        return replace(found, full=_plain_full(found))
    being = _BE_QUESTION.match(text)
    if being:
        phrase = noun_phrase(_sentence(being[1] or being[2]).split())
        if phrase is None:
            return None
        nominal = replace(phrase, words=phrase.words[: phrase.nominal])
        # "Why is the sky blue": the adjective came along as if it were the noun.
        if len(nominal.words) > 2 and nominal.words[0].lower() in lexicon.DETERMINERS:
            known = [w.lower() in lexicon.COUNTABLE | lexicon.CONCRETE_MASS for w in nominal.words]
            if known[-2] and not known[-1]:
                nominal = Phrase(nominal.words[:-1], len(nominal.words) - 1, nominal.plural)
        return _subject(nominal, Kind.QUESTION, title)
    return None


def _plain_full(subject: Subject) -> str:
    """The full phrase without its relative clause."""
    phrase, *clause = re.split(r" (?:who|that) ", subject.full, maxsplit=1)
    return phrase.removeprefix("the ") if clause and subject.plural else phrase


def _read_statement(text: str, title: str) -> Subject | None:
    tokens = _sentence(text).split()
    if not tokens or tokens[0].lower() in lexicon.OPENERS | lexicon.RELATIVES | {"what", "how"}:
        return None
    return _from_clause(tokens, title, Kind.CLAUSE) or _from_phrase(tokens, title)


def _from_phrase(tokens: list[str], title: str) -> Subject | None:
    phrase = noun_phrase(tokens)
    if phrase is None or _holds_finite_verb(phrase):
        return None
    return _subject(phrase, None, title)


def _holds_finite_verb(phrase: Phrase) -> bool:
    """Whether a verb of being stands outside any relative clause: a sentence, not a phrase."""
    for word in phrase.words:
        if word.lower() in lexicon.RELATIVES or word.endswith(","):
            return False
        if word.lower() in lexicon.AUXILIARIES:
            return True
    return False


def _from_clause(
    tokens: list[str], title: str, kind: Kind, *, past: bool = False, base: bool = False
) -> Subject | None:
    """A subject with its verb as a relative clause: "two strangers who share an umbrella"."""
    for at in range(1, min(len(tokens), 7)):
        word = tokens[at].lower()
        possible = past and word in ("could", "can", "would")
        if word in lexicon.AUXILIARIES | lexicon.RELATIVES | lexicon.PREPOSITIONS and not possible:
            return None
        before = noun_phrase(tokens[:at])
        if before is None or before.nominal != len(before.words):
            continue
        if not possible and not _is_verb_here(tokens, at, before, past=past, base=base):
            continue
        rest = " ".join(tokens[at:])
        link = "who" if before.head.lower() in lexicon.PEOPLE else "that"
        subject = _subject(before, kind, title)
        if subject is None:
            return None
        if base and not before.plural and word in lexicon.VERBS:
            rest = " ".join([_third_person(tokens[at]), *tokens[at + 1 :]])
        # "cats" may be any; the cats that stare at walls are these.
        start = "" if subject.full.split()[0].lower() in lexicon.DETERMINERS else "the "
        full = f"{start}{subject.full} {link} {rest}"
        fits = len(full) <= FULL_CHARS and not re.search(r"[,.;:!?]", rest)
        return replace(subject, full=full) if fits else subject
    return None


def _is_verb_here(tokens: list[str], at: int, before: Phrase, *, past: bool, base: bool) -> bool:
    """Whether the word at `at` is the verb of the phrase before it, agreeing in number."""
    word = tokens[at].lower()
    following = tokens[at + 1].lower() if at + 1 < len(tokens) else ""
    determined = following in (lexicon.DETERMINERS | lexicon.PRONOUNS) - lexicon.COUNTS
    is_base = word in lexicon.VERBS
    if base:
        return is_base
    is_past = word in lexicon.IRREGULAR_PASTS or (
        word.endswith("ed") and any(stem in lexicon.VERBS for stem in stems(word, "ed"))
    )
    if is_past:
        # "a house painted blue" is a phrase; "a dog chased a car" is a clause.
        return past or determined or following == "to" or word in lexicon.IRREGULAR_PASTS
    if before.plural:
        return is_base
    is_third = word.endswith("s") and any(stem in lexicon.VERBS for stem in stems(word, "s"))
    starts_determined = tokens[0].lower() in lexicon.DETERMINERS
    return (
        is_third
        and (bool(following) or tokens[0].lower() in ("a", "an"))
        and (starts_determined or determined or following in lexicon.PREPOSITIONS)
    )


def _third_person(verb: str) -> str:
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + ("es" if re.search(r"(?:s|x|z|ch|sh|o)$", verb) else "s")


# --- slots --------------------------------------------------------------------------------


def _subject(phrase: Phrase, kind: Kind | None, title: str) -> Subject | None:
    """The slots of `phrase`; None where it is too long to be worth taking up."""
    words = shortened(phrase)
    nominal = [word.rstrip(",") for word in phrase.words[: phrase.nominal]]
    determined = nominal[0].lower() in lexicon.DETERMINERS
    bare = nominal[1:] if determined else nominal
    if determined and len(bare) > 1 and bare[0].lower() in lexicon.POSSESSIVES | {"the"}:
        bare = bare[1:]  # "all the cats", to be mentioned again as "the cats"
    head = bare[-1]
    if len(" ".join(words)) > FULL_CHARS or len(" ".join(bare)) > _NOMINAL_CHARS:
        return None
    full = " ".join(words)
    plural = phrase.plural
    named = False
    if not determined and not plural:
        named = _is_name(bare)
        if not named and not _is_mass(head, bare):
            # "tired lighthouse": the article that the prompt left out.
            full = f"{article(full)} {full}"
            determined = True
    if full.split()[0].lower() in ("a", "an") and len(full.split()) > 1:
        full = f"{article(' '.join(full.split()[1:]))} {' '.join(full.split()[1:])}"
    gerund = not determined and bare[0].lower().endswith("ing") and not named
    the, short = _definite(nominal, bare, plural, named or not determined)
    if gerund and not plural and len(full) <= _NOMINAL_CHARS:
        the = full
    pair = len(words) > phrase.nominal and words[phrase.nominal].lower() in ("and", "&")
    if pair and plural:
        the, short = "the two of them", "those two"
    if kind is None:
        kind = Kind.PLURAL if plural else Kind.SINGULAR if determined else Kind.MASS
    it, its, them = _pronouns(head.lower(), plural, the)
    return Subject(kind, title, full, the, short, head, plural, it, its, them)


def _is_name(bare: list[str]) -> bool:
    if bare[0].lower() in lexicon.SURELY_PROPER:
        return len(bare) == 1
    return all(word[:1].isupper() for word in bare) and not is_known(bare[-1].lower())


def _is_mass(head: str, bare: list[str]) -> bool:
    """Whether a bare singular noun stands without an article; a lone unknown word may."""
    word = head.lower()
    if word in lexicon.COUNTABLE:
        return False
    if word in lexicon.ABSTRACT | lexicon.CONCRETE_MASS or word.endswith(lexicon.ABSTRACT_ENDINGS):
        return True
    if bare[0].lower().endswith("ing") and bare[0].lower() not in lexicon.NOT_PARTICIPLES:
        return True
    possessed = any(word.endswith(("’s", "s’")) for word in bare[:-1])
    return possessed or (len(bare) == 1 and not word.endswith(lexicon.COUNTABLE_ENDINGS))


def _definite(
    nominal: list[str], bare: list[str], plural: bool, undetermined: bool
) -> tuple[str, str]:
    """How to mention the phrase again: in full, and in two words at most."""
    head = bare[-1]
    owner = nominal[0].lower() in lexicon.POSSESSIVES or nominal[0].endswith(("’s", "s’"))
    if owner:
        if head.lower() in lexicon.PEOPLE and nominal[0].lower() in lexicon.POSSESSIVES:
            return " ".join(nominal), f"{nominal[0]} {head}"
        that = "those" if plural else "that"
        return f"{that} {head}", f"{that} {head}"
    if any(word.endswith(("’s", "s’")) for word in bare[:-1]):
        return f"the {head}", f"the {head}"
    if undetermined and not plural:
        if head.lower() in lexicon.CONCRETE_MASS:
            return f"the {head}", f"the {head}"
        together = " ".join(bare)
        return together, together if len(bare) <= 2 else head
    kept = [word for word in bare if word.lower() not in lexicon.COUNTS]
    phrase = " ".join(kept if kept and len(" ".join(kept)) <= 24 else [head])
    return f"the {phrase}", f"the {head}"


def _pronouns(head: str, plural: bool, the: str) -> tuple[str, str, str]:
    if plural:
        return "they", "their", "them"
    if head in lexicon.FEMALE:
        return "she", "her", "her"
    if head in lexicon.MALE:
        return "he", "his", "him"
    if head in lexicon.PEOPLE:
        return the, "their", "them"
    return "it", "its", "it"
