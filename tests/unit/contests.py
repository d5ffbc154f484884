"""Closed challenges for tests: made by hand, voted in by a seeded crowd, counted as any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from math import exp
from random import Random

from bot.cards import Card
from bot.challenge import (
    Challenge,
    ChallengeState,
    Contender,
    GuessMade,
    PickMade,
    Plan,
    PraiseGiven,
    Side,
)
from bot.challenge_results import Closed, Counted, Credit, Out, ResultNote, Told, Unlike
from bot.game.challenges.commitments import commitment, maker_pseudonym
from bot.game.challenges.counting import count, notes
from bot.game.challenges.verdicts import tell
from bot.models import Facet, Origin, UserRef
from bot.present.challenges.files import Named, as_seals
from bot.present.challenges.halls import file_card, hall_card, unlike_card
from bot.present.challenges.own import own_card
from bot.present.challenges.results import results_card, results_page
from bot.present.challenges.verdict import no_verdict_card, verdict_card
from bot.present.guarding import noticed
from bot.storage.results import Material

NOW = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
SECRET = "5ec5e7"
MODEL, FAMILY = "fable-2", "fable"
HUMAN, AI, TOGETHER = Origin.HUMAN, Origin.AI, Origin.TOGETHER
TEXTS = (
    "The last bus knows us all by our coughs.",
    "Rain keeps a list of roofs that answered.",
    "My umbrella has opinions about Tuesdays.",
    "What the gutter said, it said in passing.",
    "Every window is a letter the street forgot.",
    "The puddle rehearses the sky.",
    "Somebody left the weather on.",
    "Nobody thanks the drain.",
)
ORIGINS = (HUMAN, AI, HUMAN, TOGETHER, HUMAN, AI, HUMAN, HUMAN)
STRENGTHS = (1.6, 0.9, 0.5, 0.1, -0.2, -0.5, -0.9, -1.5)


def pool_of(
    texts: Sequence[str] = TEXTS, origins: Sequence[Origin] = ORIGINS, model: str = MODEL
) -> dict[str, Contender]:
    """A pool with seals. The author of entry n is member n, but for Muse's."""
    rng, pool = Random(4), {}
    for number, (text, origin) in enumerate(zip(texts, origins, strict=True), 1):
        alias = "".join(rng.choices("bcdfghjkmnpqrstvwxz", k=4))
        author = 0 if origin is AI else number
        salt = f"{rng.getrandbits(128):032x}"
        maker = maker_pseudonym(SECRET, author)
        written = origin is not HUMAN
        pool[alias] = Contender(
            alias=alias,
            text=text,
            origin=origin,
            author=author,
            parent="round0000001/2" if origin is TOGETHER else "",
            salt=salt,
            commitment=commitment(salt, alias, text, origin, maker),
            model=model if written else "",
            family=FAMILY if written else "",
        )
    return pool


