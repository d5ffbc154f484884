"""What Muse keeps of one member, and how it is taken out again.

Nothing is kept by member: that would make every vote dearer. What is theirs is found by going
through the community's rounds, of which there are those of `keep_days`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.models import Choice, Entry, RoundRef, RoundState, SpaceRef, Tally, UserRef, Wish
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.charters import mark
from bot.storage.client import Reply, Store, script
from bot.storage.identities import own_number
from bot.storage.linked import Linked
from bot.storage.round_records import moment, read_entry, read_wish
from bot.storage.spaces import first_community_id
from bot.storage.votes import milliseconds, read_choices

CHUNK = 100  # rounds looked at in one round trip


@dataclass(frozen=True, slots=True)
class OwnPiece:
    """A member's entry, with what it was given; `seen_by` is known at the close."""

    entry: Entry
    tally: Tally


@dataclass(frozen=True, slots=True)
class OwnRound:
    """What of a round is one member's: that they `asked`, that the prompt is their `words`, what
    they put in and voted for, and by an entry's number the twists they want of it and why they
    reported it.
    """

    ref: RoundRef
    state: RoundState
    opened: datetime
    closes: datetime
    closed: datetime | None
    tallies_for: str
    prompt: str
    asked: bool
    words: bool
    theme: str
    wish: Wish
    choices: tuple[Choice, ...]
    pieces: tuple[OwnPiece, ...]
    twists: tuple[tuple[int, str], ...]
    reports: tuple[tuple[int, str], ...]

    @property
    def taking(self) -> bool:
        """Whether entries and votes are still taken."""
        return self.state in (RoundState.WRITING, RoundState.OPEN)


@dataclass(frozen=True, slots=True)
class OldPiece:
    """A member's entry among the best of all time, whose round is gone."""

    name: str
    text: str
    prompt: str
    approvals: int
    seen_by: int


