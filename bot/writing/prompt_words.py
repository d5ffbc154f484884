"""A prompt's words before they are parsed: cleaned, without the asking, and their title."""

from __future__ import annotations

import re
import unicodedata

from bot.writing import lexicon
from bot.writing.noun_phrases import is_known

#: Characters of a title, at most; longer ones are cut.
TITLE_CHARS = 44


def clean(prompt: str) -> str:
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


def title(clean: str) -> str:
    """`clean` cut to a title's length at a word's end, without final punctuation."""
    if not any(_says(mark) for mark in clean):
        return clean[:12].strip() or "Untitled"
    stripped = clean.strip(" .,;:!?…-–—") or clean
    if len(stripped) <= TITLE_CHARS:
        return stripped
    cut = stripped[:TITLE_CHARS]
    at_word = cut.rpartition(" ")[0]
    return (at_word if len(at_word) > TITLE_CHARS // 2 else cut).rstrip(" .,;:!?…-–—") + "…"


def _says(mark: str) -> bool:
    """Whether a character is a letter, a number or a symbol, not mere punctuation."""
    return unicodedata.category(mark)[0] in "LNS"


def salient(title: str) -> str:
    """The one word of a title that says most: its longest that is not plain, the later wins."""
    stripped = (word.strip(".,;:!?…()[]{}/¿¡—–-") for word in title.split())
    # A lone @ counts as no word, and six words must be six.
    candidates = [word for word in stripped if any(_says(mark) for mark in word)]
    telling = [word for word in candidates if word.lower() not in lexicon.PLAIN]
    if not telling:
        return candidates[-1] if candidates else "Untitled"
    best = max(telling, key=lambda word: (len(word), candidates.index(word)))
    return best if len(best) <= 16 else best[:15] + "…"


def is_english(clean: str) -> bool:
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


# "Vote for the moon", "show me the sea": an order is not a thing, and only its words can stand.
ORDER = re.compile(
    r"(?:vote|show|tell|give|make|let|find|take|bring|help|teach|ask|call|go|come|look|listen|stop|"
    r"keep|remember|forget|choose|pick|send|read|sing|play|add|remix|close|open|put|turn|wake|wait)"
    r"\s+(?:me|us|him|her|it|them|my|your|our|their|the|a|an|this|that|these|those|for|to|at|in|on|"
    r"up|down|out|about|and)\b",
    re.IGNORECASE,
)


def without_request(clean: str) -> str:
    """What is asked for, without the asking: "write a poem about X, please" → "X"."""
    text = _REQUEST.sub("", clean, count=1)
    return re.sub(r",?\s(?:please|pls|thanks|thank you)[.!]*$", "", text, flags=re.IGNORECASE)


def without_capitals(text: str) -> str:
    """Headline Capitals and SHOUTING as ordinary writing, names apart."""
    tokens = text.split()
    capitals = sum(token[:1].isupper() for token in tokens)
    last = re.sub(r"\W+$", "", tokens[-1]).lower() if tokens else ""
    headline = len(tokens) > 2 and capitals >= 0.7 * len(tokens)
    if not (headline or (len(tokens) == 2 and capitals == 2 and is_known(last))):
        return text
    return " ".join(
        word.capitalize()
        if re.sub(r"\W.*$", "", word).lower() in lexicon.SURELY_PROPER
        else word
        if word == "I" or word.startswith("I’")
        else word.lower()
        for word in tokens
    )
