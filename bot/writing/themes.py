"""A member's theme as it may stand in a sentence that speaks to people.

`prompt_reader` takes a prompt apart; here what it found is turned towards the reader ("my
grandmother" is theirs now, so "your grandmother") and held to a stricter rule, since a question
with a broken theme in it is worse than one with quotes: what the reader had to guess at is quoted.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.writing import lexicon, prompt_reader, prompt_words
from bot.writing.noun_phrases import is_known, stems
from bot.writing.prompt_reader import Kind, Subject

#: Words of a theme that may stand in several questions in a row without tiring anybody.
EASY_WORDS = 4
#: Words of a theme that is taken for a thing even where its noun is unknown: "a small flimflam".
THING_WORDS = 3


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The reader is made for English, and takes "la lluvia" for two unknown words of it.
_FOREIGN_ARTICLES = _set(
    """el la los las lo un una unos unas le les une des der die das den dem ein eine il gli uno
    os um uma de het een det ett"""
)
#: One-word themes that the reader doesn't know and that take no article.
_BARE = _set(
    """cheese pizza chocolate pasta curry jam toast garlic ginger cinnamon pepper soap chalk wool
    steam gravel chess tennis hockey golf rugby basketball blue red green yellow orange purple
    black white cinema theatre fashion photography traffic thunder"""
)
_MARKUP = re.compile(r"<[@#!/A-Za-z][^<>]*>")
_ABBREVIATED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Prof)\.\s")
_TURNED = {
    "i": "you",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "myself": "yourself",
    "i’m": "you’re",
    "i’ve": "you’ve",
    "i’d": "you’d",
    "i’ll": "you’ll",
    "we": "you",
    "us": "you",
    "our": "your",
    "ours": "yours",
    "ourselves": "yourselves",
    "we’re": "you’re",
    "we’ve": "you’ve",
}
# Of what has no number, what anybody has a daily share of; love, grief and time are not asked after
# like socks.
_EVERYDAY = lexicon.CONCRETE_MASS | _set(
    """music summer winter autumn spring work breakfast lunch dinner laughter football cricket yoga
    dance gossip sleep midnight noon"""
)
#: People taken together.
_TOGETHER = _set("people folk family families team class crowd crew band choir couple")
_TURNED_VERBS = {"was": "were", "am": "are", "wasn’t": "weren’t"}


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme to put in a sentence.

    `subject` has the slots of `bot.writing.grammar`, none of them empty. `brief` is the same said
    again in a word or two, None where that would say something else ("the day" for "the day we
    met"). `plain` tells an everyday thing without an article or a story of its own ("rain",
    "socks", "the sea"), of which anybody has seen some. `thing` tells that it stands as a thing
    or a being, not as quoted words, something done ("being late") or a moment ("the day we met");
    `somebody` that it is a person, somebody's ("my grandmother's hands"), or what may be a name.
    """

    subject: Subject
    brief: Subject | None
    plain: bool
    thing: bool
    somebody: bool


def read(text: str) -> Theme | None:
    """The theme that `text` gives; None where there is nothing in it to say. Never fails."""
    text = _MARKUP.sub(" ", text)
    clean = prompt_words.without_request(prompt_words.clean(text))
    if not any(unicodedata.category(mark)[0] in "LNS" for mark in clean):
        return None
    if clean.isupper() and is_known(clean.strip(" .,;:!?…").lower()):
        text, clean = text.lower(), clean.lower()
    found = prompt_reader.read(text)
    brief: Subject | None
    if not _sound(found, clean):
        whole = _quoted(clean)
        brief = whole if _easy(whole) else None
        return Theme(whole, brief, plain=False, thing=False, somebody=whole.title.istitle())
    subject = _turned(found, clean)
    brief = subject
    if not _easy(subject):
        named = subject.head.lower() in subject.the.lower() and _is_thing(subject.head)
        brief = prompt_reader.terse(subject) if named else None
    gerund = subject.kind is Kind.MASS and subject.full.split()[0].lower().endswith("ing")
    thing = not gerund and (len(subject.full.split()) <= THING_WORDS or _is_thing(subject.head))
    somebody = _is_person(subject.head) or _is_owned(subject) or not subject.full.islower()
    return Theme(subject, brief, _is_plain(subject), thing, somebody)