class Members:
    """The repository of what is one member's."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def communities(self, community: str) -> tuple[str, ...]:
        """A community, and those that places of it had to themselves before they joined it."""
        found = [community]
        for place in await self.places(community):
            first = first_community_id(place)
            away = await self._store.call("HGET", keys.community(first).record, "away")
            if away == community:
                found.append(first)
        return tuple(found)

    async def places(self, community: str) -> tuple[SpaceRef, ...]:
        """The spaces of a community."""
        places = await self._store.call("SMEMBERS", keys.community(community).spaces)
        return tuple(SpaceRef(*place.split(":", 1)) for place in sorted(places))

    async def identities(self, community: str, user: UserRef) -> tuple[UserRef, ...]:
        """All that a member is known by, the one that is asked about first."""
        linked = await Linked(self._store).of(community, user)
        return (user, *(each for each in linked if each != user))

    async def numbers(self, community: str, user: UserRef) -> tuple[str, ...]:
        """What is kept for each of a member's identities, this one's first: the numbers they have
        and had. Nothing for somebody whom Muse has never met.
        """
        ids = keys.community(community).ids
        linked = await self.identities(community, user)
        held = [await self._store.call("HGET", ids, str(each)) for each in linked]
        return tuple(dict.fromkeys(each for each in held if each))

    async def points(self, community: str, numbers: Sequence[str]) -> float:
        """A member's points of all time."""
        board = keys.community(community).board("people", "all")
        own = {own_number(held) for held in numbers}
        return sum([float(await self._store.call("ZSCORE", board, m) or 0) for m in own])

    async def rounds(
        self, community: str, numbers: Sequence[str]
    ) -> AsyncIterator[tuple[datetime, tuple[OwnRound, ...]]]:
        """What is theirs, the newest round first: in each step when the last round that was
        looked at was opened, and what was found.
        """
        async for opened, names in self._walk(community, None):
            refs = [RoundRef(community, name) for name in names]
            found = await asyncio.gather(
                *(self._own(ref, held) for ref in refs for held in numbers)
            )
            # Identities that were one already had one number, so a round may come twice.
            distinct: list[OwnRound] = []
            for own in found:
                if own is not None and own not in distinct:
                    distinct.append(own)
            yield opened, tuple(distinct)

    async def hall(self, community: str, numbers: Sequence[str]) -> tuple[OldPiece, ...]:
        """Their entries whose rounds are gone."""
        shared = keys.community(community)
        flat: list[str] = []
        for number in {own_number(held) for held in numbers}:
            flat += await self._store.run(
                script("member_hall"), (shared.hall, shared.pieces), (number,)
            )
        return tuple(_old(*pair) for pair in zip(flat[::2], flat[1::2], strict=True))

    async def leave(self, community: str, user: UserRef, now: datetime) -> str:
        """Break what leads from a member's identities to their numbers, and have the rest
        removed; the number it is remembered by until then, "" where Muse kept nothing of them.

        At once: they are no organiser, the log has a number for them, and who plays again is
        somebody new, but for a ballot that they have had in the challenge that runs.
        """
        shared = keys.community(community)
        while True:
            linked = await self.identities(community, user)
            running = str(await self._store.call("HGET", shared.plan, "current") or "")
            challenge = keys.challenge_keys(community, running)
            reply = await self._store.run(
                script("member_leave"),
                (
                    *(shared.record, shared.ids, shared.people, shared.organisers),
                    *(shared.blocked, shared.pace, shared.log, shared.agenda, shared.notices),
                    *(shared.leaving, shared.move, shared.plan),
                    *(challenge.record, challenge.ballots, challenge.spent),
                ),
                (
                    *(milliseconds(now), items.forget(community, ""), running),
                    *(part for i in linked for part in (str(i), i.id, mark(community, i))),
                ),
            )
            if reply[0] != "changed":  # by another command, just now
                return str(reply[1]) if reply[0] == "ok" else ""

    async def leaving(self, community: str, member: str) -> tuple[str, ...]:
        """The numbers of a member who is being forgotten; none once they are."""
        kept = await self._store.call("HGET", keys.community(community).leaving, member)
        return tuple((kept or "").split("\n")) if kept else ()

    async def forgotten(self, community: str, member: str) -> None:
        """Note that a member has been taken out of everything."""
        await self._store.call("HDEL", keys.community(community).leaving, member)

    async def forget(
        self,
        community: str,
        numbers: Sequence[str],
        now: datetime,
        expires: datetime,
        since: datetime | None = None,
    ) -> int:
        """Take a member who left out of the community's rounds; of how many.

        With `since`, of those opened from then on. `expires` is when a round is let go that is
        withdrawn by it.
        """
        touched = 0
        async for _, names in self._walk(community, since):
            refs = [RoundRef(community, name) for name in names]
            found = await asyncio.gather(
                *(self.forget_in_round(ref, numbers, now, expires) for ref in refs)
            )
            touched += sum(found)
        return touched

    async def forget_in_round(
        self, ref: RoundRef, numbers: Sequence[str], now: datetime, expires: datetime
    ) -> bool:
        """Take a member who left out of a round; whether anything of it was theirs."""
        shared, own = keys.community(ref.community), keys.round_keys(ref.community, ref.round)
        which = (
            *(own.record, own.entries, own.votes, own.tally),
            *(shared.past, shared.pieces, shared.prompts, shared.agenda, own.reports),
            shared.notices,
        )
        replies = [
            await self._store.run(
                script("member_forget_round"),
                which,
                (
                    *(held, ref.round, milliseconds(now), items.mend(ref)),
                    *(items.expire(ref), milliseconds(expires)),
                ),
            )
            for held in numbers
        ]
        return any(reply[0] == "ok" for reply in replies)

    async def forget_in_hall(self, community: str, numbers: Sequence[str]) -> None:
        """Take a member who left out of the pieces that outlive their rounds."""
        shared = keys.community(community)
        for number in {own_number(held) for held in numbers}:
            await self._store.run(
                script("member_forget_hall"), (shared.hall, shared.pieces), (number,)
            )

    async def _walk(
        self, community: str, since: datetime | None
    ) -> AsyncIterator[tuple[datetime, list[str]]]:
        """The names of a community's rounds, the newest first, a chunk at a time.

        A chunk begins where the last one ended by the moments of opening, so that rounds which
        are opened or let go meanwhile shift nothing.
        """
        key = keys.community(community).rounds
        least = "-inf" if since is None else str(milliseconds(since))
        edge, passed = "+inf", 0
        while True:
            flat = await self._store.run(
                script("rounds_page"), (key,), (edge, least, passed, CHUNK)
            )
            if not flat:
                return
            names, moments = flat[::2], flat[1::2]
            yield moment(moments[-1]), names
            same = moments.count(moments[-1])
            passed = passed + same if moments[-1] == edge else same
            edge = moments[-1]

    async def _own(self, ref: RoundRef, held: str) -> OwnRound | None:
        own = keys.round_keys(ref.community, ref.round)
        reply = await self._store.run(
            script("member_round"),
            (own.record, own.entries, own.votes, own.tally, own.reports),
            (held,),
        )
        return _read(ref, reply) if reply else None


def _read(ref: RoundRef, reply: Reply) -> OwnRound:
    state, opened, closes, closed, tallies, prompt, asked, words, *rest = reply
    theme, wish, votes, pieces, twists, reports = rest
    found = [
        OwnPiece(read_entry(number, text), Tally(int(approvals), int(seen_by or 0)))
        for number, text, approvals, seen_by in zip(
            pieces[::4], pieces[1::4], pieces[2::4], pieces[3::4], strict=True
        )
    ]
    return OwnRound(
        ref=ref,
        state=RoundState(state),
        opened=moment(opened),
        closes=moment(closes),
        closed=moment(closed) if closed else None,
        tallies_for=tallies or "vote",
        prompt=prompt,
        asked=bool(asked),
        words=bool(words),
        theme=theme,
        wish=read_wish(wish),
        choices=read_choices(votes) if votes else (),
        pieces=tuple(sorted(found, key=lambda piece: piece.entry.number)),
        twists=_numbered(twists),
        reports=_numbered(reports),
    )


def _numbered(flat: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """Texts, each with an entry's number before it."""
    return tuple((int(n), text) for n, text in zip(flat[::2], flat[1::2], strict=True))


def _old(name: str, text: str) -> OldPiece:
    kept = json.loads(text)
    return OldPiece(name, kept["t"], kept["q"], kept["a"], kept["n"])
