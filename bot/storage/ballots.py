"""Ballots: one script an act, each of which tells the whole ballot as it then stands.

The pool, which seldom changes, is sent only where this process has another version of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.ballot import OwnBallot, Word
from bot.challenge import (
    Challenge,
    Contender,
    GuessMade,
    Offered,
    PickMade,
    PraiseGiven,
    Side,
)
from bot.challenge_requests import ChallengeRef
from bot.errors import Refusal
from bot.models import Facet, Origin, SpaceRef, UserRef
from bot.stats import pairing
from bot.storage import keys
from bot.storage.challenge_records import (
    SIDES,
    read_challenge,
    read_contender,
    read_offer,
    read_pick,
    read_said,
)
from bot.storage.charters import mark
from bot.storage.client import Arg, Reply, Store, script
from bot.storage.refusals import refuse
from bot.storage.votes import REMEMBERED, milliseconds, pairs

READING = timedelta(seconds=2)  # what two entries take to read at the least
_KEPT = 64  # pools kept in memory

_Pool = tuple[str, Mapping[str, Contender]]
"""A version, and the pool in it."""


class NotVoting(Refusal):
    """Picks are not taken now; `challenge` says why."""

    def __init__(self, challenge: Challenge) -> None:
        super().__init__(challenge.state.value)
        self.challenge = challenge


class Ballots:
    """The repository of ballots. Every act raises `NotFound`, `NotVoting` and `ForeignSpace`, and
    `NotAllowed` for who had one before they were forgotten.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pools: dict[ChallengeRef, _Pool] = {}

    async def open(
        self, ref: ChallengeRef, space: SpaceRef, user: UserRef, now: datetime
    ) -> OwnBallot:
        """A member's ballot. An offer of which an entry is shown no more is passed over."""
        return await self._run("ballot_open", ref, space, user, now)

    async def offer(
        self,
        ballot: OwnBallot,
        offer: pairing.Offer,
        space: SpaceRef,
        user: UserRef,
        now: datetime,
    ) -> OwnBallot:
        """Put an offer on record, where none stands and the pair is still to be had.

        Others may have been offered one of the two since it was chosen: then it is not the fairest
        any more, and nothing is done. The member is known from then on.
        """
        aliases, before = ballot.standing, "f:" if offer.final else ""
        left, right = aliases[offer.left], aliases[offer.right]
        shown = [ballot.shown.get(f"{before}{alias}", 0) for alias in (left, right)]
        return await self._run(
            "ballot_offer",
            ballot.ref,
            space,
            user,
            now,
            "",
            ballot.offered + 1,
            left,
            right,
            "f" if offer.final else "",
            pairing.FIRST_OFFER,
            pairing.MOST,
            *shown,
        )

    async def pick(
        self,
        ref: ChallengeRef,
        event: str,
        space: SpaceRef,
        user: UserRef,
        number: int,
        side: Side,
        now: datetime,
    ) -> OwnBallot:
        """Make a pick in the offer `number`, 0 for the one that stands; once for each event."""
        floor = int(READING.total_seconds() * 1000)
        return await self._run(
            "ballot_pick", ref, space, user, now, event, number, SIDES[side], floor
        )

    async def unpick(
        self,
        ref: ChallengeRef,
        event: str,
        space: SpaceRef,
        user: UserRef,
        number: int,
        now: datetime,
    ) -> OwnBallot:
        """Take the last pick back, as long as the next is not made."""
        return await self._run("ballot_unpick", ref, space, user, now, event, number)

    async def more(
        self, ref: ChallengeRef, space: SpaceRef, user: UserRef, now: datetime
    ) -> OwnBallot:
        """Let a member have all the offers that there may be."""
        return await self._run("ballot_more", ref, space, user, now, "", pairing.MOST)

    async def ask(
        self,
        ref: ChallengeRef,
        space: SpaceRef,
        user: UserRef,
        aliases: tuple[str, ...],
        now: datetime,
    ) -> OwnBallot:
        """Settle which entries a member is asked about, where it isn't yet."""
        return await self._run("ballot_ask", ref, space, user, now, "", " ".join(aliases))

    async def guess(
        self,
        ref: ChallengeRef,
        event: str,
        space: SpaceRef,
        user: UserRef,
        alias: str,
        origin: Origin | None,
        now: datetime,
    ) -> OwnBallot:
        """Keep a guess at who made an entry."""
        return await self._run(
            "ballot_say", ref, space, user, now, event, "guess", alias, origin or ""
        )

    async def praise(
        self,
        ref: ChallengeRef,
        event: str,
        space: SpaceRef,
        user: UserRef,
        alias: str,
        facet: Facet,
        now: datetime,
    ) -> OwnBallot:
        """Keep which entry a member found original, moving or deep."""
        return await self._run("ballot_say", ref, space, user, now, event, "praise", alias, facet)

    async def met(self, ref: ChallengeRef, names: Sequence[str]) -> dict[str, int]:
        """How often pairs were offered to all (`bot.ballot.pairs_wanted`)."""
        if not names:
            return {}
        own = keys.challenge_keys(*_parts(ref))
        counts = await self._store.call("HMGET", own.shown, *names)
        return {name: int(count) for name, count in zip(names, counts, strict=True) if count}

    async def picks(self, ref: ChallengeRef) -> tuple[PickMade, ...]:
        """All picks of a challenge, skips too."""
        kept = await self._hash(keys.challenge_keys(ref.community, ref.challenge).picks)
        return tuple(read_pick(*row) for row in sorted(kept.items()))

    async def said(
        self, ref: ChallengeRef
    ) -> tuple[tuple[GuessMade, ...], tuple[PraiseGiven, ...]]:
        """All guesses and praises of a challenge."""
        return read_said(await self._hash(keys.challenge_keys(ref.community, ref.challenge).said))

    async def _hash(self, key: str) -> dict[str, str]:
        flat = await self._store.call("HGETALL", key)
        return flat if isinstance(flat, dict) else pairs(flat)

    async def _run(
        self,
        name: str,
        ref: ChallengeRef,
        space: SpaceRef,
        user: UserRef,
        now: datetime,
        event: str = "",
        *args: Arg,
    ) -> OwnBallot:
        shared, own = keys.community(ref.community), keys.challenge_keys(*_parts(ref))
        known = self._pools.get(ref)
        reply = await self._store.run(
            script(name),
            (
                *(own.record, own.pool, own.shown, own.ballots, own.picks, own.said),
                *(shared.spaces, shared.record, shared.ids, shared.people, shared.seen, own.spent),
            ),
            (
                *(str(space), str(user), known[0] if known else "", milliseconds(now)),
                *(event, milliseconds(now - REMEMBERED), mark(ref.community, user), *args),
            ),
        )
        return self._read(ref, reply, known)

    def _read(self, ref: ChallengeRef, reply: Reply, known: _Pool | None) -> OwnBallot:
        if reply[0] == "not voting":
            raise NotVoting(read_challenge(ref, pairs(reply[1])))
        if reply[0] != "ok":
            refuse(reply)
        _, word, record, who, owns, version, pool, *rest = reply
        offer, waiting, offered, raised, picks, said, asked, shown = rest
        guesses, praises = read_said(pairs(said))
        return OwnBallot(
            word=Word(word),
            challenge=read_challenge(ref, pairs(record)),
            member=int(who or 0),
            owns=frozenset(map(int, owns)),
            pool=self._pool(ref, version, pool, known),
            offer=_offer(offer),
            waiting=_offer(waiting),
            offered=int(offered),
            raised=int(raised or 0),
            picks=tuple(read_pick(*row) for row in pairs(picks).items()),
            guesses=guesses,
            praises=praises,
            asked=tuple(asked.split()),
            shown={name: int(count) for name, count in pairs(shown).items()},
        )

    def _pool(
        self, ref: ChallengeRef, version: str, flat: Reply, known: _Pool | None
    ) -> Mapping[str, Contender]:
        """The pool in its version: what came, or what this process said that it had."""
        if known is None or known[0] != version:
            known = (version, {a: read_contender(a, text) for a, text in pairs(flat).items()})
        self._pools.pop(ref, None)
        self._pools[ref] = known
        while len(self._pools) > _KEPT:
            del self._pools[next(iter(self._pools))]
        return known[1]


def _parts(ref: ChallengeRef) -> tuple[str, str]:
    return ref.community, ref.challenge


def _offer(text: str) -> Offered | None:
    return read_offer(text) if text else None
