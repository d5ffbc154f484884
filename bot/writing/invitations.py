"""Invitations: prompts that Muse gives to people, who answer in a few lines.

`InvitationDeck` takes them from a hand-written deck (`decks_people/invitations.toml`); `INVITATION`
and `KINDS` are what a model is told to write the same, a kind being to an invitation what a lens
is to an entry.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import cache
from math import prod
from random import Random

from bot.brief import Brief, Lens
from bot.errors import WriterFailed
from bot.models import Draft, Origin
from bot.ports import Writer
from bot.writing import forms, grammar, lexicon, people_decks, themes
from bot.writing.prompt_reader import Kind, Subject
from bot.writing.similarity import duplicate

#: Compositions tried through the kind that was asked for, before any kind will do.
OF_KIND = 24
#: Compositions tried with the theme in them, before the theme is left to the card.
WITH_THEME = 120
#: Compositions tried in all.
ATTEMPTS = 240
#: How much more often than one that always says the same a frame may be drawn.
MOST_WEIGHT = 4

INVITATION = forms.INVITATION

KINDS: tuple[Lens, ...] = (
    Lens(
        "first-time",
        "a first time",
        "Something that had never been done before, at least by you.",
        "Ask for a first time, remembered or made up: who was there, what it was like just before.",
    ),
    Lens(
        "at-hand",
        "an object at hand",
        "Begins with what is within reach.",
        "Ask people to look at one ordinary object that is near them now, and to make it speak for"
        " itself.",
    ),
    Lens(
        "overheard",
        "overheard",
        "Through a wall, on a bus, from the next table.",
        "Ask for something overheard, true or invented: the exact words, and what was not said.",
    ),
    Lens(
        "note",
        "a note to send",
        "A few words to somebody in particular.",
        "Ask for a few words to one particular addressee, unlikely or long out of reach.",
    ),
    Lens(
        "small-lie",
        "a small lie",
        "A harmless lie, well told.",
        "Ask for a harmless lie told beautifully: an excuse, a false custom, an invented origin.",
    ),
    Lens(
        "steps",
        "instructions",
        "How it is done, by one who knows.",
        "Ask how to do something that no manual covers, by somebody who has done it too often.",
    ),
    Lens(
        "hour",
        "a place at an hour",
        "One place, at one time of day.",
        "Name or ask for one exact place at one exact hour, and ask what happens there.",
    ),
    Lens(
        "what-if",
        "one thing changed",
        "The world, with one thing altered.",
        "Change one thing about the world in half a sentence, then ask for one small consequence in"
        " one household.",
    ),
    Lens(
        "list",
        "a short list",
        "Things that belong together for one person only.",
        "Ask for a few things that belong together in one life only; the heading does the work.",
    ),
    Lens(
        "ending",
        "the ending first",
        "How it ended is known. How did it begin?",
        "Give the last moment, odd and concrete, and ask what led up to it.",
    ),
    Lens(
        "lost-found",
        "lost and found",
        "What went missing, and what turned up.",
        "Ask about one thing lost, found or handed in, and what clings to it.",
    ),
    Lens(
        "stranger",
        "a stranger",
        "Somebody you don’t know, looked at twice.",
        "Ask about somebody unknown who was seen for a moment, kindly, with one telling detail.",
    ),
    Lens(
        "rule",
        "a house rule",
        "Laws for small countries.",
        "Ask for a rule, a sign, a fine or a holiday of one household or one tiny country.",
    ),
    Lens(
        "name",
        "a name for it",
        "What has no name yet.",
        "Ask people to name something that has no name yet, and let the name tell why.",
    ),
)
_NAMES = tuple(each.name for each in KINDS)
_NO_SUBJECT = Subject(Kind.UNREADABLE, "")


def pick(rng: Random, count: int = 1) -> tuple[Lens, ...]:
    """`count` different kinds in random order; all of them where `count` is more than that."""
    return tuple(rng.sample(KINDS, min(count, len(KINDS))))


class InvitationDeck(Writer):
    """Gives invitations from the deck. Needs no network and no key."""

    async def write(self, brief: Brief) -> AsyncIterator[Draft]:
        """One draft for each of `brief.lenses`, in order, near no other and none of `avoid`.

        The brief's prompt is the theme, or empty. Its lenses are names of `KINDS`; any other
        stands for any kind. Where a kind has nothing left, another lends one; where the theme has
        nothing left, the invitation is a general one. Raises `WriterFailed` where everything
        the deck can say is near something to avoid.
        """
        earlier = list(brief.avoid)
        for name in brief.lenses:
            text = _fresh(brief, name, earlier)
            earlier.append(text)
            yield Draft(text=text, lens=name, origin=Origin.DECK)


def _fresh(brief: Brief, kind: str, earlier: Sequence[str]) -> str:
    """The first composition unlike all `earlier`."""
    theme = themes.read(brief.prompt)
    for attempt in range(ATTEMPTS):
        text = compose(theme, brief.seed, kind, attempt)
        fits = forms.fit(INVITATION, text) == text
        if fits and not any(duplicate(text, other) for other in earlier):
            return text
    raise WriterFailed("The deck has no prompt that is unlike the last ones.")


def compose(theme: themes.Theme | None, seed: int, kind: str, attempt: int) -> str:
    """One text, before it is held to its form. Depends on nothing but the arguments.

    Later attempts are freer: any kind, the theme said more briefly, in the end without it.
    """
    topic = theme.subject.full if theme else ""
    rng = Random(f"{seed}\n{topic}\n{kind}\n{attempt}")
    if kind not in _NAMES or attempt >= OF_KIND:
        kind = rng.choice(_NAMES)
    deck = people_decks.load("invitations")
    pools, frames = deck["pools"], deck[kind]
    if theme is None or attempt >= WITH_THEME:
        return grammar.expand(_drawn(rng, kind), rng, _NO_SUBJECT, pools)
    # Two prompts that both repeat a long theme are near each other by that alone.
    subject = theme.brief if theme.brief and attempt % 2 else theme.subject
    sections = ("themed", *_fitting(theme))
    section, frame = rng.choice(
        [(each, text) for each in sections for text in frames.get(each, ())]
    )
    if section == "beings" and subject.plural:
        # Nobody keeps a seat for neighbours; somebody does for the neighbours.
        subject = replace(subject, full=_these(subject))
    return grammar.expand(frame, rng, subject, pools)


def _drawn(rng: Random, kind: str) -> str:
    """A general frame. One with more to draw within it is drawn more often: it stays fresh."""
    frames = people_decks.load("invitations")[kind]["general"]
    return rng.choices(frames, [_weight(frame) for frame in frames])[0]


@cache
def _weight(frame: str) -> int:
    pools = people_decks.load("invitations")["pools"]
    variants: int = prod(choice.count("|") + 1 for choice in re.findall(r"<[^<>]*>", frame))
    slots = (name.lower() for name in re.findall(r"\{(\w+)\}", frame))
    variants *= prod(len(pools[name]) for name in slots)
    return min(MOST_WEIGHT, variants)


def _these(subject: Subject) -> str:
    """A plural with its article: "neighbours" as "the neighbours"."""
    bare = subject.full.split()[0].lower() not in lexicon.DETERMINERS
    return f"the {subject.full}" if bare and subject.full.islower() else subject.full


def _fitting(theme: themes.Theme) -> tuple[str, ...]:
    """The sections that fit `theme`, beside what fits any.

    What is fun to do to a kettle is unkind to do to somebody.
    """
    if not theme.thing:
        return ()
    return ("beings",) if theme.somebody else ("beings", "things")
