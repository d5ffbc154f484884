"""Results as files: a table, lines of JSON, and the seals alone. Pseudonyms, never names."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.challenge import Challenge, Contender, PickMade
from bot.challenge_results import Closed
from bot.models import Facet, Origin

ORIGINS = (Origin.HUMAN, Origin.AI, Origin.TOGETHER)
COLUMNS = (
    *("alias", "place", "close", "out", "origin", "maker", "model", "family", "lens", "parent"),
    *("strength", "chance", "low", "high", "appearances", "won"),
    *(f"said_{facet}" for facet in Facet),
    *(f"guessed_{origin}" for origin in ORIGINS),
    *("salt", "commitment", "text"),
)
_RISKY = ("=", "+", "-", "@", "\t", "\r", "'")  # a spreadsheet would take it for a formula


@dataclass(frozen=True, slots=True)
class Named:
    """Who is called what: makers by alias, voters by number ('' for somebody forgotten)."""

    makers: Mapping[str, str]
    voters: Mapping[int, str]


def entry_rows(closed: Closed, named: Named) -> list[dict[str, Any]]:
    """A row an entry, in order, then what is not in it."""
    counted = closed.counted
    aliases = [each.alias for each in counted.order]
    aliases += [alias for alias in closed.pool if alias not in aliases]
    return [_row(closed, closed.pool[alias], named.makers.get(alias, "")) for alias in aliases]


def _row(closed: Closed, entry: Contender, maker: str) -> dict[str, Any]:
    counted = closed.counted
    placed, out = counted.placed(entry.alias), counted.out.get(entry.alias)
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {
        "alias": entry.alias,
        "out": out.value if out else "",
        "origin": entry.origin.value,
        "maker": maker,
        "model": entry.model,
        "family": entry.family,
        "lens": entry.lens,
        "parent": entry.parent,
        "salt": entry.salt,
        "commitment": entry.commitment,
        "text": "" if entry.hidden else entry.text,
    }
    if entry.hidden:  # nobody sees it, nor what would show that a text is it
        row["salt"] = ""
    if placed is not None:
        row |= {
            "place": placed.place if counted.picks else None,
            "close": placed.close,
            "strength": round(placed.strength, 6),
            "chance": round(placed.chance, 6),
            "low": round(placed.low, 6),
            "high": round(placed.high, 6),
            "appearances": placed.appearances,
            "won": placed.won,
        }
        row |= {f"said_{facet}": placed.facets.get(facet, 0) for facet in Facet}
        row |= {f"guessed_{origin}": placed.guesses.get(origin, 0) for origin in ORIGINS}
    return row


def as_csv(closed: Closed, named: Named) -> str:
    """The entries as a table. A text that a spreadsheet would run has an apostrophe before it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in entry_rows(closed, named):
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.startswith(_RISKY):
        return f"'{value}"
    return value


def read_csv(text: str) -> list[dict[str, str]]:
    """The rows of a table of ours, without what was put before risky texts."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [
        {name: _uncell(value or "") for name, value in row.items() if isinstance(name, str)}
        for row in rows
    ]


def _uncell(value: str) -> str:
    return value.removeprefix("'")


def as_jsonl(closed: Closed, named: Named, picks: Iterable[PickMade] = ()) -> str:
    """The challenge, its entries, and the picks handed in: an object a line."""
    challenge, counted = closed.challenge, closed.counted
    guessed = counted.guessed
    head: dict[str, Any] = {
        "kind": "challenge",
        "number": challenge.number,
        "theme": challenge.theme,
        "opened": challenge.opened.isoformat(),
        "voting": challenge.voting_since.isoformat() if challenge.voting_since else None,
        "closed": (challenge.closed or challenge.closes).isoformat(),
        "example": challenge.example,
        "voters": counted.voters,
        "picks": counted.picks,
        "guesses": None
        if guessed is None
        else {
            "made": guessed.guesses,
            "right": guessed.right,
            "by_chance": guessed.chance,
            "low": guessed.low,
            "high": guessed.high,
            "odds": guessed.odds,
        },
        "spaces": [
            {"space": each.space.partition(":")[0], "voters": each.voters, "picks": each.picks}
            for each in counted.turnouts
        ],
    }
    lines = [head, *({"kind": "entry", **row} for row in entry_rows(closed, named))]
    lines += [
        {
            "kind": "pick",
            "voter": named.voters.get(pick.member, ""),
            "number": pick.number,
            "left": pick.left,
            "right": pick.right,
            "side": pick.side.value,
            "final": pick.final,
        }
        for pick in picks
    ]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def as_published(challenge: Challenge, seals: Iterable[str], root: str) -> str:
    """The seals of a challenge that people still vote in, in their own order, and the one hash of
    them all: nothing else that is in the pool.
    """
    kept = {
        "challenge": challenge.number,
        "theme": challenge.theme,
        "sealed": "one SHA-256 for each entry; what opens it comes with the results",
        "root": root,
        "rooted": "SHA-256 of the commitments as they stand here, a line feed between two",
        "commitments": sorted(seals),
    }
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def as_seals(closed: Closed, named: Named) -> str:
    """What was sealed when voting opened, with the salts."""
    wanted = ("alias", "commitment", "salt", "text", "origin", "maker")
    entries = [
        {name: row[name] for name in wanted}
        for row in sorted(entry_rows(closed, named), key=lambda row: str(row["alias"]))
    ]
    kept = {
        "challenge": closed.challenge.number,
        "theme": closed.challenge.theme,
        "sealed": "SHA-256 of the JSON array [salt, alias, text, origin, maker]",
        "entries": entries,
    }
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"
