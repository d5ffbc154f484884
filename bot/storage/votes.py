"""Votes: one script sets them and tells where the member stands.

How a member's votes are kept in 1–3 characters an entry is told in
``scripts/_shared.lua``; `read_choices` reads the same code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from bot.models import Choice, Facet, RoundRef, RoundState, SpaceRef, Standing, Tally, UserRef
from bot.storage import keys
from bot.storage.client import Arg, Reply, Store, script
from bot.storage.refusals import refuse

REMEMBERED = timedelta(hours=2)  # how long a vote's event is known again
_REMEMBERED_MS = int(REMEMBERED.total_seconds() * 1000)
MOST_ENTRIES = 60  # a place is one character from A to |
_BASE = 64
_BIT = {Facet.MOVED: 1, Facet.ORIGINAL: 2, Facet.DEEP: 4}


class Turn(StrEnum):
    """What becomes of an approval."""

    ON = "on"  #: it stands, with these reasons besides those it had
    OFF = "off"  #: it is taken back
    LESS = "less"  #: these reasons are taken away


class Votes:
    """The repository of votes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._script = script("vote")

    async def turn(
        self,
        ref: RoundRef,
        event: str,
        space: SpaceRef,
        user: UserRef,
        entries: Sequence[int],
        turn: Turn,
        facets: Sequence[Facet],
        now: datetime,
    ) -> Standing:
        """Set the votes on `entries`, all of them or none; once for each event.

        Raises `NotFound`, `TooLate`, `Refusal` for one's own entry, `ForeignSpace`.
        """
        moment = milliseconds(now)
        reasons = sum(_BIT[facet] for facet in set(facets)) if facets else 0
        args: list[Arg] = [
            event,
            moment,
            moment - _REMEMBERED_MS,
            str(space),
            str(user),
        ]
        for entry in entries:
            args += (entry, turn, reasons)
        reply = await self._store.run(
            self._script,
            _vote_keys(ref.community, ref.round),
            args,
        )
        if reply[0] != "ok":
            refuse(reply)
        _, _, votes, state, tally, tallies_for = reply
        tallies, voters = read_tallies(zip(tally[::2], tally[1::2], strict=True))
        return Standing(
            RoundState(state), read_choices(votes), tallies, voters, tallies_for or "vote"
        )


@lru_cache(4096)
def _vote_keys(community_id: str, round_id: str) -> tuple[str, ...]:
    """The keys of a vote's script."""
    community = keys.community(community_id)
    round_keys = keys.round_keys(community_id, round_id)
    return (
        round_keys.record,
        round_keys.votes,
        round_keys.tally,
        community.seen,
        community.spaces,
        community.record,
        community.ids,
        community.people,
        community.agenda,
    )


def milliseconds(moment: datetime) -> int:
    """A moment as Redis keeps it: milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def pairs(flat: Sequence[Reply]) -> dict[str, str]:
    """A hash that came as a flat list."""
    return dict(zip(flat[::2], flat[1::2], strict=True))


@lru_cache(16384)
def read_choices(votes: str) -> tuple[Choice, ...]:
    """A member's votes as kept: ``DAC2`` is 1, and 3 as original, when there were four."""
    choices: list[Choice] = []
    for character in votes[1:]:
        if "0" <= character <= "7":
            choices[-1] = Choice(choices[-1].entry, _facets(int(character)))
        else:
            choices.append(Choice(ord(character) - _BASE))
    return tuple(choices)


def read_tallies(fields: Iterable[tuple[str, str]]) -> tuple[dict[int, Tally], int]:
    """The tallies of a round as kept, and how many members have an approval standing."""
    tallies: dict[int, Tally] = {}
    reasons: list[tuple[str, str]] = []
    voters = 0
    for name, count in fields:
        if name.isdigit():
            tallies[int(name)] = _approved(count)
        elif name[0] == "s":
            voters += int(count)
        elif count != "0":
            reasons.append((name, count))
    for name, count in reasons:
        entry, _, bit = name.partition(":")
        tally = tallies.get(int(entry))
        if tally is not None:
            facets = {**tally.facets, _FACET[bit]: int(count)}
            tallies[int(entry)] = replace(tally, facets=facets)
    return tallies, voters


@lru_cache(4096)
def _approved(count: str) -> Tally:
    """So many approvals without reasons, as every receipt has several of."""
    return Tally(int(count))


_FACET = {str(bit): facet for facet, bit in _BIT.items()}


def _facets(bits: int) -> frozenset[Facet]:
    return frozenset(facet for facet, bit in _BIT.items() if bits & bit)
