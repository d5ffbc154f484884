"""What is counted of closed challenges: what there is to count, and the results once they are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.challenge import Challenge, Contender, GuessMade, PickMade, PraiseGiven
from bot.challenge_requests import ChallengeRef
from bot.challenge_results import Counted, ResultNote
from bot.models import UserRef
from bot.storage import keys
from bot.storage.challenge_records import (
    read_challenge,
    read_contender,
    read_contribution,
    read_pick,
    read_said,
)
from bot.storage.client import Store, script
from bot.storage.identities import number_in, person
from bot.storage.result_records import read_counted, write_counted, write_note
from bot.storage.votes import milliseconds, pairs

MOST_NOTES = 700  # kept for a community's members: room is left for other notices


_PAGE = 10  # challenges looked at together for the latest that has closed


@dataclass(frozen=True, slots=True)
class Material:
    """What a closed challenge is counted from. `voted_from` is the space of each voter."""

    challenge: Challenge
    pool: Mapping[str, Contender]
    picks: tuple[PickMade, ...] = ()
    guesses: tuple[GuessMade, ...] = ()
    praises: tuple[PraiseGiven, ...] = ()
    spaces: tuple[str, ...] = ()
    voted_from: Mapping[int, str] = field(default_factory=dict)
    counted: Counted | None = None  #: as it was counted before, if it was


@dataclass(frozen=True, slots=True)
class Kept:
    """A challenge as it is kept, with its results where it is counted, for one reader."""

    challenge: Challenge
    pool: Mapping[str, Contender]
    counted: Counted | None
    people: Mapping[int, UserRef]
    own: int = 0


class ResultStore:
    """The repository of results."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def material(self, ref: ChallengeRef) -> Material | None:
        """Everything to count a challenge from; None where there is no such challenge."""
        shared, own = keys.community(ref.community), keys.challenge_keys(*_names(ref))
        record, pool, picks, said, ballots, spaces, text = await asyncio.gather(
            self._hash(own.record),
            self._hash(own.pool),
            self._hash(own.picks),
            self._hash(own.said),
            self._hash(own.ballots),
            self._store.call("SMEMBERS", shared.spaces),
            self._store.call("GET", own.results),
        )
        if "state" not in record:
            return None
        guesses, praises = read_said(said)
        made = sorted(
            (read_pick(key, text) for key, text in picks.items()),
            key=lambda pick: (pick.member, pick.number),
        )
        return Material(
            read_challenge(ref, record),
            {alias: read_contender(alias, text) for alias, text in sorted(pool.items())},
            tuple(made),
            guesses,
            praises,
            tuple(sorted(spaces)),
            {int(n[1:]): space for n, space in ballots.items() if n[:1] == "w"},
            read_counted(text) if text else None,
        )

    async def put(
        self,
        ref: ChallengeRef,
        counted: Counted,
        tell: Sequence[str],
        notes: Mapping[int, ResultNote],
        now: datetime,
        *,
        anew: bool = False,
    ) -> bool:
        """Keep results, once, put `tell` on the agenda and leave notes; whether that changed
        anything. `anew` keeps others in their place, and tells nobody.
        """
        shared, own = keys.community(ref.community), keys.challenge_keys(*_names(ref))
        reply = await self._store.run(
            script("challenge_count"),
            (own.record, own.results, shared.agenda, shared.notices, shared.people),
            (
                milliseconds(now),
                write_counted(counted),
                int(anew),
                MOST_NOTES,
                ref.challenge,
                len(tell),
                *tell,
                *(part for m, note in notes.items() for part in (m, write_note(note))),
            ),
        )
        return bool(reply[0] == "ok" and int(reply[1]))

    async def read(self, ref: ChallengeRef, reader: UserRef | None, platform: str) -> Kept | None:
        """A challenge and its results, with who is who to a reader on `platform`."""
        shared, own = keys.community(ref.community), keys.challenge_keys(*_names(ref))
        record, pool, text, held = await asyncio.gather(
            self._hash(own.record),
            self._hash(own.pool),
            self._store.call("GET", own.results),
            self._store.call("HGET", shared.ids, str(reader)),
        )
        if "state" not in record:
            return None
        challenge = read_challenge(ref, record)
        entries = {alias: read_contender(alias, text) for alias, text in sorted(pool.items())}
        if challenge.quiet and not entries:  # it never came to a pool
            entries = await self._put_in(own.put)
        counted = read_counted(text) if text else None
        numbers = {each.author for each in entries.values()}
        if counted is not None:
            numbers |= {each.member for each in counted.best_guessers}
            numbers |= {each.member for each in counted.unlike}
        own_number = number_in(held, challenge.links) if reader else 0
        people = await self.people(ref.community, numbers, platform)
        return Kept(challenge, entries, counted, people, own_number)

    async def people(
        self, community: str, numbers: Iterable[int], platform: str
    ) -> dict[int, UserRef]:
        """Who numbers are, as a platform knows them; those forgotten are left out."""
        wanted = sorted({number for number in numbers if number})
        if not wanted:
            return {}
        kept = await self._store.call("HMGET", keys.community(community).people, *wanted)
        found = {n: person(text, platform) for n, text in zip(wanted, kept, strict=True)}
        return {number: user for number, user in found.items() if user}

    async def closed(self, community: str) -> tuple[Challenge, ...]:
        """The community's counted challenges that count, examples aside, in the order in which
        they closed.
        """
        shared = keys.community(community)
        names = await self._store.call("ZRANGE", shared.challenges, 0, -1)
        refs = [ChallengeRef(community, name) for name in names]
        records = await asyncio.gather(
            *(self._hash(keys.challenge_keys(*_names(ref)).record) for ref in refs)
        )
        found = [
            read_challenge(ref, record)
            for ref, record in zip(refs, records, strict=True)
            if record.get("counted") == "1" and record.get("example") != "1"
        ]
        return tuple(sorted(found, key=lambda each: (each.closed or each.closes, each.number)))

    async def latest(self, community: str) -> ChallengeRef | None:
        """The challenge that closed last, examples too; None where none has."""
        shared, first = keys.community(community), 0
        while names := await self._store.call(
            "ZREVRANGE", shared.challenges, first, first + _PAGE - 1
        ):
            refs = [ChallengeRef(community, name) for name in names]
            records = [keys.challenge_keys(*_names(ref)).record for ref in refs]
            states = await asyncio.gather(
                *(self._store.call("HGET", record, "state") for record in records)
            )
            for ref, state in zip(refs, states, strict=True):
                if state == "closed":
                    return ref
            first += _PAGE  # however many were cancelled since
        return None

    async def out(self, ref: ChallengeRef) -> frozenset[str]:
        """The aliases of what is hidden or struck in a challenge's pool, as it stands."""
        pool = await self._hash(keys.challenge_keys(*_names(ref)).pool)
        entries = [read_contender(alias, text) for alias, text in pool.items()]
        return frozenset(each.alias for each in entries if each.hidden or each.struck)

    async def secret(self, community: str, drawn: str) -> str:
        """The community's own key for pseudonyms: `drawn`, where it has none yet."""
        record = keys.community(community).record
        await self._store.call("HSETNX", record, "secret", drawn)
        return str(await self._store.call("HGET", record, "secret"))

    async def _put_in(self, key: str) -> dict[str, Contender]:
        """What was put into a challenge that nobody could vote in, as it would be in a pool."""
        found: dict[str, Contender] = {}
        for name, text in sorted((await self._hash(key)).items()):
            if name[:1] in "ma":
                made = read_contribution(name, text)
                if not made.withdrawn and made.author:
                    alias = f"{len(found) + 1}"  # no member's number leaves in a file
                    found[alias] = Contender(
                        alias=alias,
                        text=made.text,
                        origin=made.origin,
                        author=made.author,
                        model=made.model,
                        family=made.family,
                        parent=made.parent,
                    )
        return found

    async def _hash(self, key: str) -> dict[str, str]:
        flat = await self._store.call("HGETALL", key)
        return flat if isinstance(flat, dict) else pairs(flat)


def _names(ref: ChallengeRef) -> tuple[str, str]:
    return ref.community, ref.challenge
