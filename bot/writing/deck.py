"""Muse's own voice when no model is connected: hand-written decks and a small grammar.

Each lens has a deck of frames for each form (`decks/*.toml`). A draft takes one frame,
puts the prompt's own words into its slots and draws its alternatives; everything is drawn
from the brief's seed, so that the same brief gives the same drafts on any machine.
"""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from bot.brief import Brief
from bot.errors import WriterFailed
from bot.models import Draft, Origin
from bot.ports import Writer
from bot.writing import forms, grammar, lenses, prompt_reader
from bot.writing.similarity import duplicate, similarity

#: Compositions tried for one draft before the least similar one is taken.
ATTEMPTS = 40
#: Characters a free piece has at most: what reads at a glance beside three others.
FREE_CHARS = 360
#: From this attempt on the subject is only mentioned: four short pieces which all repeat a long
#: prompt would be duplicates by that alone.
TERSE_FROM = 6
#: Syllables of the line of a haiku that holds the subject.
SUBJECT_LINE = 5

#: What is said where a picture is wanted of the deck.
NO_PICTURES = (
    "Pictures need an image model, which OPENAI_IMAGE_MODEL names, and a model to describe them:"
    " the deck can't paint."
)

Deck = dict[str, list[str]]


class DeckWriter(Writer):
    """Writes from the decks. Needs no network and no key.

    Never fails on a valid brief in one of `forms.DECK_FORMS`.
    """

    def __init__(self, pace: float = 0.0) -> None:
        """`pace`: seconds before each draft, so that a round fills up like any writer's."""
        self._pace = pace

    async def write(self, brief: Brief) -> AsyncIterator[Draft]:
        """One draft for each of `brief.lenses`, in order.

        Raises `BadInput` for an unknown name, `WriterFailed` for a form that is painted.
        """
        if forms.form(brief.form).painted:
            raise WriterFailed(NO_PICTURES)
        earlier = list(brief.avoid)
        for name in brief.lenses:
            if self._pace > 0:
                await asyncio.sleep(self._pace)
            text = _best(brief, name, earlier)
            earlier.append(text)
            yield Draft(text=text, lens=name, origin=Origin.DECK)


def _best(brief: Brief, lens: str, earlier: Sequence[str]) -> str:
    """The first composition unlike all `earlier` that begins with another line than they do;
    else the first unlike them, or the least similar of `ATTEMPTS`.
    """
    fresh = ""
    closest: list[tuple[float, str]] = []
    shape = forms.form(brief.form)
    begun = {_first_of(text) for text in earlier}
    for attempt in range(ATTEMPTS):
        text = forms.fit(shape, compose(brief, lens, attempt))
        if text is None or (shape.name == "free" and len(text) > FREE_CHARS):
            continue
        if any(duplicate(text, other) for other in earlier):
            closest.append((max(similarity(text, other) for other in earlier), text))
        elif _first_of(text) in begun:
            fresh = fresh or text
        else:
            return text
    if fresh:
        return fresh
    if not closest:
        raise WriterFailed(f"The deck has no {shape.label} for this prompt.")
    return min(closest)[1]


def _first_of(text: str) -> str:
    return text.partition("\n")[0].casefold()


def compose(brief: Brief, lens: str, attempt: int) -> str:
    """One text for `brief` through `lens`, before it is held to its form.

    Depends only on the seed, prompt, form, lens and attempt. Raises `BadInput` where the
    form or the lens is unknown. The form is one of `forms.DECK_FORMS`.
    """
    shape = forms.form(brief.form).name
    deck = _deck(lenses.lens(lens).name)
    rng = Random(f"{brief.seed}\n{brief.prompt}\n{shape}\n{lens}\n{attempt}")
    pools = _pools()
    subject = prompt_reader.read(brief.theme or brief.prompt)
    if attempt >= TERSE_FROM:
        subject = prompt_reader.terse(subject)
    elif not subject.full and shape == "tagline":
        # A poster has no room for "a boat called"; the bare title stands on it well.
        subject = replace(subject, full=f"“{subject.title}”", the=subject.short)
    elif not subject.full:
        subject = prompt_reader.called(subject, rng.choice(pools["carrier"]))
    frame = _haiku(rng, subject, deck) if shape == "haiku" else rng.choice(deck[shape])
    text = grammar.expand(frame, rng, subject, pools)
    return grammar.capitalised(text) if shape == "haiku" else text


def _haiku(rng: Random, subject: prompt_reader.Subject, deck: Deck) -> str:
    """Three lines: the subject first and what becomes of it, or it alone at the end."""
    left = SUBJECT_LINE - max(1, grammar.syllables(subject.short))
    tails = [tail for tail in _pools()["tail"] if grammar.syllables(tail.strip("—, ")) == left]
    tail = rng.choice(tails) if tails else ""
    middle, short = rng.choice(deck["haiku7"]), rng.choice(deck["haiku5"])
    if rng.random() < 0.5:
        return "\n".join((short, middle, "{short}" + tail))
    return "\n".join(("{short}" + (tail or "—"), middle, short))


@cache
def _pools() -> Deck:
    return _load("shared")


@cache
def _deck(lens: str) -> Deck:
    return _load(lens)


def _load(name: str) -> Deck:
    """One deck file: a list of frames under each form's name."""
    text = files("bot.writing").joinpath("decks", f"{name}.toml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = tomllib.loads(text)
    return {section: [str(frame) for frame in frames] for section, frames in loaded.items()}
