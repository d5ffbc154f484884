"""What a writer is asked, and what a community gives it to know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lens:
    """One way of looking.

    `name` is the slug kept with an entry; `label` is what people read beside it; `line`
    says in one sentence what it does; `instruction` is what a model is told.
    """

    name: str
    label: str
    line: str
    instruction: str


@dataclass(frozen=True, slots=True)
class Angles:
    """A community's lenses: those it made, and the names of those it hides."""

    own: tuple[Lens, ...] = ()
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LoreLine:
    """One thing a community knows or jokes about, by its number."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A piece that a community voted for, as its hall of fame keeps it."""

    text: str
    form: str
    lens: str
    approvals: int


@dataclass(frozen=True, slots=True)
class Brief:
    """What a writer is asked: the prompt, the form and the lenses, and what to keep away from.

    `lenses` holds one name for each draft wanted, in the order to write; a community's own
    are in `own_lenses`. `avoid` holds texts that no draft may resemble, `without` words and
    ideas to leave out. `lore` are lines on the community, `loved` pieces it voted for,
    `parents` the pieces a refined round or a remix begins from, `twist` what a person adds
    to them. `bold` asks for the unlikely, `language` (its English name) for another language
    than the prompt's. `theme` is what the prompt is about, where that is known: a deck, which
    can't answer, writes on it. `seed` makes a deck's answer repeatable.
    """

    prompt: str
    form: str
    lenses: tuple[str, ...]
    avoid: tuple[str, ...] = ()
    seed: int = 0
    own_lenses: tuple[Lens, ...] = ()
    without: tuple[str, ...] = ()
    lore: tuple[str, ...] = ()
    loved: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    twist: str = ""
    bold: bool = False
    language: str = ""
    theme: str = ""
