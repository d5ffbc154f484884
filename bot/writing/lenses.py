"""Lenses: the ways of looking that shape an entry, called *angles* by the people who play.

Each is an ordinary person or a plain constraint, never "a creative expert": personas of
that kind make texts more alike (arXiv 2602.20408).
"""

from __future__ import annotations

from difflib import get_close_matches
from random import Random

from bot.brief import Lens
from bot.errors import BadInput

LENSES: tuple[Lens, ...] = (
    Lens(
        "night-shift",
        "the night shift",
        "Seen at four in the morning by somebody paid to stay awake.",
        "Write as a nurse, guard or cleaner on the night shift, mid-task and tired, who notices"
        " one exact thing and does not make a speech of it.",
    ),
    Lens(
        "child",
        "a child explains",
        "Explained by a seven-year-old who is quite sure.",
        "Write as a seven-year-old explaining it with complete confidence. The logic is wrong in"
        " its facts and right in its feeling. No cute misspellings.",
    ),
    Lens(
        "list",
        "somebody’s list",
        "A list that gives its writer away.",
        "Write it as someone’s practical list (shopping, packing, pros and cons). One item gives"
        " away what the list is really about.",
    ),
    Lens(
        "smell-first",
        "a smell first",
        "Begins with a smell or a sound; the sense arrives before the meaning.",
        "Begin with one exact smell or sound, before anything is named or explained, and let it"
        " lead to something that happened.",
    ),
    Lens(
        "own-voice",
        "in its own voice",
        "The thing itself speaks, and has complaints.",
        "Let the thing itself speak in the first person, with its own wants, working conditions"
        " and grievances. It does not know it is a metaphor.",
    ),
    Lens(
        "unsent",
        "the letter never sent",
        "What was written down, folded, and kept in a drawer.",
        "Write what somebody put in a letter to one particular person and never posted: plain,"
        " addressed to “you”, with one thing they can’t bring themselves to say.",
    ),
    Lens(
        "manual",
        "the instruction manual",
        "Clear steps for something no manual covers.",
        "Write it as a page of an instruction manual or a warranty, in its dry and orderly voice,"
        " for something that no manual could cover.",
    ),
    Lens(
        "last-day",
        "the last day",
        "Everything as usual, for the last time.",
        "Set it on the last day of something. Keep to small practical acts; nobody says what they"
        " feel.",
    ),
    Lens(
        "wrong-scale",
        "the wrong scale",
        "Far too big, or small enough to lose in a coat.",
        "Change one thing only: the size. Make it enormous or tiny, and follow the everyday"
        " consequences with a straight face.",
    ),
    Lens(
        "neighbour",
        "the neighbour overheard",
        "Through a thin wall, with opinions.",
        "Write as a neighbour who has overheard part of it through a wall and gets some of it"
        " wrong. Opinionated, nosy, and kinder than they let on.",
    ),
    Lens(
        "weather",
        "a weather report",
        "Outlook, warnings, and a word for those at sea.",
        "Write it as a weather or shipping forecast, in that calm official rhythm, for a thing"
        " that is not weather.",
    ),
    Lens(
        "apology",
        "the apology",
        "Somebody is sorry, mostly.",
        "Write it as an apology, public or private, that does not quite apologise for the right"
        " thing until its last line.",
    ),
    Lens(
        "lost-property",
        "lost property",
        "Handed in, labelled, and waiting to be claimed.",
        "Write as the clerk of a lost-property office filing it: shelf, ticket, who came asking."
        " The clerk has seen everything.",
    ),
    Lens(
        "museum",
        "a museum label",
        "The little card beside it, a hundred years on.",
        "Write the small label beside it in a museum of the future, which explains our ordinary"
        " life and gets one detail touchingly wrong.",
    ),
    Lens(
        "voicemail",
        "a voicemail",
        "One side of a call nobody picked up.",
        "Write it as a voicemail left by someone who rang for one reason and says another. It is"
        " spoken, so it wanders and breaks off.",
    ),
)

_BY_NAME = {each.name: each for each in LENSES}


def lens(name: str) -> Lens:
    """The lens called `name`, by slug or label; `BadInput` naming the nearest one otherwise."""
    wanted = name.strip().casefold()
    for each in LENSES:
        if wanted in (each.name, each.label.casefold()):
            return each
    near = get_close_matches(wanted, list(_BY_NAME), n=1, cutoff=0.5)
    hint = f" Did you mean “{near[0]}”?" if near else ""
    raise BadInput(f"There is no angle “{name.strip()[:40]}”.{hint} Angles: {', '.join(_BY_NAME)}.")


def pick(rng: Random, count: int) -> tuple[Lens, ...]:
    """`count` different lenses in random order; all of them where `count` is more than that."""
    return tuple(rng.sample(LENSES, min(count, len(LENSES))))
