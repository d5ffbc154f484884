"""How results are written in Redis, and read from it: JSON with short names, kept for good."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.challenge_results import Counted, Guesser, Out, Placed, ResultNote, Turnout, Unlike
from bot.models import Facet, Origin
from bot.stats.guessing import Guessed


def write_counted(counted: Counted) -> str:
    """Results as kept. The same results are the same text."""
    kept: dict[str, Any] = {
        "v": counted.voters,
        "n": counted.picks,
        "e": [_placed(each) for each in counted.order],
        "x": dict(sorted(counted.out.items())),
        "g": [[g.member, g.right, g.of] for g in counted.guessers],
        "u": [[u.member, u.picks, round(u.own_taste, 4)] for u in counted.unlike],
        "t": [[t.space, t.voters, t.picks, list(t.first)] for t in counted.turnouts],
    }
    if counted.guessed is not None:
        g = counted.guessed
        kept["q"] = [g.guesses, g.right, g.chance, g.low, g.high, g.odds]
    if counted.podium_changes:
        kept["c"] = 1
    return json.dumps(kept, separators=(",", ":"))


def read_counted(text: str) -> Counted:
    """The inverse of `write_counted`."""
    kept = json.loads(text)
    return Counted(
        order=tuple(_read_placed(each) for each in kept["e"]),
        out={alias: Out(why) for alias, why in kept["x"].items()},
        voters=kept["v"],
        picks=kept["n"],
        guessed=Guessed(*kept["q"]) if "q" in kept else None,
        guessers=tuple(Guesser(*each) for each in kept["g"]),
        unlike=tuple(Unlike(*each) for each in kept["u"]),
        podium_changes=bool(kept.get("c")),
        turnouts=tuple(Turnout(s, v, n, tuple(f)) for s, v, n, f in kept["t"]),
    )


def write_note(note: ResultNote) -> str:
    """What somebody is told of a challenge, as kept among their notices."""
    kept: dict[str, Any] = {"x": note.challenge, "n": note.number, "q": note.theme}
    if note.entry is not None:
        kept |= {"e": _placed(note.entry), "of": note.entries, "sh": int(note.shared)}
    if note.guesses is not None:
        kept["g"] = [note.guesses.member, note.guesses.right, note.guesses.of]
    if note.out:
        kept["o"] = note.out
    if note.example:
        kept["ex"] = 1
    return json.dumps(kept, separators=(",", ":"))


def read_note(kept: Mapping[str, Any]) -> ResultNote:
    """The inverse of `write_note`, of what it holds."""
    return ResultNote(
        challenge=kept["x"],
        number=kept["n"],
        theme=kept["q"],
        entry=_read_placed(kept["e"]) if "e" in kept else None,
        entries=kept.get("of", 0),
        shared=bool(kept.get("sh")),
        guesses=Guesser(*kept["g"]) if "g" in kept else None,
        out=kept.get("o", ""),
        example=bool(kept.get("ex")),
    )


def _placed(each: Placed) -> list[Any]:
    return [
        each.alias,
        each.place,
        round(each.strength, 6),
        *(round(figure, 6) for figure in (each.chance, each.low, each.high)),
        each.appearances,
        each.won,
        int(each.close),
        each.origin,
        each.family,
        {facet.value: count for facet, count in sorted(each.facets.items())},
        {origin.value: count for origin, count in sorted(each.guesses.items())},
    ]


def _read_placed(kept: list[Any]) -> Placed:
    *figures, close, origin, family, facets, guesses = kept
    alias, place, strength, chance, low, high, appearances, won = figures
    return Placed(
        *(alias, place, strength, chance, low, high, appearances, won),
        close=bool(close),
        origin=Origin(origin),
        family=family,
        facets={Facet(name): count for name, count in facets.items()},
        guesses={Origin(name): count for name, count in guesses.items()},
    )
