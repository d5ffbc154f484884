"""Forms: what shape a piece has, and whether a text has it.

`fit` is the one judge of shape, for decks, for models and for people's entries alike. It
mends what can be mended without changing a word (a haiku on one line with slashes, a text
cut at the end of a sentence) and refuses the rest.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches

from bot.errors import BadInput


@dataclass(frozen=True, slots=True)
class Form:
    """One shape a piece may have.

    `name` is the slug, `label` what people read, `line` one sentence on it, `instruction`
    what a model is told. The rest is what `fit` holds a text to; 0 means no such bound:
    `lines` and `words` exactly, at least `min_lines` and `min_sentences`, at most
    `max_words`, `max_sentences` and `max_chars` (characters, always set). `openings` are
    the casefolded beginnings a text must have one of, in the languages people write in.
    With `painted` the text describes a picture, which an image model then paints: no deck
    has it.
    """

    name: str
    label: str
    line: str
    instruction: str
    max_chars: int
    lines: int = 0
    words: int = 0
    min_lines: int = 0
    min_sentences: int = 0
    max_words: int = 0
    max_sentences: int = 0
    openings: tuple[str, ...] = ()
    painted: bool = False


FORMS: tuple[Form, ...] = (
    Form(
        "free",
        "free",
        "Whatever shape it wants.",
        "One complete little piece of one to four sentences. No title.",
        max_chars=600,
    ),
    Form(
        "haiku",
        "haiku",
        "Three short lines, one moment.",
        "A haiku: exactly three lines, about five, seven and five syllables, one observed moment"
        " and a turn. No title, no slashes.",
        max_chars=150,
        lines=3,
    ),
    Form(
        "micro-story",
        "micro-story",
        "A beginning, a turn and an end, in a breath.",
        "A whole story in two to six sentences, at most 90 words: somebody wants something, and"
        " the last sentence changes what the first one meant.",
        max_chars=700,
        min_sentences=2,
    ),
    Form(
        "opening-line",
        "opening line",
        "The first sentence of a book nobody has written.",
        "The first sentence of a novel: exactly one sentence, that makes the second one necessary.",
        max_chars=280,
        max_sentences=1,
    ),
    Form(
        "tagline",
        "tagline",
        "A poster’s worth of words.",
        "A tagline of at most twelve words, one line, as on a poster or a tin. No hashtags.",
        max_chars=110,
        lines=1,
        max_words=12,
    ),
    Form(
        "what-if",
        "what if",
        "One question that tilts the world.",
        "One question beginning “What if” that changes one thing about the world and follows it"
        " to a human consequence.",
        max_chars=320,
        lines=1,
        openings=(
            "what if",
            "¿y si",
            "¿qué pasaría si",
            "et si",
            "was, wenn",
            "was wäre, wenn",
            "e se",
            "wat als",
            "а что если",
            "а что, если",
            "что если",
            "もし",
            "如果",
            "要是",
            "만약",
        ),
    ),
    Form(
        "six-words",
        "six words",
        "Exactly six words.",
        "Exactly six words that imply a whole story. Contractions are one word.",
        max_chars=90,
        lines=1,
        words=6,
    ),
    Form(
        "letter",
        "letter",
        "A greeting, something to say, a name.",
        "A short letter: a greeting on its own line, two to four sentences, and a sign-off on its"
        " own line.",
        max_chars=700,
        min_lines=3,
    ),
    Form(
        "picture",
        "picture",
        "Four pictures, each seen another way.",
        "A description of one picture, in two or three sentences: what is seen, by what light, and"
        " how the picture is made (a photograph, a woodcut, a child’s drawing…). No words within"
        " the picture unless it needs them; no artist’s name, and no living person.",
        max_chars=500,
        min_sentences=1,
        painted=True,
    ),
)
#: The forms that the deck writes too; the others need a model.
DECK_FORMS: tuple[Form, ...] = tuple(each for each in FORMS if not each.painted)

#: What Muse gives people to answer. Only Muse asks for it, so it is not among the others.
INVITATION = Form(
    "invitation",
    "prompt for people",
    "Something for people to answer.",
    "A prompt for people to answer in a few lines: one question or task, in one or two sentences,"
    " at most 160 characters, that asks for something only they could know, see or make up;"
    " concrete, playful or tender, open to anyone of any age and country; no yes-or-no question;"
    " nothing on the news, politics, religion, illness or money; it does not answer itself. What"
    " the data give as the prompt is its theme; where they give none, choose one nobody expects.",
    max_chars=160,
    lines=1,
)

_BY_NAME = {each.name: each for each in FORMS}

# A sentence ends at its mark and any closing quote, before space or the end; CJK marks need
# no space after them.
_SENTENCE_END = re.compile(r"[.!?…]+[”’\"')\]]*(?=\s|$)|[。！？]+[」』”]*")
_ABBREVIATION = re.compile(r"(?:^|[\s“‘(])(?:Mr|Mrs|Ms|Dr|St|No|vs|a\.m|p\.m|[A-Z])\.$")
#: Control characters that are no space, and halves of characters.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_BETWEEN_WORDS = re.compile(r"[\s—–/]+")


def form(name: str) -> Form:
    """The form called `name`, by slug or label; `BadInput` naming the nearest one otherwise."""
    wanted = "-".join(name.strip().casefold().replace("_", " ").split())
    if wanted in _BY_NAME:
        return _BY_NAME[wanted]
    near = get_close_matches(wanted, list(_BY_NAME), n=1, cutoff=0.5)
    hint = f" Did you mean “{near[0]}”?" if near else ""
    raise BadInput(f"There is no form “{name.strip()[:40]}”.{hint} Forms: {', '.join(_BY_NAME)}.")


def of_brief(name: str) -> Form:
    """The form that a brief names: one of those people ask for, or `INVITATION`. As `form`."""
    return INVITATION if name == INVITATION.name else form(name)


def count_words(text: str) -> int:
    """Words as a person counts them: a contraction or a hyphenated word is one, a dash none."""
    return sum(
        any(unicodedata.category(mark)[0] in "LNS" for mark in part)
        for part in _BETWEEN_WORDS.split(text)
    )


def sentence_ends(text: str) -> list[int]:
    """The offsets at which sentences of `text` end, knowing “Dr.”, “4 a.m.” and initials."""
    ends = []
    for match in _SENTENCE_END.finditer(text):
        only_quoted = text[max(0, match.start() - 1)] in '“‘"('
        lowercase_follows = text[match.end() :].lstrip()[:1].islower()
        if only_quoted or lowercase_follows or _is_abbreviation(text, match.end()):
            continue
        ends.append(match.end())
    return ends


def _is_abbreviation(text: str, end: int) -> bool:
    return end < len(text) and _ABBREVIATION.search(text[max(0, end - 6) : end]) is not None


def fit(form: Form, text: str) -> str | None:
    """`text` mended into `form`, or None where it can't be.

    Mending never changes a word: it tidies space and control characters, takes off quotes
    around the whole, breaks a haiku at its slashes, ends a “what if” with its question mark
    and drops whole sentences from the end of what is too long.
    """
    mended = _tidy(text)
    if form.lines > 1 and "\n" not in mended and mended.count("/") == form.lines - 1:
        mended = _tidy(mended.replace("/", "\n"))
    if form.lines == 1:
        mended = " ".join(mended.split())
    elif form.lines:
        mended = "\n".join(line for line in mended.split("\n") if line)
    if form.openings:
        mended = _as_question(mended)
    if form.max_sentences:
        ends = sentence_ends(mended)
        if len(ends) > form.max_sentences:
            mended = mended[: ends[form.max_sentences - 1]]
    if len(mended) > form.max_chars:
        mended = _shortened(form, mended)
    return mended if mended and _has_shape(form, mended) else None


def _tidy(text: str) -> str:
    """One space between words, one blank line between paragraphs, no control characters."""
    unified = re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", text)
    lines = [" ".join(line.split()) for line in _CONTROL.sub("", unified).split("\n")]
    tidy = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    for opening, closing in ("“”", '""', "«»"):
        inside = tidy[1:-1]
        wrapped = tidy[:1] == opening and tidy[-1:] == closing and bool(inside)
        if wrapped and opening not in inside and closing not in inside:
            tidy = inside.strip()
    return tidy


def _as_question(text: str) -> str:
    """A “what if” ends with its question mark, even where its writer forgot."""
    if text and not re.search(r"[?？]", text):
        return text.rstrip(".!…,;: ") + "?"
    return text


def _shortened(form: Form, text: str) -> str:
    """`text` without the last sentences it has no room for; "" where none would be left.

    A letter keeps its last line: without a name under it, it is not a letter.
    """
    body, sign_off = text, ""
    if form.min_lines:
        body, _, last = text.rpartition("\n")
        sign_off = "\n" + last
    room = form.max_chars - len(sign_off)
    ends = [end for end in sentence_ends(body) if end <= room]
    return body[: ends[-1]] + sign_off if ends else ""


def _has_shape(form: Form, text: str) -> bool:
    lines = [line for line in text.split("\n") if line]
    counted = count_words(text)
    return (
        counted > 0
        and len(text) <= form.max_chars
        and (not form.lines or len(lines) == form.lines)
        and len(lines) >= form.min_lines
        and (not form.words or counted == form.words)
        and (not form.max_words or counted <= form.max_words)
        and (not form.min_sentences or len(sentence_ends(text)) >= form.min_sentences)
        and (not form.openings or text.casefold().startswith(form.openings))
    )