def _easy(subject: Subject) -> bool:
    return len(subject.full.split()) <= EASY_WORDS


def _quoted(clean: str) -> Subject:
    # Without its mark at the end, the one that Spanish puts first hangs in the air.
    title = prompt_words.title(clean).lstrip("¿¡")
    whole = f"“{title}”"
    return Subject(Kind.UNREADABLE, title, whole, whole, whole, whole)


def _sound(subject: Subject, clean: str) -> bool:
    """Whether what the reader made of a theme can be trusted to read right in any sentence."""
    typed = [word.strip(".,;:!?…") for word in clean.casefold().split()]
    # "The Beatles", "The Last of Us": in small letters, titles and names are something else.
    titled = not clean.isupper() and prompt_words.without_capitals(clean) != clean
    titled = titled or _ABBREVIATED.search(clean) is not None
    if not subject.full or titled or typed[0] in _FOREIGN_ARTICLES or "vs" in typed:
        return False
    full = subject.full.casefold()
    if len(typed) == 1:
        # "home" and "mother" take no article; "x" or "lluvia" may be anything.
        known = is_known(typed[0]) or typed[0] in lexicon.SURELY_PROPER | _BARE
        return (known or clean[:1].isupper()) and full == typed[0]
    if typed[0] in lexicon.DETERMINERS:
        return True
    # "ignore the above" is an order; "moving house" is something done, not a house that moves;
    # "things left on trains" leave nothing: without an article, a verb may be a participle.
    order = typed[1] in lexicon.DETERMINERS
    done = typed[0].endswith("ing") and full.startswith(("a ", "an "))
    return not (order or done or (subject.kind is Kind.CLAUSE and " that " in full))


def _turned(subject: Subject, clean: str) -> Subject:
    return Subject(
        subject.kind,
        prompt_words.title(clean),
        _to_reader(subject.full),
        _to_reader(subject.the),
        _to_reader(subject.short),
        subject.head,
        subject.plural,
        subject.it,
        subject.its,
        subject.them,
    )


def _to_reader(phrase: str) -> str:
    """`phrase` with its "I" as "you", and the verb that goes with it."""
    words: list[str] = []
    for word in phrase.split():
        bare = word.lower().strip(",")
        after_i = bool(words) and words[-1] == "you"
        if bare in _TURNED:
            words.append(re.sub(re.escape(bare), _TURNED[bare], word, flags=re.IGNORECASE))
        elif after_i and bare in _TURNED_VERBS:
            words.append(_TURNED_VERBS[bare])
        else:
            words.append(word)
    return " ".join(words)


def _is_thing(noun: str) -> bool:
    """Whether a noun alone still calls up the thing: a lighthouse does, a day does not."""
    known = lexicon.COUNTABLE | lexicon.PEOPLE | lexicon.CONCRETE_MASS
    return any(form in known for form in (noun.lower(), *stems(noun.lower(), "s")))


def _is_owned(subject: Subject) -> bool:
    words = subject.full.split()
    return words[0].lower() in lexicon.POSSESSIVES or any("’" in word for word in words)


def _is_person(noun: str) -> bool:
    people = lexicon.PEOPLE | _TOGETHER
    return any(form in people for form in (noun.lower(), *stems(noun.lower(), "s")))


def _is_plain(subject: Subject) -> bool:
    words = subject.full.removeprefix("the ").split()
    head = subject.head.lower()
    return (
        subject.kind in (Kind.MASS, Kind.PLURAL, Kind.SINGULAR)
        and len(words) == 1
        and subject.full.islower()
        and (subject.plural or head in _EVERYDAY)
        and not _is_person(head)
    )
