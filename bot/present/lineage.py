"""Who came from whom in a round, as a small tree."""

from __future__ import annotations

from collections import defaultdict

from bot.cards import Line, Literal, Plain, Tree
from bot.models import Entry, Round
from bot.present.lines import excerpt, fill, person
from bot.present.rounds import text_of
from bot.wording import en

MOST_ROWS = 30  # what every platform can draw on one card
BEGINNING = 40  # characters of each piece, to know it by


def lineage(round_: Round) -> Tree | None:
    """The pieces that others came from, with those; None where nothing was remixed."""
    children: dict[int, list[Entry]] = defaultdict(list)
    numbers = {entry.number for entry in round_.entries}
    for entry in round_.entries:
        children[entry.parent if entry.parent in numbers else 0].append(entry)
    roots = [entry for entry in children[0] if children[entry.number]]
    rows: list[tuple[int, Line]] = []

    def grow(entry: Entry, depth: int) -> None:
        rows.append((depth, _row(round_, entry)))
        for child in children[entry.number]:
            grow(child, depth + 1)

    for root in roots:
        grow(root, 0)
    return Tree(tuple(rows[:MOST_ROWS])) if rows else None


def _row(round_: Round, entry: Entry) -> Line:
    if entry.withdrawn:
        return fill(en.TREE_WITHDRAWN, number=entry.number)
    if entry.hidden:
        return fill(en.TREE_HIDDEN, number=entry.number)
    beginning = Literal(excerpt(text_of(entry), BEGINNING))
    if not entry.author:
        return fill(en.TREE_MUSE, number=entry.number, text=beginning)
    who: Line = (person(round_.people.get(entry.author)),)
    if entry.model:
        who = fill(en.WITH_MUSE, who=who)
    return (*fill(en.TREE_PERSON, number=entry.number, text=beginning), Plain(" · "), *who)
