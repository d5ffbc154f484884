"""How long somebody has been around, found out where a gate is about to ask and nowhere else."""

from __future__ import annotations

from dataclasses import replace

from bot.challenge_requests import (
    GuessMaker,
    MorePicks,
    OpenBallot,
    Pick,
    PraiseContender,
    ReportContender,
    Unpick,
)
from bot.community.context import Context
from bot.models import SpaceRef, UserRef
from bot.ports import Clock
from bot.storage.joins import Joins
from bot.turns import outside

#: A challenge asks who somebody is, whatever is settled (`game.challenges.electorate`).
BALLOTS = (OpenBallot, Pick, Unpick, MorePicks, GuessMaker, PraiseContender, ReportContender)


class Standings:
    """Completes what a platform has said of a member, and notes who joins where that is all it
    says.
    """

    def __init__(self, joins: Joins, clock: Clock) -> None:
        self._joins = joins
        self._clock = clock

    async def joined(self, space: SpaceRef, user: UserRef) -> None:
        """Somebody joined a space, by its platform's word. Safe to say again: the first counts."""
        await self._joins.note(space, user, self._clock.now())

    async def complete(self, context: Context) -> Context:
        """The same, with what a gate will ask of the member; unchanged where none will."""
        command, rules = context.command, context.rules
        gated = rules.account_days or rules.member_days or isinstance(command.request, BALLOTS)
        if not gated:
            return context
        standing = command.standing
        if command.asks is not None:
            async with outside():
                standing = await command.asks()
        if standing.member_since is None:
            since = await self._joins.since(command.space, command.user)
            standing = replace(standing, member_since=since)
        return replace(context, command=replace(command, standing=standing))
