"""What of challenges is one member's, and how it is taken out again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.challenge import (
    ChallengeState,
    Contender,
    Contribution,
    GuessMade,
    PickMade,
    PraiseGiven,
    Side,
)
from bot.challenge_requests import ChallengeRef
from bot.storage import agenda_items as items
from bot.storage import keys
from bot.storage.challenge_records import (
    read_contender,
    read_contribution,
    read_pick,
    read_said,
)
from bot.storage.client import Reply, Store, script
from bot.storage.identities import number_now, own_number
from bot.storage.round_records import moment
from bot.storage.votes import milliseconds, pairs


@dataclass(frozen=True, slots=True)
class OwnChallenge:
    """What of a challenge is one member's: that the theme is their `words`, what they put in as
    long as it is open, their `entries` of the pool, picks, guesses and reports.
    """

    ref: ChallengeRef
    number: int
    state: ChallengeState
    theme: str
    opened: datetime
    deadline: datetime
    closes: datetime
    closed: datetime | None
    words: bool
    put: Contribution | None
    entries: tuple[Contender, ...]
    picks: tuple[PickMade, ...]
    guesses: tuple[GuessMade, ...]
    praises: tuple[PraiseGiven, ...]
    reports: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """What they wrote for it; nothing where they wrote nothing, or it is gone."""
        if self.put is not None:
            return "" if self.put.withdrawn else self.put.text
        return self.entries[0].text if self.entries else ""

    @property
    def running(self) -> bool:
        """Whether entries or picks are still taken."""
        return self.state in (ChallengeState.OPEN, ChallengeState.VOTING)

    @property
    def picked(self) -> int:
        """How many picks they made, without skips."""
        return sum(pick.side is not Side.SKIP for pick in self.picks)


class OwnChallenges:
    """The repository of what is one member's in challenges."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def all(self, community: str, numbers: Sequence[str]) -> tuple[OwnChallenge, ...]:
        """What is theirs in every challenge, the newest first; `numbers` is what is kept for their
        identities.
        """
        refs = await self._refs(community)
        found = await asyncio.gather(*(self._own(ref, held) for ref in refs for held in numbers))
        # Identities that were one already had one number, so a challenge may come twice.
        distinct: list[OwnChallenge] = []
        for own in found:
            if own is not None and own not in distinct:
                distinct.append(own)
        return tuple(distinct)

    async def running_since(self, community: str) -> datetime | None:
        """When the challenge opened that runs now; None where none does."""
        running = await self._store.call("HGET", keys.community(community).plan, "current")
        own = keys.challenge_keys(community, running or "")
        opened = await self._store.call("HGET", own.record, "opened") if running else None
        return moment(opened) if opened else None

    async def proposals(self, community: str, numbers: Sequence[str]) -> tuple[str, ...]:
        """The themes that they proposed, or named as a winner, and that are still to be had."""
        own = {str(number) for held in numbers for number in (number_now(held), own_number(held))}
        flat = await self._store.call("HGETALL", keys.community(community).themes)
        kept = flat if isinstance(flat, dict) else pairs(flat)
        rows = [text.partition(" ") for name, text in sorted(kept.items()) if _proposal(name)]
        return tuple(theme for member, _, theme in rows if member in own)

    async def forget(self, community: str, numbers: Sequence[str], now: datetime) -> int:
        """Take a member who left out of every challenge; of how many."""
        shared = keys.community(community)
        for held in numbers:
            await self._store.run(script("member_forget_themes"), (shared.themes,), (held,))
        touched = 0
        for ref in await self._refs(community):
            own = keys.challenge_keys(community, ref.challenge)
            which = (
                *(own.record, own.put, own.pool, own.ballots, own.picks, own.said),
                *(own.reports, shared.themed, shared.notices, shared.agenda),
            )
            replies = [
                await self._store.run(
                    script("member_forget_challenge"),
                    which,
                    (held, ref.challenge, milliseconds(now), items.redraw(ref)),
                )
                for held in numbers
            ]
            touched += any(reply[0] == "ok" for reply in replies)
        return touched

    async def _refs(self, community: str) -> list[ChallengeRef]:
        names = await self._store.call("ZREVRANGE", keys.community(community).challenges, 0, -1)
        return [ChallengeRef(community, name) for name in names]

    async def _own(self, ref: ChallengeRef, held: str) -> OwnChallenge | None:
        own = keys.challenge_keys(ref.community, ref.challenge)
        reply = await self._store.run(
            script("member_challenge"),
            (own.record, own.put, own.pool, own.picks, own.said, own.reports, own.ballots),
            (held,),
        )
        return _read(ref, reply) if reply else None


def _proposal(name: str) -> bool:
    return name == "next" or name.isdecimal()


def _read(ref: ChallengeRef, reply: Reply) -> OwnChallenge:
    state, number, theme, opened, deadline, closes, closed, words, put, *rest = reply
    pool, picks, said, reports = map(pairs, rest)
    guesses, praises = read_said(said)
    return OwnChallenge(
        ref=ref,
        number=int(number),
        state=ChallengeState(state),
        theme=theme,
        opened=moment(opened),
        deadline=moment(deadline),
        closes=moment(closes),
        closed=moment(closed) if closed else None,
        words=bool(words),
        put=read_contribution("", put) if put else None,
        entries=tuple(read_contender(*row) for row in sorted(pool.items())),
        picks=tuple(read_pick(*row) for row in picks.items()),
        guesses=guesses,
        praises=praises,
        reports=tuple(sorted(reports.items())),
    )
