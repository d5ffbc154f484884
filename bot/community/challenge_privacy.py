"""What of challenges is one member's own: seeing it, having it whole, having it forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.challenge import ChallengeState
from bot.present.challenges.mine import ChallengeRow
from bot.storage.own_challenges import OwnChallenge, OwnChallenges

Held = Mapping[str, Sequence[str]]
"""What is kept for a member's identities, by community: this one first, then those of places that
have joined it.
"""

MOST_OVER = 3  # challenges that are over, on the card; the file has them all


class ChallengePrivacy:
    """A member's part in challenges, for the use cases of `mine`."""

    def __init__(self, own: OwnChallenges) -> None:
        self._own = own

    async def rows(self, held: Held) -> tuple[ChallengeRow, ...]:
        """Their part in what is running, and in the latest that are over."""
        found = await self._all(held)
        running = [own for own in found if own.running and (own.text or own.picks)]
        over = [own for own in found if not own.running and own.text]
        return tuple(map(_row, (*running, *over[:MOST_OVER])))

    async def exported(self, held: Held) -> dict[str, Any]:
        """All of it, as they get it. Of other people's entries only what stands for them is in it,
        and nothing that is not told before a challenge closes.
        """
        return {
            "challenges": [_exported(own) for own in await self._all(held)],
            "themes_you_proposed": [
                theme
                for community, numbers in held.items()
                for theme in await self._own.proposals(community, numbers)
            ],
        }

    async def _all(self, held: Held) -> list[OwnChallenge]:
        found: list[OwnChallenge] = []
        for community, numbers in held.items():
            found += await self._own.all(community, numbers)
        return found

    async def running_since(self, community: str) -> datetime | None:
        """When the challenge opened that runs now; None where none does."""
        return await self._own.running_since(community)

    async def forget(self, community: str, numbers: Sequence[str], now: datetime) -> int:
        """Take a member who left out of all challenges; of how many."""
        return await self._own.forget(community, numbers, now)


def _row(own: OwnChallenge) -> ChallengeRow:
    until = own.deadline if own.state is ChallengeState.OPEN else own.closed or own.closes
    return ChallengeRow(own.number, own.state, own.theme, own.text, own.picked, until)


def _exported(own: OwnChallenge) -> dict[str, Any]:
    found: dict[str, Any] = {
        "challenge": own.number,
        "state": own.state.value,
        "opened": own.opened.isoformat(),
    }
    if own.closed:
        found["closed"] = own.closed.isoformat()
    if own.words:
        found["your_theme"] = own.theme
    if own.put is not None:
        found["your_entry"] = {"text": own.text, "declared": own.put.declared.value}
    elif own.entries:
        (entry, *_) = own.entries
        found["your_entry"] = {"text": entry.text}
        if own.state is ChallengeState.CLOSED:  # before that it would prove whose an entry is
            found["your_entry"] |= {"alias": entry.alias, "salt": entry.salt}
    if own.picks:
        found["your_picks"] = [
            {
                "pick": pick.number,
                "left": pick.left,
                "right": pick.right,
                "picked": pick.side.value,
                "when": pick.at.isoformat() if pick.at else None,
            }
            for pick in own.picks
        ]
    if own.guesses:
        found["your_guesses"] = [
            {"of": guess.alias, "maker": guess.origin.value if guess.origin else None}
            for guess in own.guesses
        ]
    if own.praises:
        found["you_found"] = [
            {"of": praise.alias, "what": praise.facet.value} for praise in own.praises
        ]
    if own.reports:
        found["your_reports"] = [{"of": alias, "why": why} for alias, why in own.reports]
    return found
