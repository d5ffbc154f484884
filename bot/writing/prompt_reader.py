"""Finds what a prompt is about, so that a hand-written frame can take up its own words.

`read` never fails: a prompt it can't take apart (another language, an emoji, a whole
paragraph, a sentence about "I") becomes a *title*, and `called` makes a thing of that
title, such as a boat called “…”, which stands in any sentence.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.writing import lexicon

#: Characters of a title and of a full phrase, at most; longer ones are cut.
TITLE_CHARS = 44
FULL_CHARS = 64
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


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun phrase: its words, how many of them come before what modifies it, its number."""

    words: tuple[str, ...]
    nominal: int
    plural: bool

    @property
    def head(self) -> str:
        return self.words[self.nominal - 1].rstrip(",")


def read(prompt: str) -> Subject:
    """What `prompt` is about. Any text is accepted, and the answer depends on nothing else."""
    clean = _clean(prompt)
    title = _title(clean)
    quoted = Subject(Kind.UNREADABLE, title, short=f"“{_salient(title)}”")
    if not _is_english(clean):
        return quoted
    asked = _without_capitals(_without_request(clean))
    for attempt in (_read_question, _read_statement):
        subject = attempt(asked, title)
        if subject is not None:
            return subject
    return quoted


def called(subject: Subject, noun: str) -> Subject:
    """An unreadable `subject` as a thing bearing its title: "a boat called “…”"."""
    definite = f"the {noun}"
    return replace(
        subject, full=f"{_article(noun)} {noun} called “{subject.title}”", the=definite, head=noun
    )


def terse(subject: Subject) -> Subject:
    """`subject` said as briefly as it can be: "the lighthouse", or one quoted word."""
    briefly = subject.the or subject.short
    return replace(subject, full=briefly, the=briefly, head=subject.head or briefly)


# --- cleaning -----------------------------------------------------------------------------


def _clean(prompt: str) -> str:
    """The prompt as one line of plain typographic text, without markup or doubled marks."""
    kept = []
    for mark in unicodedata.normalize("NFC", prompt):
        category = unicodedata.category(mark)
        joins_emoji = mark in "\u200d\ufe0f"
        if mark.isspace() or category in ("Cc", "Zl", "Zp", "Zs"):
            kept.append(" ")
        elif category[0] != "C" or joins_emoji:
            kept.append(mark)
    text = "".join(kept)
    text = re.sub(r"https?://\S+", " ", text)
    # Letters keep an apostrophe between them; every other quote would nest in ours.
    text = re.sub(r"(?<=\w)['’‘](?=\w)|(?<=s)['’](?=\s)", "’", text)
    text = re.sub(r"[\"“”„«»`*_~|<>\\]|(?<!\w)['‘’]|['‘](?!\w)", "", text)
    text = re.sub(r"\.{2,}", "…", text)
    text = re.sub(r"([^\w\s])\1+", r"\1", text)
    text = re.sub(r"\b(\w+(?:\s+\w+)?)(?:\s+\1\b)+", r"\1", text, flags=re.IGNORECASE)
    text = re.sub(r"\s+([,.;:!?…])", r"\1", text)
    return " ".join(text.split())


