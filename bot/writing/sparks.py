"""Sparks: questions that draw out a member's own experience. Nothing is written for them.

The questions are hand-written (`decks_people/sparks.toml`), in kinds: a body sense, a person, a
moment, an object… Each kind has several sorts: *general* questions, questions *near* any theme
whatever, some that go *into* one with a story in it, and some on a *plain* everyday thing, of which
everybody has met a few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from bot.writing import grammar, people_decks, themes
from bot.writing.prompt_reader import Kind, Subject
from bot.writing.similarity import duplicate

#: Of so many questions in a row, all but one hold the theme.
THEMED_OF = 3

_NO_SUBJECT = Subject(Kind.UNREADABLE, "")


def kinds() -> tuple[str, ...]:
    """The kinds of question there are, which is also how many a page can have at most."""
    return tuple(people_decks.load("sparks"))


def sparks(theme: str, seed: int, page: int = 0, count: int = 3) -> tuple[str, ...]:
    """`count` questions of as many different kinds, the same for the same arguments.

    With a `theme` two of three hold it, fewer once those are through. The pages of one theme and
    seed repeat nothing until the deck is through, and then begin again. Raises `ValueError` for a
    negative `page`, or a `count` that is not between 1 and the number of kinds.
    """
    if page < 0 or not 1 <= count <= len(kinds()):
        raise ValueError(f"no page {page} of {count} questions")
    dealt = _Deal.fresh(theme, seed)
    through: list[tuple[str, ...]] = []
    while len(through) <= page:
        questions = dealt.page(count)
        if questions is None:
            return through[page % len(through)]
        through.append(questions)
    return through[page]


@dataclass(slots=True)
class _Deal:
    """One shuffled deck, dealt page by page. What has been dealt is gone from it."""

    rng: Random
    theme: themes.Theme | None
    general: dict[str, list[str]]
    themed: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def fresh(cls, theme: str, seed: int) -> _Deal:
        rng = Random(f"{seed}\n{theme}")
        deck = people_decks.load("sparks")
        found = themes.read(theme)
        general = {
            kind: rng.sample(each["general"], len(each["general"])) for kind, each in deck.items()
        }
        if found is None:
            return cls(rng, None, general)
        sections = _fitting(found)
        themed = {
            kind: [frame for section in sections for frame in each.get(section, ())]
            for kind, each in deck.items()
        }
        return cls(
            rng,
            found,
            general,
            {kind: rng.sample(each, len(each)) for kind, each in themed.items()},
        )

    def page(self, count: int) -> tuple[str, ...] | None:
        """The next questions, of different kinds; None where they no longer suffice."""
        places = [self.theme is not None and at % THEMED_OF != 1 for at in range(count)]
        asked: list[str] = []
        used: set[str] = set()
        for held in places:
            question = self._question(held, used, asked) or self._question(False, used, asked)
            if question is None:
                return None
            asked.append(question)
        return tuple(asked)

    def _question(self, held: bool, used: set[str], asked: Sequence[str]) -> str | None:
        """One question of a kind not yet `used`, from those with the most left; taken out."""
        source = self.themed if held else self.general
        free = [kind for kind in source if kind not in used and source[kind]]
        self.rng.shuffle(free)
        for kind in sorted(free, key=lambda each: -len(source[each])):
            for at, frame in enumerate(source[kind]):
                text = self._fitting(frame, held, asked)
                if text is not None:
                    del source[kind][at]
                    used.add(kind)
                    return text
        return None

    def _fitting(self, frame: str, held: bool, asked: Sequence[str]) -> str | None:
        """`frame` with the theme in it, unlike all `asked`: in full once, then more briefly."""
        subject: Subject | None = _NO_SUBJECT
        if held and self.theme is not None:
            again = any(self.theme.subject.full.casefold() in text.casefold() for text in asked)
            subject = self.theme.brief if again else self.theme.subject
        if subject is None:
            return None
        text = grammar.expand(frame, self.rng, subject, {})
        return None if any(duplicate(text, other) for other in asked) else text


def _fitting(theme: themes.Theme) -> tuple[str, ...]:
    """The sections whose frames read right with `theme`."""
    if theme.plain:
        return ("near", "plain")
    return ("near",) if theme.somebody else ("near", "into")