def challenge_of(number: int = 3, **changes: object) -> Challenge:
    made = Challenge(
        community="commun1ty0",
        id=f"x{number}",
        number=number,
        state=ChallengeState.CLOSED,
        theme="what the rain keeps",
        opened=NOW - timedelta(days=5),
        deadline=NOW - timedelta(days=2),
        closes=NOW,
        plan=Plan(),
        seed=7,
        voting_since=NOW - timedelta(days=2),
        closed=NOW,
        counted=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def voted(
    pool: Mapping[str, Contender],
    strengths: Sequence[float] = STRENGTHS,
    voters: int = 40,
    each: int = 7,
    seed: int = 1,
) -> tuple[PickMade, ...]:
    """Picks of members 101, 102 … by chance, as Bradley and Terry say."""
    rng = Random(f"picks {seed}")
    known = dict(zip(pool, strengths, strict=True))
    made = []
    for member in range(101, 101 + voters):
        pairs = [(a, b) for a in pool for b in pool if a < b]
        for number, (one, two) in enumerate(rng.sample(pairs, min(each, len(pairs))), 1):
            left, right = (one, two) if rng.random() < 0.5 else (two, one)
            chance = 1 / (1 + exp(known[right] - known[left]))
            side = Side.LEFT if rng.random() < chance else Side.RIGHT
            if rng.random() < 0.1:
                side = Side.BOTH
            made.append(PickMade(member, number, left, right, side))
    return tuple(made)


def material_of(**changes: object) -> Material:
    """A week of eight entries, forty voters, thirty guesses and some praise."""
    pool, rng = pool_of(), Random("said")
    aliases = list(pool)
    said = [
        GuessMade(101 + n, alias, rng.choice((HUMAN, AI, TOGETHER)))
        for n in range(10)
        for alias in rng.sample(aliases, 3)
    ]
    praises = [
        PraiseGiven(101 + n, facet, rng.choice(aliases[:4])) for n in range(12) for facet in Facet
    ]
    made = Material(
        challenge_of(), pool, voted(pool), tuple(said), tuple(praises), ("discord:1",), {}
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def closed_of(material: Material | None = None, own: int = 0, **changes: object) -> Closed:
    """A counted challenge, as it is told to the member `own`."""
    found = material or material_of()
    people = {n: UserRef("console", f"member{n}") for n in (*range(1, 13), *range(101, 141))}
    made = Closed(
        found.challenge,
        found.pool,
        count(found),
        people,
        {a: Credit(muse=True) for a, e in found.pool.items() if e.origin is TOGETHER},
        own,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def named_of(closed: Closed) -> Named:
    makers = {
        alias: maker_pseudonym(SECRET, entry.author)
        for alias, entry in closed.pool.items()
        if entry.author or entry.origin is AI
    }
    return Named(makers, {n: f"voter{n}" for n in range(101, 141)})


def without(
    pool: Mapping[str, Contender], *aliases: str, **changes: object
) -> dict[str, Contender]:
    """The pool with something else true of some of its entries."""
    return {
        alias: replace(entry, **changes) if alias in aliases else entry  # type: ignore[arg-type]
        for alias, entry in pool.items()
    }


def season(weeks: int, lead: float = 0.0, entries: int = 5, voters: int = 32) -> list[Material]:
    """Challenges of people against AI, people's being `lead` stronger, by the same voters."""
    found = []
    for week in range(1, weeks + 1):
        origins = [HUMAN] * entries + [AI] * entries
        pool = pool_of([f"text {week}.{n}" for n in range(2 * entries)], origins)
        rng = Random(f"week {week}")
        strengths = [rng.gauss(lead if origin is HUMAN else 0.0, 0.5) for origin in origins]
        picks = voted(pool, strengths, voters, 9, week)
        found.append(Material(challenge_of(week, id=f"x{week}"), pool, picks))
    return found


@cache
def longest() -> Closed:
    """Everything as long as it may be."""
    texts = [(f"{n} " + "lorem ipsum dolor " * 60)[:1000] for n in range(1, 41)]
    origins = [(HUMAN, AI, TOGETHER)[n % 3] for n in range(40)]
    pool = pool_of(texts, origins, model="a-model-with-a-very-long-name-indeed-2026-11-28-preview")
    strengths = [0.0] * 5 + [-3.0] * 35
    picks = voted(pool, strengths, 60, 40)
    aliases = list(pool)
    said = [GuessMade(101 + n, a, TOGETHER) for n in range(60) for a in aliases[:3]]
    praises = [PraiseGiven(101 + n, f, aliases[n % 4]) for n in range(60) for f in Facet]
    spaces = tuple(f"discord:{10**17 + n}" for n in range(8))
    material = Material(
        challenge_of(theme=("a very long theme about everything " * 10)[:200].strip()),
        without(pool, *aliases[-3:], struck=True),
        picks,
        tuple(said),
        tuple(praises),
        spaces,
        {101 + n: spaces[n % 7] for n in range(60)},
    )
    people = {n: UserRef("console", f"member{n:026}") for n in range(1, 200)}
    made = closed_of(material, own=1, people=people)
    credits_ = {a: Credit(people[7]) for a, e in pool.items() if e.origin is TOGETHER}
    return replace(made, credits=credits_, counted=replace(made.counted, podium_changes=True))


def quiet(entries: int) -> Closed:
    pool = dict(list(pool_of().items())[:entries])
    return Closed(
        challenge_of(quiet=True, counted=False), pool, Counted(), {1: UserRef("console", "ana")}
    )


def _level(material: Material, pieces: int = 4) -> Material:
    """As many as that stood out alike, and disguised themselves alike."""
    aliases = [alias for alias, each in material.pool.items() if each.origin is not TOGETHER]
    return replace(
        material,
        guesses=tuple(GuessMade(101 + n, a, TOGETHER) for a in aliases[:pieces] for n in range(3)),
        praises=tuple(PraiseGiven(101 + n, Facet.DEEP, a) for n, a in enumerate(aliases[:pieces])),
    )


def _notes(material: Material) -> list[ResultNote]:
    return list(notes(material, count(material)).values())


def _cards() -> dict[str, Card]:
    plain, material = closed_of(), material_of()
    best = plain.counted.order[0].alias
    struck = closed_of(replace(material, pool=without(material.pool, best, struck=True)))
    even = closed_of(
        replace(material, picks=voted(material.pool, [0.5] * 3 + [-2.0] * 5, 60, 12, 2))
    )
    few = closed_of(replace(material, picks=voted(material.pool, voters=3, each=4), guesses=()))
    unvoted = closed_of(replace(material, picks=(), guesses=(), praises=()))
    linked = closed_of(
        replace(
            material,
            spaces=("discord:1", "discord:3", "slack:T2"),
            voted_from={n: "discord:1" if n % 3 else "slack:T2" for n in range(101, 141)},
        )
    )
    last = plain.counted.order[-1]
    forgotten = replace(
        plain,
        pool=without(plain.pool, plain.counted.order[0].alias, text="", author=0, salt=""),
    )
    together = next(a for a, e in plain.pool.items() if e.origin is TOGETHER)
    found = plain.counted
    odd = replace(plain, counted=_unlike(found))
    tells: list[Told] = [tell(season(1)), tell(season(3)), tell(season(9, 1.2)), tell(season(9))]
    told_of = _notes(material)
    said = [n for n in told_of if n.entry is not None]
    return {
        "result_challenge": results_card(plain),
        "result_challenge_struck": results_card(struck),
        "result_challenge_shared": results_card(even),
        "result_challenge_few": results_card(few),
        "result_challenge_level": results_card(closed_of(_level(material))),
        "result_challenge_level_two": results_card(closed_of(_level(material, 2))),
        "result_challenge_unvoted": results_card(unvoted),
        "result_challenge_linked": results_card(linked),
        "result_challenge_forgotten": results_card(forgotten),
        "result_challenge_unlike": results_card(odd),
        "result_challenge_longest": results_card(longest()),
        "result_challenge_empty": results_card(replace(plain, counted=Counted())),
        "result_challenge_example": results_card(
            replace(plain, challenge=challenge_of(example=True))
        ),
        "result_challenge_quiet": results_card(quiet(2)),
        "result_challenge_quiet_none": results_card(quiet(0)),
        "challenge_page_1": results_page(plain, 1),
        "challenge_page_2": results_page(plain, 2),
        "challenge_page_3": results_page(plain, 3),
        "challenge_page_past": results_page(plain, 9),
        "challenge_page_longest": results_page(longest(), 1),
        "challenge_page_longest_last": results_page(longest(), 13),
        "challenge_page_quiet": results_page(quiet(2), 1),
        "challenge_own": own_card(replace(plain, own=1)),
        "challenge_own_last": own_card(replace(plain, own=plain.pool[last.alias].author)),
        "challenge_own_together": own_card(replace(plain, own=plain.pool[together].author)),
        "challenge_own_struck": own_card(replace(struck, own=struck.pool[best].author)),
        "challenge_own_shared": own_card(replace(even, own=1)),
        "challenge_own_few": own_card(replace(few, own=1)),
        "challenge_own_quiet": own_card(replace(quiet(2), own=1)),
        "challenge_own_quiet_struck": own_card(
            replace(quiet(2), own=1, pool=without(quiet(2).pool, *quiet(2).pool, struck=True))
        ),
        "challenge_own_unvoted": own_card(replace(unvoted, own=1)),
        "challenge_own_voter": own_card(replace(plain, own=101)),
        "challenge_own_stranger": own_card(replace(plain, own=0)),
        "challenge_own_longest": own_card(longest()),
        "challenge_notes": Card(tuple(noticed([*said[:3], said[-1], told_of[-1]])), "notes"),
        "challenge_notes_out": Card(
            tuple(
                noticed(
                    [
                        ResultNote("x3", 3, "what the rain keeps", out=Out.STRUCK.value),
                        ResultNote("x3", 3, "what the rain keeps", out=Out.HIDDEN.value),
                        ResultNote("x3", 3, "what the rain keeps"),
                        replace(said[0], entry=few.counted.order[0], shared=False),
                    ]
                )
            ),
            "notes",
        ),
        "challenge_hall": hall_card([plain, even, unvoted], 1, more=True),
        "challenge_hall_last": hall_card([forgotten], 2, more=False),
        "challenge_hall_empty": hall_card([], 1, more=False),
        "challenge_hall_longest": hall_card([longest()] * 5, 2, more=True),
        "challenge_file": file_card(plain, "commitments", as_seals(plain, named_of(plain))),
        "challenge_unlike": unlike_card(odd),
        "challenge_unlike_none": unlike_card(plain),
        "challenge_verdict_none": no_verdict_card(),
        "challenge_verdict_unmet": verdict_card(
            tell([replace(material, pool=dict(list(material.pool.items())[:1]), picks=())])
        ),
        "challenge_verdict_one": verdict_card(tells[0]),
        "challenge_verdict_early": verdict_card(tells[1]),
        "challenge_verdict_claim": verdict_card(tells[2]),
        "challenge_verdict_open": verdict_card(tells[3]),
    }


def _unlike(counted: Counted) -> Counted:
    return replace(
        counted, unlike=(Unlike(101, 12, 0.41), Unlike(999, 20, 0.6)), podium_changes=True
    )


CARDS = _cards()