def _title(clean: str) -> str:
    """`clean` cut to a title's length at a word's end, without final punctuation."""
    if not any(unicodedata.category(mark)[0] in "LNS" for mark in clean):
        return clean[:12].strip() or "Untitled"
    stripped = clean.strip(" .,;:!?…-–—") or clean
    if len(stripped) <= TITLE_CHARS:
        return stripped
    cut = stripped[:TITLE_CHARS]
    at_word = cut.rpartition(" ")[0]
    return (at_word if len(at_word) > TITLE_CHARS // 2 else cut).rstrip(" .,;:!?…-–—") + "…"


def _salient(title: str) -> str:
    """The one word of a title that says most: its longest that is not plain, the later wins."""
    candidates = [word.strip(".,;:!?…()[]{}/¿¡—–-") for word in title.split()]
    telling = [word for word in candidates if word and word.lower() not in lexicon.PLAIN]
    if not telling:
        readable = [word for word in candidates if word]
        return readable[-1] if readable else "Untitled"
    best = max(telling, key=lambda word: (len(word), candidates.index(word)))
    return best if len(best) <= 16 else best[:15] + "…"


def _is_english(clean: str) -> bool:
    """Whether the prompt looks like English, or like a name that English can hold."""
    letters = [mark for mark in clean if mark.isalpha()]
    if not letters or re.search(r"[ñ¿¡ßåøæœãõ]", clean.lower()):
        return False
    if not all("LATIN" in unicodedata.name(mark, "") for mark in letters):
        return False
    if not all(mark.isalnum() or mark.isspace() or mark in "’,.;:!?…-–—&()/%" for mark in clean):
        return False
    tokens = set(re.findall(r"[^\W\d_]+(?:’\w+)?", clean.lower()))
    foreign = tokens & lexicon.FOREIGN
    return not foreign or bool(len(tokens & lexicon.ENGLISH) > len(foreign))


_REQUEST = re.compile(
    r"""^(?:(?:hey\s)?muse[,:]?\s|please\s|(?:can|could|would)\syou\s(?:please\s)?
        |i(?:\swant|\sneed|’d\slike)\s(?:you\sto\s)?)*
    (?:
        (?:write|give|tell|compose|make|create|sing|do|show)\s(?:me\s|us\s)?
        (?:something|(?:(?:an?|the|some|one)\s)?(?:[\w-]+\s){0,2}?
           (?:poem|story|haiku|song|piece|ode|letter|tagline|line|sonnet|limerick|tale|text|joke))
        \s(?:about|on|for|of|to|in\swhich)\s
      | (?:an?\s)?(?:[\w-]+\s){0,1}?(?:poem|story|haiku|ode|tagline|limerick)\s(?:about|on|to)\s
      | (?:write|tell\sme|talk|think|something)\s(?:about|on)\s
      | (?:describe|imagine|explain|picture|invent|draw|define|design|consider)\s(?:to\sme\s)?
        (?:that\s)?
      | (?:there\s(?:is|are|was|were)|there’s|once\supon\sa\stime,?\sthere\s(?:was|were))\s
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def _without_request(clean: str) -> str:
    """What is asked for, without the asking: "write a poem about X, please" → "X"."""
    text = _REQUEST.sub("", clean, count=1)
    return re.sub(r",?\s(?:please|pls|thanks|thank you)[.!]*$", "", text, flags=re.IGNORECASE)


def _without_capitals(text: str) -> str:
    """Headline Capitals and SHOUTING as ordinary writing, names apart."""
    tokens = text.split()
    capitals = sum(token[:1].isupper() for token in tokens)
    last = re.sub(r"\W+$", "", tokens[-1]).lower() if tokens else ""
    headline = len(tokens) > 2 and capitals >= 0.7 * len(tokens)
    if not (headline or (len(tokens) == 2 and capitals == 2 and _is_known(last))):
        return text
    return " ".join(
        token.capitalize()
        if re.sub(r"\W.*$", "", token).lower() in lexicon.SURELY_PROPER
        else token
        if token == "I" or token.startswith("I’")
        else token.lower()
        for token in tokens
    )


# --- questions and statements ----------------------------------------------------------------

_WHAT_IF = re.compile(r"^(?:and\s)?(?:what if|suppose|imagine if|what happens when)\s+", re.I)
_DO_QUESTION = re.compile(
    r"^(?P<ask>why|how|where|when|what|who)?\s*(?:do|does|did|can|could|would|will|should|don’t"
    r"|doesn’t|can’t|won’t)\s+(?P<rest>.+)$",
    re.I,
)
_BE_QUESTION = re.compile(
    r"^(?:(?:why|how|where|what|who|when)\s+)?(?:is|are|was|were|what’s|who’s|where’s)\s+(.+)$"
    r"|^(?:what’s|who’s|where’s)\s+(.+)$",
    re.I,
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
        phrase = _noun_phrase(_sentence(being[1] or being[2]).split())
        if phrase is None:
            return None
        nominal = replace(phrase, words=phrase.words[: phrase.nominal])
        # "Why is the sky blue": the adjective came along as if it were the noun.
        if len(nominal.words) > 2 and nominal.words[0].lower() in lexicon.DETERMINERS:
            known = [w.lower() in lexicon.COUNTABLE | lexicon.CONCRETE_MASS for w in nominal.words]
            if known[-2] and not known[-1]:
                nominal = _Phrase(nominal.words[:-1], len(nominal.words) - 1, nominal.plural)
        return _subject(nominal, Kind.QUESTION, title)
    return None


def _plain_full(subject: Subject) -> str:
    """The full phrase without its relative clause."""
    return re.split(r" (?:who|that) ", subject.full, maxsplit=1)[0]


def _read_statement(text: str, title: str) -> Subject | None:
    tokens = _sentence(text).split()
    if not tokens or tokens[0].lower() in lexicon.OPENERS | lexicon.RELATIVES | {"what", "how"}:
        return None
    return _from_clause(tokens, title, Kind.CLAUSE) or _from_phrase(tokens, title)


def _from_phrase(tokens: list[str], title: str) -> Subject | None:
    phrase = _noun_phrase(tokens)
    if phrase is None or _holds_finite_verb(phrase):
        return None
    return _subject(phrase, None, title)


def _holds_finite_verb(phrase: _Phrase) -> bool:
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
        before = _noun_phrase(tokens[:at])
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
        start = "" if before.words[0].lower() in lexicon.DETERMINERS else "the "
        full = f"{start}{subject.full} {link} {rest}"
        fits = len(full) <= FULL_CHARS and not re.search(r"[,.;:!?]", rest)
        return replace(subject, full=full) if fits else subject
    return None


def _is_verb_here(tokens: list[str], at: int, before: _Phrase, *, past: bool, base: bool) -> bool:
    """Whether the word at `at` is the verb of the phrase before it, agreeing in number."""
    word = tokens[at].lower()
    following = tokens[at + 1].lower() if at + 1 < len(tokens) else ""
    determined = following in (lexicon.DETERMINERS | lexicon.PRONOUNS) - lexicon.COUNTS
    is_base = word in lexicon.VERBS
    if base:
        return is_base
    is_past = word in lexicon.IRREGULAR_PASTS or (
        word.endswith("ed") and any(stem in lexicon.VERBS for stem in _stems(word, "ed"))
    )
    if is_past:
        # "a house painted blue" is a phrase; "a dog chased a car" is a clause.
        return past or determined or following == "to" or word in lexicon.IRREGULAR_PASTS
    if before.plural:
        return is_base
    is_third = word.endswith("s") and any(stem in lexicon.VERBS for stem in _stems(word, "s"))
    starts_determined = tokens[0].lower() in lexicon.DETERMINERS
    return (
        is_third
        and (bool(following) or tokens[0].lower() in ("a", "an"))
        and (starts_determined or determined or following in lexicon.PREPOSITIONS)
    )


def _stems(word: str, ending: str) -> tuple[str, ...]:
    """The plain forms `word` may come from: "carries" → "carry", "stopped" → "stop"."""
    bare = word[: -len(ending)]
    undoubled = bare[:-1] if bare[-1:] == bare[-2:-1] else bare
    return (bare, bare + "e", bare[:-1] + "y", bare.removesuffix("e"), undoubled)


def _third_person(verb: str) -> str:
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + ("es" if re.search(r"(?:s|x|z|ch|sh|o)$", verb) else "s")


# --- noun phrases ----------------------------------------------------------------------------


def _noun_phrase(tokens: list[str]) -> _Phrase | None:
    """`tokens` as one noun phrase, or None where they don't begin with one."""
    if not tokens or tokens[0].lower() in lexicon.PRONOUNS | lexicon.OPENERS:
        return None
    if tokens[0].lower() in lexicon.PREPOSITIONS | lexicon.RELATIVES | lexicon.AUXILIARIES:
        return None
    determined = tokens[0].lower() in lexicon.DETERMINERS
    start = 1 if determined else 0
    end = start
    while end < len(tokens) and not _ends_nominal(tokens, end, start):
        end += 1
        if tokens[end - 1].endswith(","):
            break
    if end == start or tokens[end - 1].rstrip(",").lower() in lexicon.DETERMINERS:
        return None
    words = list(tokens)
    words[0] = _lowered(words, end)
    phrase = _Phrase(tuple(words), end, _is_plural(words, end))
    if end < len(words) and words[end].lower() in ("and", "&"):
        second = _noun_phrase(words[end + 1 :])
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
    return first if is_name and not _is_known(plain.removesuffix("’s")) else first.lower()


def _is_known(word: str) -> bool:
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


def _article(phrase: str) -> str:
    """a or an, by sound: an hour, a university, a one-eyed cat."""
    word = phrase.lower()
    if re.match(r"(?:hour|honest|heir|honou?r)", word):
        return "an"
    if re.match(r"(?:uni(?!n|m)|use|usu|eu|one\b|once|ut[eo])", word):
        return "a"
    return "an" if re.match(r"[aeiou]", word) else "a"


def _cut(phrase: _Phrase) -> tuple[str, ...]:
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
        is_third = word.endswith("s") and any(s in lexicon.VERBS for s in _stems(word, "s"))
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


def _subject(phrase: _Phrase, kind: Kind | None, title: str) -> Subject | None:
    """The slots of `phrase`; None where it is too long to be worth taking up."""
    words = _cut(phrase)
    nominal = [word.rstrip(",") for word in phrase.words[: phrase.nominal]]
    determined = nominal[0].lower() in lexicon.DETERMINERS
    bare = nominal[1:] if determined else nominal
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
            full = f"{_article(full)} {full}"
            determined = True
    if full.split()[0].lower() in ("a", "an") and len(full.split()) > 1:
        full = f"{_article(' '.join(full.split()[1:]))} {' '.join(full.split()[1:])}"
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
    return all(word[:1].isupper() for word in bare) and not _is_known(bare[-1].lower())


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
