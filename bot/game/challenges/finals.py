"""The finalists of a challenge: its strongest entries by the picks so far.

They are worked out off the event loop, and kept for a while: it costs much, and one pick moves
little. Nobody is told who they are, or that there are finals.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.ballot import OwnBallot
from bot.challenge import PickMade, Side
from bot.challenge_requests import ChallengeRef
from bot.stats.duels import Duel, Outcome, picks
from bot.stats.pairing import FINALISTS, finals_on
from bot.storage.ballots import Ballots

FRESH = timedelta(minutes=5)  # by the injected clock
_KEPT = 64  # challenges

_OUTCOMES = {Side.LEFT: Outcome.LEFT, Side.RIGHT: Outcome.RIGHT, Side.BOTH: Outcome.BOTH}


class Finals:
    """Knows who is in the finals of which challenge, from when on there are any."""

    def __init__(self, ballots: Ballots) -> None:
        self._ballots = ballots
        self._found: dict[ChallengeRef, tuple[datetime, tuple[str, ...]]] = {}
        self._lock = asyncio.Lock()

    async def of(self, ballot: OwnBallot, now: datetime) -> tuple[str, ...]:
        """The finalists by alias; none as long as there are no finals."""
        challenge = ballot.challenge
        since = challenge.voting_since or challenge.deadline
        if not finals_on(len(ballot.standing), since, challenge.closes, now):
            return ()
        async with self._lock:  # many come at once, and one fit serves them all
            found = self._found.pop(ballot.ref, None)
            if found is None or not timedelta(0) <= now - found[0] < FRESH:
                made = await self._ballots.picks(ballot.ref)
                found = (now, await asyncio.to_thread(strongest, made, ballot.standing))
            self._found[ballot.ref] = found
            while len(self._found) > _KEPT:
                del self._found[next(iter(self._found))]
            return tuple(alias for alias in found[1] if alias in ballot.standing)


def strongest(made: Sequence[PickMade], aliases: Sequence[str]) -> tuple[str, ...]:
    """The finalists among `aliases`, by the fit of the picks between them."""
    from bot.stats.bradley_terry import fit

    among = set(aliases)
    duels = [
        Duel("", each.left, each.right, _OUTCOMES[each.side], str(each.member), each.final)
        for each in made
        if each.side in _OUTCOMES and each.left in among and each.right in among
    ]
    strengths = fit(picks(duels, aliases)).strengths
    order = sorted(range(len(aliases)), key=lambda n: (-float(strengths[n]), aliases[n]))
    return tuple(aliases[n] for n in order[:FINALISTS])
