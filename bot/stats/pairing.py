"""Which two entries a voter is shown next. A pure function of what has been shown so far.

The rule: the entry shown least, then the opponent it met least, of those the one shown least. Never
a voter's own entry, never a pair twice for a voter. Among equals it is drawn, and so is which of
the two stands on the left. An opponent that was already shown twice more than the entry shown least
has to wait, however seldom the two met: so appearances stay within 2 of each other, but where a
voter's own entry, or the pairs they had, leave no other choice (a few voters with long ballots in a
small challenge; the next voters make up for it).

An offer counts as shown whether it is then picked, skipped or left lying, and a skip uses up the
quota. What is offered therefore never depends on what anybody picked, and who skips on and on to
fish for an entry sees it no more often than who picks each time.

**When many draw at once.** Whoever records the offer refuses it where one of the two was shown
since the counts were read, and it is drawn anew; since counts only grow, what passes is the fairest
still. A pair had twice by one voter is ruled out by whoever records the offer.

An offer stands until it is picked or skipped: a ballot that is opened again shows it again, or
closing and opening would be a way to fish.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

FIRST_OFFER = 7  #: duels a ballot asks for before “more?”
MOST = 20  #: duels a voter may have in a challenge, skips included
SPREAD = 2  #: how far apart appearances may come
FINALISTS = 8  #: the top entries that meet again in the finals
FINAL_ENTRIES = 24  #: entries from which on there are finals
FINAL_TIME = 0.25  #: the part of the voting time, at its end, that the finals take
FINAL_SHARE = 0.5  #: the share of duels in that time that are between finalists

Pair = tuple[int, int]
"""Two entries by number, the lower one first."""


def pair(one: int, other: int) -> Pair:
    """The pair of these two."""
    return (one, other) if one < other else (other, one)


@dataclass(frozen=True, slots=True)
class Shown:
    """What has been offered to all voters: how often each entry, and how often each pair."""

    entries: Sequence[int]
    pairs: Mapping[Pair, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ballot:
    """All that the next offer to one voter depends on. Entries are numbers from 0.

    `had` are the pairs this voter was offered, picked or skipped; `quota` how many they may have
    by now (7, or 20 after “more?”). `finalists` are the strongest entries so far while finals are
    on, else none; what finals show is counted apart, so that it takes nothing from the even share
    that the verdict needs. `seed` must differ from voter to voter and from duel to duel, and not be
    known to voters.
    """

    shown: Shown
    own: Collection[int]
    had: Collection[Pair]
    seed: str
    quota: int = FIRST_OFFER
    finalists: Sequence[int] = ()
    shown_in_finals: Shown = Shown(())


@dataclass(frozen=True, slots=True)
class Offer:
    """Two entries to choose between. A `final` one never counts for the verdict."""

    left: int
    right: int
    final: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """The pairs of which `next_pair` is to know how often they were shown, in `finals` or else."""

    pairs: frozenset[Pair] = frozenset()
    finals: frozenset[Pair] = frozenset()


class _Asked(dict[Pair, int]):
    """Counts of pairs that only note which of them are looked up."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: set[Pair] = set()

    def get(self, both: Pair, default: int = 0) -> int:  # type: ignore[override]
        self.pairs.add(both)
        return default


def wanted(ballot: Ballot) -> Wanted:
    """What `next_pair` looks up for a ballot: few of very many pairs, whatever their counts are."""
    pairs, finals = _Asked(), _Asked()
    next_pair(
        replace(
            ballot,
            shown=Shown(ballot.shown.entries, pairs),
            shown_in_finals=Shown(ballot.shown_in_finals.entries, finals),
        )
    )
    return Wanted(frozenset(pairs.pairs), frozenset(finals.pairs))


def next_pair(ballot: Ballot) -> Offer | None:
    """The next offer, or None: the quota is used up, or this voter has had every pair."""
    if len(ballot.had) >= min(ballot.quota, MOST):
        return None
    rng = Random(ballot.seed)
    final = bool(ballot.finalists) and rng.random() < FINAL_SHARE
    chosen = _fairest(ballot.finalists, ballot.shown_in_finals, ballot, rng) if final else None
    if chosen is None:  # also where this voter has had all duels between finalists
        final = False
        chosen = _fairest(range(len(ballot.shown.entries)), ballot.shown, ballot, rng)
    if chosen is None:
        return None
    left, right = chosen if rng.random() < 0.5 else chosen[::-1]
    return Offer(left, right, final)


def _fairest(among: Sequence[int], shown: Shown, ballot: Ballot, rng: Random) -> Pair | None:
    """The entry shown least of those that have an open opponent, and the best one for it."""
    entries = [entry for entry in among if entry not in ballot.own]
    rng.shuffle(entries)  # of equals, the sort and the minimum below take the first
    entries.sort(key=shown.entries.__getitem__)
    bound = min((shown.entries[entry] for entry in among), default=0) + SPREAD
    for first in entries:
        best, least = None, (0, 0, 0)
        for other in entries:
            met = pair(first, other)
            if other == first or met in ballot.had:
                continue
            count = shown.entries[other]
            rank = (max(0, count + 1 - bound), shown.pairs.get(met, 0), count)
            if best is None or rank < least:
                best, least = other, rank
        if best is not None:
            return first, best
    return None


def finals_on(entries: int, opened: datetime, closes: datetime, now: datetime) -> bool:
    """Whether half of the duels go to the finalists by now."""
    return entries >= FINAL_ENTRIES and now >= closes - (closes - opened) * FINAL_TIME
